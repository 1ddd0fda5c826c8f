"""Convolutions as one matrix product against TensorFlow's own, forwards and backwards, and their layers."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core.networks import few_places
from gan_core.networks.fast_layers import as_stock
from gan_core.networks.few_places import DoublingConv, HalvingConv, ScoreConv
from tests.unit.rounding import assert_within, error_of_sums
from tests.unit.test_winograd import all_of, in_float32, random


def plain_halve(images, kernel):
    return tf.nn.conv2d(images, kernel, 2, "SAME")


def plain_double(features, kernel):
    batch, height, width, _ = features.shape
    shape = [batch, 2 * height, 2 * width, kernel.shape[2]]
    return tf.nn.conv2d_transpose(features, kernel, shape, 2, "SAME")


def plain_score(images, kernel):
    return tf.nn.conv2d(images, kernel, 1, "VALID")


@pytest.mark.parametrize("sides", [(2, 2), (4, 10), (6, 8)])
@pytest.mark.parametrize(
    ("form", "reference", "shrink", "kernel"),
    [
        (few_places.halve, plain_halve, 1, (4, 4, 5, 7)),
        (few_places.double, plain_double, 2, (4, 4, 7, 5)),
        (few_places.score, plain_score, 0, (4, 4, 5, 1)),
        (few_places.score, plain_score, 0, (3, 3, 5, 2)),
    ],
)
def test_equals_the_convolution(form, reference, shrink, kernel, sides):
    """The smallest maps of a U-Net are of one place."""
    sides = [side // shrink if shrink else side + 3 for side in sides]
    maps, kernel = random(2, *sides, 5), random(*kernel, seed=1)
    weight = random(*reference(maps, kernel).shape, seed=2)
    expected = all_of(reference, maps, kernel, weight)
    for one, other in zip(all_of(form, maps, kernel, weight), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12 * np.abs(other).max())
    magnitudes = all_of(reference, *map(tf.abs, (maps, kernel, weight)))
    terms = max(16 * 7, 2 * np.prod(weight.shape[:3]))
    found = all_of(form, *in_float32(maps, kernel, weight))
    for one, other, magnitude in zip(found, expected, magnitudes, strict=True):
        assert_within(one, other, error_of_sums(terms, magnitude) + 1e-30)  # some are 0


def forms_of(layer, shape, monkeypatch, name):
    """How often a layer that is called on zeros of this shape takes the form of this name."""
    calls = []
    form = getattr(few_places, name)
    monkeypatch.setattr(few_places, name, lambda *a: calls.append(1) or form(*a))
    layer(tf.zeros(shape))
    return len(calls)


@pytest.mark.parametrize(
    ("shape", "channels", "how", "taken"),
    [
        ((1, 2, 2), 512, {}, 1),
        ((1, 32, 32), 256, {}, 1),
        ((4, 32, 32), 256, {}, 0),  # too many places
        ((1, 4, 4), 64, {}, 0),  # too few weights
        ((1, 3, 4), 512, {}, 0),  # cannot be halved
        ((1, 8, 8), 512, {"padding": "valid"}, 0),
        ((1, 8, 8), 512, {"strides": 1}, 0),
    ],
)
def test_few_places_with_many_weights_are_halved_by_a_product(
    shape, channels, how, taken, monkeypatch
):
    how = {"strides": 2, "padding": "same"} | how
    layer = HalvingConv(512, 4, **how)
    assert forms_of(layer, (*shape, channels), monkeypatch, "halve") == taken


@pytest.mark.parametrize(("side", "taken"), [(1, 1), (16, 1), (17, 0)])
def test_few_places_with_many_weights_are_doubled_by_a_product(side, taken, monkeypatch):
    layer = DoublingConv(256, 4, strides=2, padding="same")
    assert forms_of(layer, (1, side, side, 512), monkeypatch, "double") == taken


def network():
    """Each layer once, with biases and activations, for images of any size."""
    image = keras.Input((None, None, 256))
    x = HalvingConv(512, 4, strides=2, padding="same", activation="relu")(image)
    x = DoublingConv(256, 4, strides=2, padding="same", activation="tanh")(x)
    return keras.Model(image, [ScoreConv(1, 4, padding="same")(x), ScoreConv(2, 4)(x)])


def test_layers_equal_keras_s_and_need_no_known_size():
    ours = network()
    for weights in ours.trainable_variables:
        weights.assign(random(*weights.shape, seed=3) / 64)
    stock = as_stock(ours)
    assert {type(layer) for layer in stock.layers[1:]} <= {
        keras.layers.Conv2D,
        keras.layers.Conv2DTranspose,
    }
    images = tf.cast(random(1, 8, 6, 256), tf.float32)
    unknown = tf.function(ours, input_signature=[tf.TensorSpec([None, None, None, 256])])
    for one, other, third in zip(ours(images), stock(images), unknown(images), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5 * np.abs(other).max())
        np.testing.assert_allclose(third, other, atol=2e-5 * np.abs(other).max())
