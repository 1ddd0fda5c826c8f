"""Fast forms of layers against Keras's own, forwards, backwards and twice backwards."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_core.networks import winograd
from gan_core.networks.fast_layers import (
    ByteDropout,
    FusedBatchNorm,
    ImageConv,
    ImageConvTranspose,
    WideConv,
    WideConvTranspose,
    as_stock,
)
from tests.unit.rounding import U, assert_within, error_of_sums

GROWTH = 30  # of rounding errors by Winograd's filtering, its module says; its own test bounds it


def pair(fast, inputs, **settings):
    """A fast layer and the stock layer of the same weights, both built."""
    layer, stock = fast(**settings), fast.stock(**settings)
    for each in (layer, stock):
        each(inputs)
    stock.set_weights(layer.get_weights())
    return layer, stock


def images(*shape, seed=0, dtype=tf.float32):
    return tf.constant(np.random.default_rng(seed).standard_normal(shape), dtype)


def gradients(layer, inputs, weight, **how):
    """Of a curved function of the outputs: to the inputs and to every variable."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        value = tf.reduce_sum(weight * tf.square(layer(inputs, **how)))
    return tape.gradient(value, [inputs, *[v.value for v in layer.trainable_variables]])


def close(found, expected, terms, u=U, growth=1.0):
    """Equal up to the rounding of either, where outputs are sums of so many products.

    Products of random numbers have either sign, so that no partial sum is much larger than the largest
    of all outputs (one alone may be small by chance). `growth`: of errors by the form of computing.
    """
    largest = max(np.abs(other).max() for other in expected)
    for one, other in zip(found, expected, strict=True):
        assert_within(one, other, 2 * growth * error_of_sums(terms, largest, u))


@pytest.mark.parametrize("kernel", [3, 4, 5])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("fast", "shape", "outputs"),
    [(ImageConv, (8, 12), (4, 6)), (ImageConvTranspose, (4, 6), (8, 12))],
)
def test_convolutions_equal_keras(fast, shape, outputs, kernel, channels):
    down = fast is ImageConv
    filters = 7 if down else channels
    settings = {"filters": filters, "kernel_size": kernel, "strides": 2, "padding": "same"}
    for dtype, u in (("float32", U), ("float64", U**2)):
        inputs = images(2, *shape, channels if down else 7, dtype=dtype)
        one, stock = pair(fast, inputs, **settings, dtype=dtype)
        terms = max(kernel**2 * inputs.shape[-1], 2 * np.prod(outputs))
        close([one(inputs)], [stock(inputs)], terms, u)
        weight = images(2, *outputs, filters, seed=1, dtype=dtype)
        found, expected = (gradients(layer, inputs, weight) for layer in (one, stock))
        close(found, expected, terms, u)


@pytest.mark.parametrize(
    ("fast", "padding", "stride"),
    [
        (WideConv, "same", 1),
        (WideConvTranspose, "same", 1),
        (WideConvTranspose, "valid", 1),
        (WideConvTranspose, "same", 2),
        (WideConvTranspose, "valid", 2),
    ],
)
@pytest.mark.parametrize("channels", [8, 128])
def test_wide_convolutions_equal_keras(fast, padding, stride, channels):
    inputs = images(2, 7, 7, channels)
    settings = {"filters": 128, "kernel_size": 5, "padding": padding, "strides": stride}
    fast, stock = pair(fast, inputs, activation="tanh", **settings)
    expected = stock(inputs)
    terms = 25 * channels
    close([fast(inputs)], [expected], terms, growth=GROWTH)
    weight = images(*expected.shape, seed=1)
    expected = gradients(stock, inputs, weight)
    close(gradients(fast, inputs, weight), expected, terms, growth=GROWTH)


def test_what_is_wide_is_filtered(monkeypatch):
    called = []
    for name in ("convolve", "spread", "double"):
        monkeypatch.setattr(winograd, name, lambda *_, name=name: called.append(name) or 0.0)
    inputs, settings = images(1, 4, 4, 128), {"filters": 128, "kernel_size": 5}
    WideConv(**settings, padding="same", use_bias=False)(inputs)
    for padding, stride in (("same", 1), ("valid", 1), ("same", 2)):
        WideConvTranspose(**settings, padding=padding, strides=stride)(inputs)
    assert called == ["convolve", "spread", "spread", "double"]


@pytest.mark.parametrize("fast", [WideConv, WideConvTranspose])
def test_wide_convolutions_in_bfloat16_are_keras_s_own(fast):
    inputs = images(2, 7, 7, 128)
    settings = {"filters": 128, "kernel_size": 5, "padding": "same", "dtype": "mixed_bfloat16"}
    fast, stock = pair(fast, inputs, **settings)
    assert np.array_equal(fast(inputs).numpy(), stock(inputs).numpy())


def test_gradient_penalties_can_look_through_it():
    inputs = images(2, 8, 8, 1)
    both = pair(ImageConv, inputs, filters=5, kernel_size=4, strides=2, padding="same")

    def penalty(layer):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                score = tf.reduce_sum(tf.sin(layer(inputs)))
            value = tf.reduce_sum(tf.square(tape.gradient(score, inputs)))
        return outer.gradient(value, [v.value for v in layer.trainable_variables])

    close(*map(penalty, both), terms=2 * 8 * 8 * 5)


@pytest.mark.parametrize("shape", [(16, 5), (4, 6, 6, 5)])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_normalisation_equals_keras(shape, affine):
    inputs = 3 * images(*shape) + 1
    fast, stock = pair(FusedBatchNorm, inputs, center=affine, scale=affine)
    weight, terms = images(*shape, seed=1), inputs.shape.num_elements()
    found, expected = (gradients(e, inputs, weight, training=True) for e in (fast, stock))
    close(found, expected, terms)
    found, expected = ([v.numpy() for v in e.non_trainable_variables] for e in (fast, stock))
    close(found, expected, terms)
    close([fast(inputs)], [stock(inputs)], terms)


@pytest.mark.parametrize("rate", [0.002, 0.3, 0.5])
def test_dropout_drops_the_rate_in_the_mean(rate):
    """A share of 0.002 lies between 0 and 1/256: it is met over many calls only."""
    layer, ones = ByteDropout(rate, seed=3), tf.ones([20, 1000])
    outputs = np.stack([layer(ones, training=True) for _ in range(200)])
    assert set(np.unique(outputs)) == {np.float32(0), np.float32(1 / (1 - rate))}
    spread = np.sqrt(rate * (1 - rate) / outputs.size + (0.5 / 256) ** 2 / 200)
    assert abs((outputs == 0).mean() - rate) < 4 * spread
    assert 0 < (outputs == 0).mean(axis=(0, 1)).std() < 3 * np.sqrt(rate * (1 - rate) / 4000)


def test_dropout_lets_gradients_through_where_it_kept():
    layer, inputs = ByteDropout(0.3, seed=3), images(3, 5, 7) + 10
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=True)
    assert np.array_equal(
        tape.gradient(outputs, inputs), np.where(outputs == 0, 0, np.float32(1 / 0.7))
    )


def test_dropout_repeats_itself_and_keeps_quiet_outside_training():
    inputs = images(3, 5, 7)
    first, second = ByteDropout(0.3, seed=3), ByteDropout(0.3, seed=3)
    one, two = (first(inputs, training=True).numpy() for _ in range(2))
    assert np.array_equal(one, second(inputs, training=True))
    assert not np.array_equal(one, two)
    assert np.array_equal(inputs, first(inputs))
    all_gone = ByteDropout(0.9999, seed=3)(inputs, training=True)
    assert np.count_nonzero(all_gone) < 3


def test_as_stock_makes_the_same_images_of_keras_s_own_layers():
    z = keras.Input((6,), name="z")
    x = FusedBatchNorm()(keras.layers.Dense(4 * 4 * 3)(z))
    x = keras.layers.Reshape((4, 4, 3))(x)
    model = keras.Model([z], ImageConvTranspose(1, 4, strides=2, padding="same")(x))
    stock = as_stock(model)
    assert all(type(layer).__module__.startswith("keras.") for layer in stock.layers)
    assert [layer.name for layer in stock.layers] == [layer.name for layer in model.layers]
    close([stock([images(5, 6)])], [model([images(5, 6)])], terms=16 * 3)
