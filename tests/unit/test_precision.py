"""bfloat16 on a processor: what is in it, what is not, and that it trains as float32 does."""

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.errors import ConfigError
from gan_core.lab import Lab
from gan_core.training.session import build_algorithm
from tests.unit.rounding import U_BFLOAT16, assert_within

SMALL = {"width": 8, "batch_size": 16, "latent_dim": 8, "seed": 3}


def make(name, dataset, precision):
    config = recipes.config(name, dataset.spec.name, precision=precision, **SMALL)
    return build_algorithm(config, dataset)


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return data.load("mnist_5k", tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def both(digits):
    """fast_gan in float32 and in bfloat16, from the same weights, and their first three steps."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)  # quicker than to compile both
    pair = [make("fast_gan", digits, p) for p in ("float32", "bfloat16")]
    values = [np.array([a.train_step().numpy() for _ in range(3)]) for a in pair]
    tf.config.run_functions_eagerly(False)
    return pair, values


def test_convolutions_and_dense_layers_compute_in_bfloat16_and_nothing_else(both):
    (_, low), _ = both
    for network in low.networks.values():
        kinds = {type(layer).__name__: layer.compute_dtype for layer in network.layers}
        assert {d for n, d in kinds.items() if "Conv" in n or n == "Dense"} == {"bfloat16"}
        assert kinds.get("FusedBatchNorm", "float32") == "float32"
        assert {o.dtype for o in network.outputs} == {"float32"}
        assert {str(v.dtype) for v in network.variables} == {"float32"}
    assert {layer.compute_dtype for layer in low.averages["generator"].layers} == {"float32"}


def test_layers_compute_what_float32_does_to_eight_bits(both):
    """Each layer alone, on the same inputs: three roundings (input, kernel, output) and no more."""
    import tensorflow as tf

    (high, low), _ = both
    for network in ("generator", "discriminator"):
        nets = (each.networks[network] for each in (high, low))
        kernels = ([n for n in net.layers if hasattr(n, "kernel")] for net in nets)
        for one, other in zip(*kernels, strict=True):
            if other.compute_dtype != "bfloat16":  # the spectral and the last ones
                continue
            inputs = tf.random.stateless_normal([4, *one.input.shape[1:]], [1, 2])
            weights = one.get_weights()
            other.set_weights(weights)
            expected = one(inputs).numpy()
            one.set_weights([np.abs(w) for w in weights])
            magnitudes = one(tf.abs(inputs)).numpy()
            found = tf.cast(other(tf.cast(inputs, "bfloat16")), tf.float32)
            assert_within(found, expected, 3 * U_BFLOAT16 * np.maximum(magnitudes, 1e-6))


def test_a_first_step_moves_as_in_float32(both):
    """From the same weights the losses differ by the rounding of scores, which losses do not enlarge."""
    (high, low), values = both
    layers = [n for net in low.networks.values() for n in net.layers]
    roundings = 3 * sum(layer.compute_dtype == "bfloat16" for layer in layers)
    for name in ("g_loss", "d_loss"):
        column = high.metric_names.index(name)
        one, other = values[0][0, column], values[1][0, column]
        assert abs(one - other) <= roundings * U_BFLOAT16 * max(abs(one), 1)
    assert not np.array_equal(values[0], values[1])
    assert np.isfinite(values[1]).all()
    assert list(high.state()) == list(low.state())  # a checkpoint of one opens in the other


def test_spectral_norms_stay_in_float32(digits):
    network = make("hinge_sn", digits, "bfloat16").networks["discriminator"]
    kinds = {type(layer).__name__: layer.compute_dtype for layer in network.layers}
    assert kinds["SpectralNorm"] == "float32"


@pytest.mark.parametrize("name", ["r3gan", "wgan_gp", "toy_mlp"])
def test_gradient_penalties_refuse_it_in_words(name, tmp_path):
    dataset = "ring" if name == "toy_mlp" else "mnist_5k"
    with pytest.raises(ConfigError, match=f"does not go with gradient penalties, which `{name}`"):
        Lab(tmp_path).make_config(name, dataset, precision="bfloat16")
