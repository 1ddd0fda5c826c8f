"""Layers that Keras lacks, or has with another meaning than the papers'."""

from __future__ import annotations

import keras
import tensorflow as tf


class SpectralNorm(keras.layers.Wrapper):
    """Divides a layer's kernel by its largest singular value, estimated by power iteration.

    Miyato et al. (2018), algorithm 1: one iteration a training step; u and v are constants for
    the gradient, sigma = v W u is not, so the gradient is orthogonal to the kernel's own scaling.
    Unlike Keras's `SpectralNormalization` the kernel itself is never overwritten, and inference
    changes nothing.

    Args:
        layer: a Dense or Conv2D layer; its kernel is seen as a matrix [inputs, outputs].
        seed: of the start vector u.
    """

    def __init__(self, layer, *, seed: int, **kwargs):
        super().__init__(layer, **({"dtype": "float32"} | kwargs))
        self.seed = seed

    def build(self, input_shape):
        super().build(input_shape)
        self.vector_u = self.add_weight(
            name="vector_u",
            shape=(1, self.layer.kernel.shape[-1]),
            initializer=keras.initializers.RandomNormal(seed=self.seed),
            trainable=False,
        )

    def call(self, inputs, training=False):
        kernel = self.layer.kernel
        sigma = self._sigma(tf.reshape(kernel, [-1, kernel.shape[-1]]), training)
        return _apply_with_kernel(self.layer, inputs, kernel / sigma)

    def _sigma(self, matrix, training):
        u = tf.convert_to_tensor(self.vector_u)
        v = _unit(tf.matmul(u, tf.stop_gradient(matrix), transpose_b=True))
        if training:
            u = _unit(tf.matmul(v, tf.stop_gradient(matrix)))
            self.vector_u.assign(u)
        else:
            u = _unit(u)
        return tf.squeeze(
            tf.matmul(tf.matmul(tf.stop_gradient(v), matrix), tf.stop_gradient(u), transpose_b=True)
        )


def _unit(x):
    return x / (tf.norm(x) + 1e-12)


def _apply_with_kernel(layer, inputs, kernel):
    """The layer's own forward pass, with another kernel."""
    if isinstance(layer, keras.layers.Dense):
        outputs = tf.matmul(inputs, kernel)
    else:
        outputs = tf.nn.conv2d(inputs, kernel, strides=layer.strides, padding=layer.padding.upper())
    if layer.use_bias:
        outputs = outputs + layer.bias
    return layer.activation(outputs)
