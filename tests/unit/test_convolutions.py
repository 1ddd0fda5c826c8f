"""Convolutions in NumPy are those of TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf

from gan_core.networks import convolutions


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def plain(maps, kernel, bias, stride, padding="VALID"):
    return tf.nn.conv2d(maps[None], kernel, stride, padding).numpy()[0] + bias


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("size, filters", [(3, 16), (3, 3), (9, 8)])
@pytest.mark.parametrize("height, width", [(9, 9), (14, 31), (400, 23)])
def test_a_convolution(height, width, size, filters, stride):
    maps, kernel, bias = (
        numbers(height, width, 5),
        numbers(size, size, 5, filters),
        numbers(filters),
    )
    found = convolutions.convolve(maps, kernel, bias, stride)
    np.testing.assert_allclose(found, plain(maps, kernel, bias, stride), atol=1e-4)


def test_many_blocks_of_rows_are_one_picture(monkeypatch):
    maps, kernel, bias = numbers(40, 20, 4), numbers(3, 3, 4, 9), numbers(9)
    monkeypatch.setattr(convolutions, "BLOCK", 1)
    found = convolutions.convolve(maps, kernel, bias)
    np.testing.assert_allclose(found, plain(maps, kernel, bias, 1), atol=1e-4)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("height, width", [(8, 8), (7, 12), (1, 5)])
def test_a_kernel_for_each_channel(height, width, stride):
    maps, kernel, bias = numbers(height, width, 6), numbers(3, 3, 6, 1), numbers(6)
    found = convolutions.depthwise(maps, kernel, bias, stride)
    strides = [1, stride, stride, 1]
    wanted = tf.nn.depthwise_conv2d(maps[None], kernel, strides, "SAME").numpy()[0] + bias
    np.testing.assert_allclose(found, wanted, atol=1e-4)


def test_a_kernel_of_one_place():
    maps, kernel, bias = numbers(6, 7, 5), numbers(1, 1, 5, 4), numbers(4)
    found = convolutions.pointwise(maps, kernel, bias)
    np.testing.assert_allclose(found, plain(maps, kernel, bias, 1), atol=1e-5)
