"""Stock layers in other, equal forms that a processor computes faster; `as_stock` gives the stock ones back.

Same variables, same numbers to rounding. A convolution between an image of few channels and half its
size is slow in TensorFlow where it makes the large side (few channels, many places: 3 of 60 GFLOP/s on
one core). The sub-pixel form (Shi et al., 2016, https://arxiv.org/abs/1609.05158) computes the four
pixels of each 2 x 2 block as four channels of one small dense convolution instead. A wide convolution
takes fewer multiplications by Winograd's filtering (winograd.py): the middle layer of the DCGAN,
forwards and backwards, in less than half the time, the first of the ACGAN in a third. Dropout needs a
byte of chance for each feature, not the four of a float.
"""

from __future__ import annotations

import math

import keras
import numpy as np
import tensorflow as tf

from gan_core.networks import replicas, shared_norm, winograd

# (padding, stride, k) -> channels times filters from which Winograd's filtering pays for its transformations
PADDED = {("same", 1, 3): 2**14, ("same", 1, 5): 2**13}
PAYS = PADDED | {("valid", 1, 3): 2**14, ("valid", 1, 4): 2**14}
PAYS_TRANSPOSED = PADDED | {("valid", 1, 5): 2**13, ("same", 2, 5): 2**13}

MANY_PLACES = 1024  # of all images; without padding it pays from here on


def halving(images, kernel):
    """tf.nn.conv2d(images, kernel, 2, "SAME"): [B, H, W, C] -> [B, H/2, W/2, F], H and W even."""
    return tf.nn.conv2d(images, kernel, 2, "SAME")


@tf.custom_gradient
def halving_for_images(images, kernel):
    """`halving`, where the gradient of the images takes the sub-pixel form."""

    def gradient(upstream):
        return doubling_to_images(upstream, kernel), _kernel_gradient(images, kernel, upstream)

    return halving(images, kernel), gradient


@tf.custom_gradient
def doubling_to_images(features, kernel):
    """tf.nn.conv2d_transpose with stride 2, "SAME": [B, H, W, F] -> [B, 2H, 2W, C], kernel [k, k, C, F]."""

    def gradient(upstream):
        return halving(upstream, kernel), _kernel_gradient(upstream, kernel, features)

    blocks = tf.nn.conv2d(features, _subpixel(kernel), 1, "SAME")
    return tf.nn.depth_to_space(blocks, 2), gradient


def _kernel_gradient(images, kernel, features):
    return tf.raw_ops.Conv2DBackpropFilter(
        input=images,
        filter_sizes=tf.shape(kernel),
        out_backprop=features,
        strides=[1, 2, 2, 1],
        padding="SAME",
    )


def _subpixel(kernel):
    """The kernel [k, k, C, F] as [3, 3, F, 4 C]: what each neighbour gives to a block's four pixels."""
    size, _, channels, filters = kernel.shape
    once = winograd.phases(size)
    twice = np.einsum("atk,bul->tuabkl", once, once).reshape(-1, size**2)
    taken = tf.constant(twice, kernel.dtype) @ tf.reshape(kernel, [size**2, -1])
    return tf.transpose(tf.reshape(taken, [3, 3, 4 * channels, filters]), [0, 1, 3, 2])


class ImageConv(keras.layers.Conv2D):
    """Conv2D with stride 2 on even images of few channels; faster backwards."""

    stock = keras.layers.Conv2D

    def convolution_op(self, inputs, kernel):
        return halving_for_images(inputs, tf.convert_to_tensor(kernel))


class ImageConvTranspose(keras.layers.Conv2DTranspose):
    """Conv2DTranspose with stride 2 that ends in images of few channels; faster forwards."""

    stock = keras.layers.Conv2DTranspose

    def call(self, inputs):
        images = doubling_to_images(inputs, tf.convert_to_tensor(self.kernel))
        return self.activation(images + self.bias if self.use_bias else images)


class WideConv(keras.layers.Conv2D):
    """Conv2D; by Winograd's filtering with stride 1 where it is wide."""

    stock = keras.layers.Conv2D

    def convolution_op(self, inputs, kernel):
        if not _is_wide(self, PAYS) or (self.padding == "valid" and not _many_places(inputs.shape)):
            return super().convolution_op(inputs, kernel)
        return winograd.convolve(inputs, tf.convert_to_tensor(kernel), self.padding.upper())


class WideConvTranspose(keras.layers.Conv2DTranspose):
    """Conv2DTranspose; by Winograd's filtering with stride 1, or 2 and "same", where it is wide."""

    stock = keras.layers.Conv2DTranspose

    def call(self, inputs):
        if not _is_wide(self, PAYS_TRANSPOSED):
            return super().call(inputs)
        kernel = tf.convert_to_tensor(self.kernel)
        if self.strides == (1, 1):
            outputs = winograd.spread(inputs, kernel, self.padding.upper())
        else:
            outputs = winograd.double(inputs, kernel)
        return self.activation(outputs + self.bias if self.use_bias else outputs)


def _many_places(shape) -> bool:
    """Of maps [B, H, W, C] whose size is known: enough that a transformed kernel pays."""
    return None not in tuple(shape) and math.prod(shape[:3]) >= MANY_PLACES


def _is_wide(layer, pays) -> bool:
    """Whether filtering pays and is exact enough; GPUs have such a form of their own."""
    if layer.compute_dtype != "float32" or tf.config.get_visible_devices("GPU"):
        return False
    height, width, channels, filters = layer.kernel.shape
    if height != width or len(set(layer.strides)) > 1:
        return False
    return channels * filters >= pays.get((layer.padding, layer.strides[0], height), math.inf)


class FusedBatchNorm(keras.layers.BatchNormalization):
    """BatchNormalization by TensorFlow's fused kernel while training: one pass instead of six.

    In float32, whatever the layers around it compute in.
    """

    stock = keras.layers.BatchNormalization

    def __init__(self, **kwargs):
        super().__init__(**({"dtype": "float32"} | kwargs))

    def call(self, inputs, training=False):
        if not training:
            return super().call(inputs, training=False)
        places = inputs if inputs.shape.rank == 4 else inputs[:, None, None, :]
        gamma = tf.ones_like(self.moving_mean) if self.gamma is None else self.gamma
        beta = tf.zeros_like(self.moving_mean) if self.beta is None else self.beta
        if replicas.count() > 1:
            return self._of_all(inputs, gamma, beta)
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            places, gamma, beta, epsilon=self.epsilon, is_training=True
        )
        count = tf.cast(tf.size(places) / tf.shape(places)[-1], tf.float32)
        self._follow(self.moving_mean, mean)
        self._follow(self.moving_variance, variance * (count - 1.0) / count)  # Keras's is biased
        return outputs if inputs.shape.rank == 4 else outputs[:, 0, 0, :]

    def _of_all(self, inputs, gamma, beta):
        """By the moments of the batch of all replicas."""
        scale, offset, near = map(tf.convert_to_tensor, (gamma, beta, self.moving_mean))
        outputs, mean, variance = shared_norm.normalised(inputs, scale, offset, near, self.epsilon)
        self._follow(self.moving_mean, mean)
        self._follow(self.moving_variance, variance)
        return outputs

    def _follow(self, moving, now) -> None:
        moving.assign(moving * self.momentum + now * (1.0 - self.momentum))


class OwnDropout(keras.layers.Dropout):
    """Dropout whose chance is each replica's own, where there are several."""

    stock = keras.layers.Dropout

    def call(self, inputs, training=False):
        if not training or not self.rate or replicas.count() == 1:
            return super().call(inputs, training=training)
        seed = replicas.own_seed(self.seed_generator.next())
        return tf.nn.experimental.stateless_dropout(inputs, self.rate, seed=seed)


class ByteDropout(keras.layers.Dropout):
    """Dropout that draws a byte a feature, [B, ...] -> [B, ...].

    Each call drops a whole number of 256ths, rounded up or down by chance so that the mean is the rate.
    """

    stock = keras.layers.Dropout

    def call(self, inputs, training=False):
        if not training or not 0 < self.rate <= 255 / 256 or self.noise_shape:
            return super().call(inputs, training=training)
        seed = replicas.own_seed(self.seed_generator.next())
        rounding = tf.random.stateless_uniform([], tf.random.fold_in(seed, 1))
        kept = _bytes(tf.shape(inputs), seed) >= tf.cast(256 * self.rate + rounding, tf.uint8)
        one, none = (tf.constant(v, inputs.dtype) for v in (1 / (1 - self.rate), 0))
        return inputs * tf.where(kept, one, none)


def _bytes(shape, seed):
    """Uniform uint8 of this shape."""
    size = tf.reduce_prod(shape)
    words = tf.random.stateless_uniform([(size + 7) // 8], seed, None, None, tf.uint64)
    return tf.reshape(tf.reshape(tf.bitcast(words, tf.uint8), [-1])[:size], shape)


def as_stock(model: keras.Model, *, shared: bool = True) -> keras.Model:
    """The same network with Keras's own layers in place of the fast ones, for files that others open.

    Args:
        shared: layers that are stock already are those of `model`; else all are new and have its weights.
    """

    def clone(layer):
        stock = getattr(type(layer), "stock", None if shared else type(layer))
        return layer if stock is None else stock.from_config(layer.get_config())

    stock = keras.models.clone_model(model, clone_function=clone)
    stock.set_weights(model.get_weights())
    return stock
