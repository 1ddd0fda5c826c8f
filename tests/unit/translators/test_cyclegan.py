"""CycleGAN: a plain loop beside it, two GANs without the cycle, a mirror, and pools of past fakes."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core.algorithms.pool import Pools
from gan_core.networks.fast_layers import as_stock
from tests.unit.translators.conftest import told
from tests.unit.translators.test_pix2pix import batch_of, flat

MIRROR = {"g_ab": "g_ba", "g_ba": "g_ab", "d_a": "d_b", "d_b": "d_a"}


def terms(nets, a, b):
    """Everything that the paper's objective is made of, with Keras's own losses."""
    squares, absolute = keras.losses.MeanSquaredError(), keras.losses.MeanAbsoluteError()
    fake_b, fake_a = nets["g_ab"](a, training=True), nets["g_ba"](b, training=True)
    scores = {"a": nets["d_a"](fake_a, training=True), "b": nets["d_b"](fake_b, training=True)}
    return {
        "fakes": {"a": fake_a, "b": fake_b},
        "g_loss_a": squares(tf.ones_like(scores["a"]), scores["a"]),
        "g_loss_b": squares(tf.ones_like(scores["b"]), scores["b"]),
        "cycle_a": absolute(a, nets["g_ba"](fake_b, training=True)),
        "cycle_b": absolute(b, nets["g_ab"](fake_a, training=True)),
        "identity_a": absolute(a, nets["g_ba"](a, training=True)),
        "identity_b": absolute(b, nets["g_ab"](b, training=True)),
    }


def weights_of(nets, kind):
    return [v for name, net in nets.items() if name[0] == kind for v in net.trainable_variables]


def plain_step(nets, adams, a, b, *, cycle, identity):
    """G first, then D on the fakes that G made; one Adam for both of a kind."""
    squares = keras.losses.MeanSquaredError()
    with tf.GradientTape() as tape:
        found = terms(nets, a, b)
        total = found["g_loss_a"] + found["g_loss_b"]
        total += cycle * (found["cycle_a"] + found["cycle_b"])
        total += identity * (found["identity_a"] + found["identity_b"])
    variables = weights_of(nets, "g")
    adams[0].apply_gradients(zip(tape.gradient(total, variables), variables, strict=True))
    fakes = found.pop("fakes")
    with tf.GradientTape() as tape:
        for side, real in (("a", a), ("b", b)):
            judge = nets[f"d_{side}"]
            real_score, fake_score = judge(real, training=True), judge(fakes[side], training=True)
            found[f"d_loss_{side}"] = 0.5 * (
                squares(tf.ones_like(real_score), real_score)
                + squares(tf.zeros_like(fake_score), fake_score)
            )
        total = found["d_loss_a"] + found["d_loss_b"]
    variables = weights_of(nets, "d")
    adams[1].apply_gradients(zip(tape.gradient(total, variables), variables, strict=True))
    return {name: float(value) for name, value in found.items()}


def stock_copy(network):
    """Of Keras's own layers, none of them shared."""
    copy = keras.models.clone_model(as_stock(network))
    copy.set_weights(network.get_weights())
    return copy


@pytest.mark.sampled(1)
@pytest.mark.parametrize("weights", [(10.0, 5.0), (3.0, 0.0)])
def test_a_step_is_that_of_a_plain_loop(weights, make, eagerly):
    cycle, identity = weights
    ours = make("fast_cyclegan", cycle_weight=cycle, identity_weight=identity)
    nets = {name: stock_copy(network) for name, network in ours.networks.items()}
    config = ours.config
    adams = [keras.optimizers.Adam(r, 0.5, 0.999) for r in (config.g_lr, config.d_lr)]
    start = {n: flat(network) for n, network in ours.networks.items()}
    for _ in range(2 if identity else 1):
        expected = plain_step(nets, adams, *batch_of(ours), cycle=cycle, identity=identity)
        found = told(ours, ours.train_step())
        for name, value in expected.items():
            if identity or "identity" not in name:  # without weight one image is looked at
                assert found[name] == pytest.approx(value, rel=3e-3), name
    for name, network in ours.networks.items():
        way = flat(network) - start[name]
        apart = np.linalg.norm(flat(nets[name]) - start[name] - way)
        assert apart < 0.03 * np.linalg.norm(way), name


def test_both_halves_of_the_cycle_reach_both_generators(make, eagerly, monkeypatch):
    ours = make("fast_cyclegan", gan_weight=0.0, identity_weight=0.0, cycle_weight=1.0)
    a, b = batch_of(ours)
    variables = ours.targets("g")
    halves = []
    for half in ("cycle_a", "cycle_b"):
        with tf.GradientTape() as tape:
            loss = terms(ours.networks, a, b)[half]
        halves.append(tape.gradient(loss, variables))
    given = []
    monkeypatch.setattr(ours.optimizers["g_optimizer"], "apply", lambda g, rate: given.extend(g))
    ours.partial_step("generator")
    for one, other, both in zip(*halves, given, strict=True):
        assert np.abs(one).max() > 0 and np.abs(other).max() > 0
        np.testing.assert_allclose(one + other, both, rtol=1e-3, atol=1e-5)


@pytest.mark.thorough
def test_without_cycle_and_identity_it_is_two_gans(make, eagerly):
    """The direction from a to b does not feel what becomes of the other."""
    alone = {"cycle_weight": 0.0, "identity_weight": 0.0}
    one, other = (make("fast_cyclegan", copy, **alone) for copy in range(2))
    for name in ("g_ba", "d_a"):
        network = other.networks[name]
        network.set_weights([0.5 * w for w in network.get_weights()])
    found = [told(algorithm, algorithm.train_step()) for algorithm in (one, other)]
    for name in ("g_ab", "d_b"):
        np.testing.assert_array_equal(flat(one.networks[name]), flat(other.networks[name]))
    assert found[0]["d_loss_b"] == found[1]["d_loss_b"]
    assert found[0]["d_loss_a"] != found[1]["d_loss_a"]


@pytest.mark.thorough
def test_with_the_sides_exchanged_it_is_its_mirror_image(make, eagerly, monkeypatch):
    """Also where pools are full: their chance is one for both sides."""
    one, other = (make("fast_cyclegan", copy, pool_size=4) for copy in range(2))
    for name, twin in MIRROR.items():
        other.networks[twin].set_weights(one.networks[name].get_weights())
    batches = [one.source.draw(tf.constant(4 * i, tf.int64), 4) for i in range(2)]
    monkeypatch.setattr(one, "next_batch", lambda learning: drawn)
    monkeypatch.setattr(other, "next_batch", lambda learning: drawn[::-1])
    for drawn in batches:  # noqa: B007
        found, mirrored = (told(algorithm, algorithm.train_step()) for algorithm in (one, other))
        for name, value in found.items():
            twin = {"_a": "_b", "_b": "_a"}.get(name[-2:], "")
            twin = name[:-2] + twin if twin else name
            assert value == pytest.approx(mirrored[twin], rel=1e-4, abs=1e-6), name
    for name, twin in MIRROR.items():
        np.testing.assert_allclose(
            flat(one.networks[name]), flat(other.networks[twin]), rtol=1e-3, atol=1e-5
        )


def test_one_image_measures_an_identity_without_weight(make, eagerly, monkeypatch):
    """And no others pass through the generators for it."""
    algorithm, counts = make("fast_cyclegan"), []
    network = algorithm.networks["g_ab"]
    call = network.call

    def counted(images, *args, **how):
        counts.append(len(images))
        return call(images, *args, **how)

    monkeypatch.setattr(network, "call", counted)
    for weight in (5.0, 0.0):
        algorithm.set_knobs({"identity_weight": weight})
        assert told(algorithm, algorithm.train_step())["identity"] > 0
    assert counts == [8, 4, 5, 4]


class TestPools:
    @staticmethod
    def swapped(pools, rng, fakes):
        if not hasattr(pools, "graph"):
            pools.graph = tf.function(
                lambda fakes: pools.swapped(rng, {"a": fakes, "b": -fakes}), autograph=False
            )
        return pools.graph(fakes)

    def shown(self, pools, rng, first, count=8):
        """What is shown of fakes that are as many numbers, one number each."""
        numbers = tf.range(first, first + count, dtype=tf.float32)
        fakes = tf.tile(numbers[:, None, None, None], [1, 2, 2, 1])
        found = self.swapped(pools, rng, fakes)
        assert np.array_equal(found["a"], -found["b"].numpy())  # the same choice on both sides
        return found["a"].numpy()[:, 0, 0, 0]

    def new(self, size):
        shapes = {"a": (2, 2, 1), "b": (2, 2, 1)}
        return Pools(size, shapes), tf.random.Generator.from_seed(2)

    def test_half_of_the_fakes_are_old_once_it_is_full(self):
        pools, rng = self.new(50)
        old, turns = 0, 150
        for turn in range(7):  # 56 fakes
            assert (self.shown(pools, rng, 8 * turn) == np.arange(8 * turn, 8 * turn + 8)).all()
        everything = set()
        for turn in range(7, 7 + turns):
            new = np.arange(8 * turn, 8 * turn + 8)
            found = self.shown(pools, rng, 8 * turn)
            past = found != new
            assert (found[past] < 8 * turn).all() and len(set(found)) == 8
            old += past.sum()
            # Whatever was shown late left the pool: nothing is shown late twice.
            assert not everything & {*found[past]}
            everything |= {*found[past]}
        share, deviation = old / (8 * turns), np.sqrt(0.25 / (8 * turns))
        assert abs(share - 0.5) < 5 * deviation

    def test_a_batch_may_be_larger_than_the_pool(self):
        pools, rng = self.new(3)
        self.shown(pools, rng, 0)
        found = self.shown(pools, rng, 8)
        assert (found[3:] == np.arange(11, 16)).all()

    def test_none_keeps_none(self):
        pools, rng = self.new(0)
        assert pools.variables == {}
        assert (self.shown(pools, rng, 5) == np.arange(5, 13)).all()

    def test_it_is_in_the_checkpoint(self, make, eagerly):
        algorithm = make("fast_cyclegan", pool_size=6)
        algorithm.train_step()
        state = algorithm.state()
        assert state["pool/a"].shape == state["pool/b"].shape == (6, 28, 28, 3)
        assert state["pool/count"] == 4 and np.abs(state["pool/a"][:4]).max() > 0
        assert not state["pool/a"][4:].any()
