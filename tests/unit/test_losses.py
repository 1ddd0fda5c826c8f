"""Losses against numbers computed outside this code (TF-GAN's published test vectors, NumPy)."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core.algorithms.losses import LOSSES, accuracies, smoothing_term

REAL = np.array([-5.0, 1.4, 12.5, 2.7], np.float32)
FAKE = np.array([10.0, 4.4, -5.5, 3.6], np.float32)
# name: (generator, discriminator), from TF-GAN's loss tests and recomputed with NumPy in float64
EXPECTED = {
    "non_saturating": (1.385821, 5.833866),
    "cross_entropy": (1.385821, 5.833866 / 2),
    "least_squares": (17.69625, 41.73375),
    "wasserstein": (-3.125, 0.225),
    "hinge": (-3.125, 6.75),
    "relativistic": (4.597435, 4.822435),
}


def test_every_loss_has_an_expected_value():
    assert set(EXPECTED) == set(LOSSES)


@pytest.mark.parametrize("shape", [(4, 1), (1, 2, 2, 1)], ids=["scores", "patch map"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses_match_published_vectors(name, shape):
    loss = LOSSES[name]
    real, fake = tf.reshape(REAL, shape), tf.reshape(FAKE, shape)
    expected_g, expected_d = EXPECTED[name]
    assert float(loss.generator(real, fake)) == pytest.approx(expected_g, rel=1e-5)
    assert float(loss.discriminator(real, fake)) == pytest.approx(expected_d, rel=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_the_generator_gains_by_raising_its_scores(name):
    fake = tf.constant([[-3.0], [-0.5], [0.2], [0.9]])
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = LOSSES[name].generator(tf.zeros_like(fake), fake)
    assert (tape.gradient(value, fake).numpy() < 0).all()


def test_the_non_saturating_loss_never_saturates():
    """At a score of -60 the gradient is -1; log(sigmoid(x) + eps) would give 0."""
    fake = tf.constant([[-60.0]])
    with tf.GradientTape() as tape:
        tape.watch(fake)
        value = LOSSES["non_saturating"].generator(fake, fake)
    assert tape.gradient(value, fake).numpy() == pytest.approx(-1.0)


@pytest.mark.parametrize("smoothing", [0.0, 0.05, 0.3])
def test_smoothing_gives_keras_binary_cross_entropy(smoothing):
    keras_bce = tf.keras.losses.BinaryCrossentropy(from_logits=True)
    target = tf.fill([4], 1.0 - smoothing)
    ours = tf.reduce_mean(tf.nn.softplus(-REAL)) + smoothing_term(tf.constant(REAL), smoothing)
    assert float(ours) == pytest.approx(float(keras_bce(target, REAL)), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("non_saturating", (0.75, 0.25)),  # 1.4, 12.5, 2.7 are above 0; -5.5 is not
        ("hinge", (0.75, 0.25)),
        ("least_squares", (0.75, 0.25)),
        ("relativistic", (0.25, 0.25)),  # only 12.5 > -5.5
    ],
)
def test_accuracy_uses_the_threshold_of_its_loss(name, expected):
    rates = accuracies(LOSSES[name], tf.constant(REAL), tf.constant(FAKE))
    assert tuple(float(r) for r in rates) == expected


def test_least_squares_judges_at_a_half():
    rates = accuracies(LOSSES["least_squares"], tf.constant([0.4, 0.6]), tf.constant([0.4, 0.6]))
    assert [float(r) for r in rates] == [0.5, 0.5]


def test_wasserstein_scores_have_no_accuracy():
    assert accuracies(LOSSES["wasserstein"], tf.constant(REAL), tf.constant(FAKE)) is None
