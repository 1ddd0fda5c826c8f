"""Winograd's filtering against TensorFlow's own convolutions, forwards, backwards and twice backwards."""

import contextlib

import numpy as np
import pytest
import tensorflow as tf

from gan_core.networks import winograd
from tests.unit.rounding import assert_within, error_of_sums


def random(*shape, seed=0):
    return tf.constant(np.random.default_rng(seed).standard_normal(shape), tf.float64)


def plain(images, kernel):
    return tf.nn.conv2d(images, kernel, 1, "SAME")


def plain_spread(features, kernel):
    shape = [*features.shape[:3], kernel.shape[2]]
    return tf.nn.conv2d_transpose(features, kernel, shape, 1, "SAME")


def plain_valid(features, kernel):
    size, (batch, *sides, _) = kernel.shape[0], features.shape
    shape = [batch, *(side + size - 1 for side in sides), kernel.shape[2]]
    return tf.nn.conv2d_transpose(features, kernel, shape, 1, "VALID")


def spread_valid(features, kernel):
    return winograd.spread(features, kernel, "VALID")


def convolve_valid(images, kernel):
    return winograd.convolve(images, kernel, "VALID")


def plain_convolve_valid(images, kernel):
    return tf.nn.conv2d(images, kernel, 1, "VALID")


def plain_double(features, kernel):
    batch, height, width, _ = features.shape
    shape = [batch, 2 * height, 2 * width, kernel.shape[2]]
    return tf.nn.conv2d_transpose(features, kernel, shape, 2, "SAME")


def all_of(form, maps, kernel, weight):
    """The outputs and the gradients of their weighted sum, to maps and kernel."""
    return [form(maps, kernel), *gradients(form, maps, kernel, weight)]


def in_float32(*tensors):
    return [tf.cast(t, tf.float32) for t in tensors]


@contextlib.contextmanager
def of_magnitudes(monkeypatch):
    """Winograd's forms with every constant replaced by its magnitude: sums without cancellation."""
    plain_filtering = winograd.filtering

    def filtering(*args):
        f = plain_filtering(*args)
        return winograd.Filtering(f.points, np.abs(f.read), np.abs(f.filter), np.abs(f.write))

    with monkeypatch.context() as patched:
        patched.setattr(winograd, "filtering", filtering)
        yield


def gradients(form, maps, kernel, weight):
    with tf.GradientTape() as tape:
        tape.watch([maps, kernel])
        value = tf.reduce_sum(weight * form(maps, kernel))
    return tape.gradient(value, [maps, kernel])


def gradients_of_a_penalty(form, maps, kernel):
    with tf.GradientTape() as outer:
        outer.watch([maps, kernel])
        with tf.GradientTape() as tape:
            tape.watch(maps)
            score = tf.reduce_sum(tf.sin(form(maps, kernel)))
        value = tf.reduce_sum(tf.square(tape.gradient(score, maps)))
    return outer.gradient(value, [maps, kernel])


@pytest.mark.sampled(9)
@pytest.mark.parametrize("sides", [(7, 7), (8, 5), (5, 14)])
@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize(
    ("form", "reference", "inputs"),
    [
        (winograd.convolve, plain, 6),
        (winograd.spread, plain_spread, 9),
        (spread_valid, plain_valid, 9),
        (winograd.double, plain_double, 9),
        (convolve_valid, plain_convolve_valid, 6),
    ],
)
def test_equals_the_convolution(form, reference, inputs, sides, size, monkeypatch):
    maps, kernel = random(3, *sides, inputs), random(size, size, 6, 9, seed=1)
    weight = random(*reference(maps, kernel).shape, seed=2)
    expected = all_of(reference, maps, kernel, weight)
    for one, other in zip(all_of(form, maps, kernel, weight), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-10 * np.abs(other).max())
    with of_magnitudes(monkeypatch):
        magnitudes = all_of(form, *map(tf.abs, (maps, kernel, weight)))
    # Two transformations of at most 9 points on each way in and out, and the longest sum between them.
    terms = 4 * winograd.MAX_POINTS + max(9, 3 * np.prod([s + size for s in sides]))
    found = all_of(form, *in_float32(maps, kernel, weight))
    for one, other, magnitude in zip(found, expected, magnitudes, strict=True):
        assert_within(one, other, error_of_sums(terms, magnitude))


@pytest.mark.parametrize(
    ("form", "reference", "inputs"),
    [
        (winograd.convolve, plain, 4),
        (winograd.spread, plain_spread, 5),
        (winograd.double, plain_double, 5),
    ],
)
def test_gradient_penalties_can_look_through_it(form, reference, inputs):
    maps, kernel = random(2, 7, 7, inputs), 0.1 * random(5, 5, 4, 5, seed=1)
    found = gradients_of_a_penalty(form, maps, kernel)
    for one, other in zip(found, gradients_of_a_penalty(reference, maps, kernel), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-10 * np.abs(other).max())


def test_one_tile_computes_the_published_example():
    # F(4, 3) of Lavin & Gray, section 4.1.2: these points; any d and g give the plain filtering.
    side = winograd.filtering(4, 3, valid=True)
    d, g = np.arange(1.0, 7.0), np.array([2.0, -1.0, 0.5])
    assert side.points == 6
    found = side.write @ ((side.filter @ g) * (side.read @ d))
    np.testing.assert_allclose(found, [1.5, 3.0, 4.5, 6.0], rtol=1e-12)


@pytest.mark.parametrize(("outputs", "points"), [(3, 7), (4, 8), (5, 9), (7, 8), (11, 8)])
def test_tiles_are_even(outputs, points):
    """A tile of m outputs has m + k - 1 points: 7 outputs are two tiles of 4, 11 are three."""
    assert winograd.filtering(outputs, 5).points == points
