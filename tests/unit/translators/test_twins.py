"""The tutorials' loops and our twins of them: a step of each from the same weights and images."""

import json

import numpy as np
import pytest
import tensorflow as tf

from gan_core.bench import contenders, drawn, twins
from gan_core.bench.baselines import tf_cyclegan, tf_pix2pix
from gan_core.cli import main
from gan_core.errors import ConfigError
from tests.unit.translators.conftest import told

SIDE, WIDTH = 64, 4
WIDTHS = [WIDTH * min(2**i, 8) for i in range(6)]  # of the tutorials' U-Net with so few channels


@pytest.fixture
def plain(eagerly, monkeypatch):
    """The tutorial's loop without chance, and with the paper's epsilon, where Keras's is 1e-3."""
    monkeypatch.setattr(tf_pix2pix, "DROPPED", 0)


def batch_norm(**how):
    return tf_pix2pix.layers.BatchNormalization(epsilon=1e-5, **how)


def twin(stem):
    dataset = drawn.draw("pairs" if stem == "tf_pix2pix" else "sides", SIDE)
    config = twins.config(stem, dataset.spec.name, seed=3, width=WIDTH, jitter="none")
    made = twins.algorithm(stem, config, dataset, dropout=0.0)
    return made, made.source.draw(tf.constant(0, tf.int64), 1)


def copied(ours, theirs):
    """Weights of ours into theirs, which has no bias in its first layer; those of ours that it has."""
    numbered = enumerate(ours.trainable_variables)
    kept = [v for i, v in numbered if not (i == 1 and v.path.endswith("bias"))]
    assert [v.shape for v in kept] == [v.shape for v in theirs.trainable_variables]
    for own, other in zip(kept, theirs.trainable_variables, strict=True):
        other.assign(own)
    return kept


def assert_same_way(pairs, before):
    """Both networks went the same way; Adam makes rounding of tiny gradients visible."""
    for (kept, theirs), start in zip(pairs, before, strict=True):
        ways = [
            np.concatenate([(v.numpy() - s).ravel() for v, s in zip(vs, start, strict=True)])
            for vs in (kept, theirs.trainable_variables)
        ]
        assert np.abs(ways[0]).max() > 1e-5
        assert np.linalg.norm(ways[0] - ways[1]) < 0.03 * np.linalg.norm(ways[1])


@pytest.mark.thorough
def test_pix2pix_takes_the_tutorial_s_step(plain):
    ours, images = twin("tf_pix2pix")
    g = tf_pix2pix.generator(SIDE, 3, WIDTHS, batch_norm)
    d = tf_pix2pix.discriminator(SIDE, 3, WIDTHS, batch_norm)
    networks = (ours.networks["generator"], g), (ours.networks["discriminator"], d)
    pairs = [(copied(one, other), other) for one, other in networks]
    before = [[v.numpy().copy() for v in kept] for kept, _ in pairs]
    expected = tf_pix2pix.train_step(g, d, tf_pix2pix.adam(), tf_pix2pix.adam())(*images)
    found = told(ours, ours.train_step())
    for name, value in zip(("g_loss", "d_loss", "l1"), expected, strict=True):
        assert found[name] == pytest.approx(float(value), rel=1e-3), name
    assert_same_way(pairs, before)


@pytest.mark.thorough
def test_cyclegan_takes_the_tutorial_s_step(plain):
    ours, images = twin("tf_cyclegan")
    networks = tf_cyclegan.make_networks((SIDE, SIDE, 3), WIDTHS)
    names = ("g_ab", "g_ba", "d_a", "d_b")
    pairs = [(copied(ours.networks[n], net), net) for n, net in zip(names, networks, strict=True)]
    before = [[v.numpy().copy() for v in kept] for kept, _ in pairs]
    step = tf_cyclegan.train_step(networks, [tf_pix2pix.adam() for _ in networks])
    *expected, cycle = step(*images)
    found = told(ours, ours.train_step())
    names = ("g_loss_b", "g_loss_a", "d_loss_a", "d_loss_b")
    for name, value in zip(names, expected, strict=True):
        assert found[name] == pytest.approx(float(value), rel=1e-3), name
    assert 10 * (found["cycle_a"] + found["cycle_b"]) == pytest.approx(float(cycle), rel=1e-3)
    assert_same_way(pairs, before)


@pytest.mark.thorough
def test_at_256_pixels_a_twin_is_as_large_as_the_tutorial_s():
    """54.4 million numbers in G and 2.77 in D, as published."""
    g, d = tf_pix2pix.generator(256), tf_pix2pix.discriminator(256)
    assert g.count_params() / 1e6 == pytest.approx(54.43, abs=0.01)
    assert d.count_params() / 1e6 == pytest.approx(2.77, abs=0.005)


@pytest.mark.parametrize(
    ("name", "dataset", "text"),
    [
        ("baseline:tf_pix2pix", "sides", "`baseline:tf_pix2pix` needs pairs of images"),
        ("twin:tf_cyclegan", "pairs", "`twin:tf_cyclegan` needs two sides of images"),
        ("pix2pix", "sides", "`pix2pix` needs pairs of images"),
    ],
)
def test_other_data_are_refused_in_words(name, dataset, text):
    with pytest.raises(ConfigError, match=text):
        contenders.open_loop(name, drawn.draw(dataset, 64), 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pairs", "sides"])
def test_they_race_from_the_command_line(kind, capsys):
    """Both small loops in processes of their own, each answering with its speed."""
    names = {"pairs": "fast_pix2pix", "sides": "fast_cyclegan"}[kind]
    stem = {"pairs": "tf_pix2pix", "sides": "tf_cyclegan"}[kind]
    flags = ["--rounds", "2", "--seconds", "0.1", "--json", "--dataset", f"drawn_{kind}_64"]
    assert main(["bench", "throughput", "--contenders", f"{names},baseline:{stem}", *flags]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert all(0 < row["ms_least"] <= row["ms_per_step"] and row["cpu_ms"] > 0 for row in rows)
