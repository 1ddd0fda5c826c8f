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

    def call(self, inputs):
        mean, variance = tf.nn.moments(inputs, [1, 2], keepdims=True)
        factor = tf.math.rsqrt(variance + self.epsilon)
        if self.scale:
            factor *= self.gamma
        outputs = (inputs - mean) * factor
        return outputs + self.beta if self.center else outputs
