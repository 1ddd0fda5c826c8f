"""The penalty of the fast recipes on D's slope: at few images, only where it is asked for."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.data.base import Dataset, DatasetSpec
from gan_core.lab import unused
from gan_core.training.session import build_algorithm

FAST = ("fast_dcgan", "fast_gan")
ASKED = {"r1_gamma": 2.0, "r1_every": 3, "instance_noise": 0.0, "augment": "none"}
SMALL = {"width": 2, "latent_dim": 4, "batch_size": 8, "num_steps": 1, "seed": 5}


def few(count=16):
    spec = DatasetSpec(
        name="few", title="Few", kind="images", image_shape=(16, 16, 3), num_classes=2,
        class_names=("a", "b"), labels=(0, 1), num_train=count, num_held_out=8, source="bundled",
        licence="", origin="",
    )  # fmt: skip
    images = np.random.default_rng(1).integers(0, 256, (count, 16, 16, 3), np.uint8)
    split = {"image": images, "label": (np.arange(count) % 2).astype(np.int32)}
    return Dataset(spec, {"train": split, "held_out": {n: a[:8] for n, a in split.items()}})


def built(name, **changes):
    return build_algorithm(recipes.config(name, "few", **(SMALL | ASKED | changes)), few())


@pytest.mark.parametrize("name", FAST)
def test_it_is_taken_at_every_so_manieth_real_image(name, eagerly):
    """Of eight at the first, fourth and seventh: half the mean squared norm of D's slope there."""
    algorithm = built(name)
    images, classes = algorithm.source.draw(tf.constant(0, tf.int64), 8)
    images = images[::3]
    inputs = [images, classes[::3]] if name == "fast_gan" else [images]
    with tf.GradientTape() as tape:
        tape.watch(images)
        score = tf.reduce_sum(algorithm.networks["discriminator"](inputs, training=True))
    slopes = tape.gradient(score, images).numpy().reshape(3, -1)
    values = dict(zip(algorithm.metric_names, algorithm.train_step().numpy(), strict=True))
    assert values["penalty/r1"] == pytest.approx(0.5 * np.mean(np.sum(slopes**2, axis=1)), rel=1e-4)


def test_its_weight_decides_how_d_moves(eagerly, monkeypatch):
    """Its gradient is added that many times: D's moves differ, and are the same without it."""
    norms = {}
    for gamma in (0.0, 1.0, 1000.0):
        algorithm = built("fast_gan", r1_gamma=gamma)
        values = dict(zip(algorithm.metric_names, algorithm.train_step().numpy(), strict=True))
        norms[gamma] = values["d_grad_norm"]
    assert norms[1000.0] > 5 * norms[0.0] and norms[1.0] != norms[0.0]


def test_where_it_has_no_weight_nothing_of_it_is_computed():
    build, spec = recipes.get("fast_gan").build, few().spec
    for changes in ({"r1_gamma": 0.0}, {"r1_every": 0}):
        config = recipes.config("fast_gan", "few", **(SMALL | ASKED | changes))
        assert build(config, spec).regularizers == {}
    found = build(recipes.config("fast_gan", "few", **(SMALL | ASKED)), spec)
    assert [*found.regularizers] == ["r1"] and found.penalised == 3


def test_a_weight_that_had_no_effect_in_a_run_of_before_has_none_now():
    """Its settings know nothing of `r1_every`."""
    old = TrainConfig.from_dict({"recipe": "fast_gan", "dataset": "few", "r1_gamma": 0.2})
    assert unused.penalties(old) == ["r1_gamma"]
    assert recipes.get("fast_gan").build(old, few().spec).regularizers == {}
    assert "r1_every" in unused.why("r1_gamma", old)
    assert unused.penalties(old.replace(r1_every=8)) == []


def test_bfloat16_goes_with_the_fast_recipes_where_they_have_no_penalty():
    recipe = recipes.get("fast_gan")
    assert recipe.conflict(recipes.config("fast_gan", "x", precision="bfloat16")) == ""
    told = recipe.conflict(recipes.config("fast_gan", "x", precision="bfloat16", **ASKED))
    assert "r1_gamma" in told and "float32" in told
