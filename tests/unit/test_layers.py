"""Spectral normalisation as in the paper, not as in Keras."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core.networks.layers import SpectralNorm


@pytest.fixture
def dense():
    layer = SpectralNorm(
        keras.layers.Dense(5, kernel_initializer=keras.initializers.RandomNormal(seed=1)), seed=2
    )
    layer.build((None, 7))
    return layer


def power_iterations(layer, count):
    for _ in range(count):
        layer(tf.zeros([1, 7]), training=True)


def test_the_effective_kernel_has_norm_one(dense):
    power_iterations(dense, 50)
    rows = dense(tf.eye(7), training=False) - dense.layer.bias
    assert np.linalg.svd(rows.numpy(), compute_uv=False)[0] == pytest.approx(1.0, rel=1e-3)


def test_the_gradient_is_orthogonal_to_the_kernel(dense):
    """sigma(W) is differentiated too, so scaling W changes nothing (Miyato et al., eq. 12)."""
    power_iterations(dense, 50)
    x = tf.random.Generator.from_seed(4).normal([3, 7])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(dense(x, training=False)))
    gradient = tape.gradient(loss, dense.layer.kernel.value).numpy().ravel()
    kernel = dense.layer.kernel.numpy().ravel()
    cosine = gradient @ kernel / np.linalg.norm(gradient) / np.linalg.norm(kernel)
    assert abs(cosine) < 1e-3


def test_inference_changes_nothing(dense):
    before = [w.copy() for w in dense.get_weights()]
    dense(tf.ones([2, 7]), training=False)
    assert all(np.array_equal(a, b) for a, b in zip(before, dense.get_weights(), strict=True))


def test_training_never_overwrites_the_kernel(dense):
    before = dense.layer.kernel.numpy().copy()
    power_iterations(dense, 3)
    assert np.array_equal(before, dense.layer.kernel.numpy())


def test_convolutions_are_seen_as_matrices():
    known = keras.initializers.RandomNormal(
        seed=1
    )  # a kernel by chance may take 60 iterations and more
    conv = SpectralNorm(keras.layers.Conv2D(4, 3, 2, "same", kernel_initializer=known), seed=1)
    image = tf.random.Generator.from_seed(4).normal([2, 8, 8, 3])
    for _ in range(60):
        out = conv(image, training=True)
    kernel = conv.layer.kernel.numpy().reshape(-1, 4)
    sigma = np.linalg.svd(kernel, compute_uv=False)[0]
    expected = tf.nn.conv2d(image, conv.layer.kernel.numpy() / sigma, 2, "SAME")
    assert np.allclose(out, expected, rtol=1e-3, atol=1e-4)
