"""The fused Adam against Keras's own, and the average against its closed form."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core.algorithms.optimizers import Adam, ema_decay, update_ema


@pytest.mark.parametrize(("beta_1", "beta_2"), [(0.9, 0.999), (0.5, 0.999), (0.0, 0.9)])
def test_adam_is_keras_adam(beta_1, beta_2):
    rng = np.random.default_rng(0)
    start = rng.standard_normal((3, 4)).astype(np.float32)
    ours, theirs = tf.Variable(start), keras.Variable(start)
    adam = Adam([ours], beta_1=beta_1, beta_2=beta_2)
    reference = keras.optimizers.Adam(0.01, beta_1=beta_1, beta_2=beta_2)
    for _ in range(20):
        gradient = tf.constant(rng.standard_normal((3, 4)), tf.float32)
        adam.apply([gradient], tf.constant(0.01))
        reference.apply([gradient], [theirs])
    assert np.allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-6)


def test_the_average_halves_its_distance_in_a_half_life():
    average, variable = tf.Variable([1.0]), tf.Variable([0.0])
    for step in range(10_000, 10_100):
        update_ema([average], [variable], ema_decay(tf.constant(100.0), tf.constant(float(step))))
    assert float(average[0]) == pytest.approx(0.5, rel=1e-3)


def test_no_half_life_means_raw_weights():
    assert float(ema_decay(tf.constant(0.0), tf.constant(50.0))) == 0.0


def test_early_averages_follow_fast():
    """The half-life is at most a twentieth of the steps taken."""
    decay = float(ema_decay(tf.constant(500.0), tf.constant(100.0)))
    assert decay == pytest.approx(0.5 ** (1 / 5))


@pytest.mark.parametrize(("step", "half_life"), [(200, 5), (400, 20), (800, 80), (4000, 800)])
def test_a_ramp_lets_averages_remember_less_at_first_and_more_later(step, half_life):
    decay = float(ema_decay(tf.constant(2000.0), tf.constant(float(step)), 400))
    assert decay == pytest.approx(0.5 ** (1 / half_life), rel=1e-6)
