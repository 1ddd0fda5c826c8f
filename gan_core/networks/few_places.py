"""Layers of Keras that make one matrix product of a convolution, where that is the faster form.

Same variables, same numbers to rounding. The innermost layers of a U-Net have millions of weights and a
handful of places: what they take is the time to bring their weights in, and oneDNN's convolutions bring
them into an order of their own first. A layer that ends in one map is slow for another reason: its
products have one column. Here each place is multiplied by all taps at once, and what comes out is shifted
and added.
"""

from __future__ import annotations

import keras
import tensorflow as tf

KERNEL, STRIDE = 4, 2
MOST_PLACES = 256  # of all images, of the smaller maps; beyond it oneDNN is as fast
LEAST_WEIGHTS = 2**17  # channels times filters


@tf.custom_gradient
def halve(images, kernel):
    """tf.nn.conv2d with stride 2 and "SAME": [B, 2H, 2W, C] -> [B, H, W, F], kernel [4, 4, C, F]."""
    weights, patches = _matrix(kernel), _patches(images)

    def gradient(upstream):
        rows = _rows(upstream)
        to_images = _folded(tf.matmul(rows, weights, transpose_b=True), images.shape)
        return to_images, tf.reshape(tf.matmul(patches, rows, transpose_a=True), kernel.shape)

    count, height, width, _ = images.shape
    return tf.reshape(patches @ weights, [count, height // 2, width // 2, -1]), gradient


@tf.custom_gradient
def double(features, kernel):
    """tf.nn.conv2d_transpose with stride 2, "SAME": [B, H, W, F] -> [B, 2H, 2W, C], kernel [4, 4, C, F]."""
    weights, rows = _matrix(kernel), _rows(features)
    count, height, width, _ = features.shape

    def gradient(upstream):
        patches = _patches(upstream)
        to_kernel = tf.reshape(tf.matmul(patches, rows, transpose_a=True), kernel.shape)
        return tf.reshape(patches @ weights, features.shape), to_kernel

    folded = tf.matmul(rows, weights, transpose_b=True)
    return _folded(folded, [count, 2 * height, 2 * width, kernel.shape[2]]), gradient


@tf.custom_gradient
def score(images, kernel):
    """tf.nn.conv2d with stride 1 and "VALID": [B, H, W, C] -> [B, h, w, F], kernel [k, k, C, F], F small."""
    size, _, channels, filters = kernel.shape
    height, width = (side - size + 1 for side in images.shape[1:3])
    taps = [(i, j) for i in range(size) for j in range(size)]
    weights = tf.reshape(tf.transpose(kernel, [2, 0, 1, 3]), [channels, -1])
    rows = _rows(images)
    maps = tf.reshape(rows @ weights, [*images.shape[:3], len(taps), filters])
    made = tf.add_n([maps[:, i : i + height, j : j + width, n] for n, (i, j) in enumerate(taps)])

    def gradient(upstream):
        ends = [(i, size - 1 - i) for i in range(size)]
        shifted = [tf.pad(upstream, [(0, 0), ends[i], ends[j], (0, 0)]) for i, j in taps]
        of_maps = _rows(tf.concat(shifted, axis=-1))
        to_kernel = tf.reshape(
            tf.matmul(rows, of_maps, transpose_a=True), [channels, size, size, filters]
        )
        to_images = tf.matmul(of_maps, weights, transpose_b=True)
        return tf.reshape(to_images, images.shape), tf.transpose(to_kernel, [1, 2, 0, 3])

    return made, gradient


class HalvingConv(keras.layers.Conv2D):
    """Conv2D; 4 x 4 with stride 2 and "same" padding by a matrix product where places are few."""

    stock = keras.layers.Conv2D

    def convolution_op(self, inputs, kernel):
        if not _pays(self, inputs.shape, shrink=STRIDE):
            return super().convolution_op(inputs, kernel)
        return halve(inputs, tf.convert_to_tensor(kernel))


class DoublingConv(keras.layers.Conv2DTranspose):
    """Conv2DTranspose; 4 x 4 with stride 2 and "same" padding by a matrix product where places are few."""

    stock = keras.layers.Conv2DTranspose

    def call(self, inputs):
        if not _pays(self, inputs.shape, shrink=1):
            return super().call(inputs)
        outputs = double(inputs, tf.convert_to_tensor(self.kernel))
        return self.activation(outputs + self.bias if self.use_bias else outputs)


class ScoreConv(keras.layers.Conv2D):
    """Conv2D with stride 1 that ends in one map: all its taps at once, shifted and added."""

    stock = keras.layers.Conv2D

    def convolution_op(self, inputs, kernel):
        if self.strides != (1, 1) or not _known(inputs.shape):
            return super().convolution_op(inputs, kernel)
        if self.padding == "same":
            sides = [((k - 1) // 2, k // 2) for k in self.kernel_size]
            inputs = tf.pad(inputs, [(0, 0), *sides, (0, 0)])
        return score(inputs, tf.convert_to_tensor(kernel))


def _pays(layer, shape, *, shrink: int) -> bool:
    """Whether the layer is of the kind, and has many weights and few places, as far as is known."""
    *_, channels, filters = layer.kernel.shape
    kind = layer.kernel_size == (KERNEL, KERNEL) and layer.strides == (STRIDE, STRIDE)
    if not kind or layer.padding != "same" or channels * filters < LEAST_WEIGHTS:
        return False
    if not _known(shape) or any(side % shrink for side in shape[1:3]):
        return False
    count, height, width, _ = shape
    return count * (height // shrink) * (width // shrink) <= MOST_PLACES


def _known(shape) -> bool:
    """A map whose size is known; GPUs have fast forms of their own."""
    return None not in tuple(shape) and not tf.config.get_visible_devices("GPU")


def _matrix(kernel):
    """[4, 4, C, F] -> [16 C, F]."""
    return tf.reshape(kernel, [-1, kernel.shape[-1]])


def _rows(maps):
    """[B, H, W, C] -> [B H W, C]."""
    return tf.reshape(maps, [-1, maps.shape[-1]])


def _patches(images):
    """What each place of half the size sees: [B, 2H, 2W, C] -> [B H W, 16 C]."""
    each, step = [1, KERNEL, KERNEL, 1], [1, STRIDE, STRIDE, 1]
    return _rows(tf.image.extract_patches(images, each, step, [1, 1, 1, 1], "SAME"))


def _folded(patches, shape):
    """The transpose of `_patches`: patches are added where they overlap, to `shape` [B, 2H, 2W, C]."""
    count, height, width, channels = shape
    x = tf.reshape(patches, [count, height // 2, width // 2, KERNEL, KERNEL, channels])
    x = _folded_along(1, [x[:, :, :, tap] for tap in range(KERNEL)])
    x = tf.reshape(x, [count, height, width // 2, KERNEL, channels])
    return tf.reshape(_folded_along(2, [x[:, :, :, tap] for tap in range(KERNEL)]), shape)


def _folded_along(axis: int, taps: list):
    """Taps of the n places along an axis -> that axis as n pairs of neighbours.

    Place m sees 2m - 1 to 2m + 2: an even neighbour has its own tap 1 and tap 3 of the place before, an
    odd one its own tap 2 and tap 0 of the place behind.
    """
    first, rest = tf.split(taps[0], [1, -1], axis)
    others, _ = tf.split(taps[3], [-1, 1], axis)
    none = tf.zeros_like(first)
    even = taps[1] + tf.concat([none, others], axis)
    odd = taps[2] + tf.concat([rest, none], axis)
    return tf.stack([even, odd], axis + 1)
