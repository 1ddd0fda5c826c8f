"""FastCUT: its loss beside a plain one, and what learns from it."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core.algorithms.contrastive import patch_loss
from tests.unit.translators.conftest import told


def test_the_loss_is_the_cross_entropy_of_finding_one_s_own_patch():
    """As the reference implementation states it: classes are places, the right one is its own."""
    rng = np.random.default_rng(0)
    queries, keys = (rng.normal(size=(2, 5, 3)) for _ in range(2))
    queries, keys = (v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (queries, keys))
    expected = []
    for query, key in zip(queries, keys, strict=True):
        for own in range(5):
            odds = np.exp(query[own] @ key.T / 0.07)
            expected.append(-np.log(odds[own] / odds.sum()))
    found = patch_loss(tf.constant(queries), tf.constant(keys))
    assert float(found) == pytest.approx(np.mean(expected), rel=1e-6)


def test_unlike_patches_are_found_and_like_ones_are_guessed():
    different = tf.eye(16)[None]
    assert float(patch_loss(different, different)) < 1e-4
    alike = tf.ones([1, 16, 4]) / 2.0
    assert float(patch_loss(alike, alike)) == pytest.approx(np.log(16), rel=1e-6)


def test_heads_and_first_half_learn_from_it_alone(make, eagerly):
    """Without D the last layers learn too: through the features of what they make."""
    algorithm = make("fastcut", gan_weight=0.0)
    before = algorithm.state()
    algorithm.partial_step("generator")
    after = algorithm.state()
    for network in ("generator", "projection"):
        kernels = [n for n in before if n.startswith(f"{network}/") and n.endswith("kernel")]
        assert kernels
        assert all(not np.array_equal(before[n], after[n]) for n in kernels)


def test_without_weight_on_patches_it_is_a_gan(make, eagerly):
    algorithm = make("fastcut", nce_weight=0.0)
    before = algorithm.state()
    found = told(algorithm, algorithm.train_step())
    after = algorithm.state()
    heads = [n for n in before if n.startswith("projection/")]
    assert all(np.array_equal(before[n], after[n]) for n in heads)
    assert found["nce"] > 0
