"""Penalties against analytic gradients."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core.algorithms import regularizers
from gan_core.algorithms.regularizers import REGULARIZERS, interpolates


def linear_critic(images):
    """2 x summed over four numbers: the gradient norm is 4 everywhere."""
    return tf.reduce_sum(2.0 * images, axis=[1, 2, 3])[:, None]


REAL = tf.constant(np.linspace(-1, 1, 12).reshape(3, 2, 2, 1), tf.float32)
FAKE = tf.constant(np.linspace(1, -1, 12).reshape(3, 2, 2, 1), tf.float32)


def rng():
    return tf.random.Generator.from_seed(3)


# ||grad|| = sqrt(4 x 2^2) = 4: (4 - 1)^2 = 9 (TF-GAN's case), and 4^2 / 2 = 8
@pytest.mark.parametrize(
    ("name", "expected"), [("gradient_penalty", 9.0), ("r1", 8.0), ("r2", 8.0)]
)
def test_penalties_of_a_linear_critic(name, expected):
    value = REGULARIZERS[name](linear_critic, REAL, FAKE, rng())
    assert float(value) == pytest.approx(expected, rel=1e-5)


def test_r1_looks_at_real_and_r2_at_fake_images():
    def square(images):
        return tf.reduce_sum(images**2, axis=[1, 2, 3])[:, None]

    real, fake = tf.ones([2, 2, 2, 1]), 3.0 * tf.ones([2, 2, 2, 1])
    assert float(regularizers.r1(square, real, fake, None)) == pytest.approx(0.5 * 4 * 2**2)
    assert float(regularizers.r2(square, real, fake, None)) == pytest.approx(0.5 * 4 * 6**2)


def test_interpolates_lie_between_real_and_fake():
    real, fake = -tf.ones([500, 2, 2, 1]), tf.ones([500, 2, 2, 1])
    points = interpolates(real, fake, rng()).numpy()
    assert points.min() >= -1 and points.max() <= 1
    assert abs(points.mean()) < 0.1 and points.std() == pytest.approx(2 / np.sqrt(12), rel=0.1)
    assert np.ptp(points, axis=(1, 2, 3)).max() < 1e-6  # one u per image
