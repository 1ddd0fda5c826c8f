"""Instance normalisation: each channel of each image by its own mean and deviation (Ulyanov et al., 2016)."""

from __future__ import annotations

import keras
import tensorflow as tf

EPSILON = 1e-5  # of the reference implementations of Pix2Pix and CycleGAN


class InstanceNorm(keras.layers.GroupNormalization):
    """(x - mean) / sqrt(variance + epsilon) over the places of each image, [B, H, W, C] -> the same.

    What it does to an image hangs on that image alone, so that training and use are the same and no
    moving statistics are kept. On a map of one place it would return zeros: leave it out there.

    Args:
        affine: with a gain and an offset of each channel.
        gain: what gains start from; None: ones.
    """

    stock = keras.layers.GroupNormalization

    def __init__(self, *, affine: bool = True, gain=None, **kwargs):
        own = {"groups": -1, "epsilon": EPSILON, "center": affine, "scale": affine}
        super().__init__(**own | {"gamma_initializer": gain or "ones"} | kwargs)

    def call(self, inputs, training=False):
        """While training in fewer passes over the map, equal up to rounding."""
        gain = tf.convert_to_tensor(self.gamma) if self.scale else tf.ones([inputs.shape[-1]])
        offset = tf.convert_to_tensor(self.beta) if self.center else tf.zeros([inputs.shape[-1]])
        if training:
            return _normalised(inputs, gain, offset)
        mean, variance = tf.nn.moments(inputs, [1, 2], keepdims=True)
        return (inputs - mean) * (tf.math.rsqrt(variance + self.epsilon) * gain) + offset


@tf.custom_gradient
def _normalised(inputs, gain, offset):
    """Maps [B, H, W, C] normalised over their places, times gains, plus offsets [C].

    Mean and variance from one pass each, sums of x and of x^2; one multiplication and one addition. On
    a processor half the time of `tf.nn.moments` and what is differentiated of it.
    """
    shape, count = _sizes(inputs)
    x = tf.reshape(inputs, [shape[0], count, shape[3]])
    mean = tf.reduce_mean(x, 1, keepdims=True)
    variance = tf.nn.relu(tf.reduce_mean(x * x, 1, keepdims=True) - mean * mean)
    inverse = tf.math.rsqrt(variance + EPSILON)
    factor = inverse * gain

    def gradient(upstream):
        d = tf.reshape(upstream, [shape[0], count, shape[3]])
        plain = tf.reduce_mean(d, 1, keepdims=True)
        along = (tf.reduce_mean(d * x, 1, keepdims=True) - mean * plain) * inverse
        slope = factor * inverse * along
        to_inputs = d * factor - x * slope + (mean * slope - factor * plain)
        places = tf.cast(count, x.dtype)
        return (
            tf.reshape(to_inputs, shape),
            places * tf.reduce_sum(along, [0, 1]),
            places * tf.reduce_sum(plain, [0, 1]),
        )

    return tf.reshape(x * factor + (offset - mean * factor), shape), gradient


def _sizes(maps):
    """[-1, H, W, C] and H W: numbers where they are known, tensors elsewhere."""
    if None in maps.shape[1:3]:
        _, height, width, _ = tf.unstack(tf.shape(maps))
    else:
        height, width = maps.shape[1:3]
    return [-1, height, width, maps.shape[3]], height * width
