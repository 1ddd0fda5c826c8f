"""Batch normalisation by the moments of a batch that several replicas share: one message each way."""

from __future__ import annotations

import tensorflow as tf

from gan_core.networks import replicas


def normalised(inputs, gain, offset, about, epsilon: float):
    """[B, ..., C] normalised over all replicas' images, times gains, plus offsets [C]; mean and variance [C].

    What is the mean over a batch in the two-pass formulas of one device is here the mean over all
    batches: of the moments on the way there, and of the two sums that gradients need on the way back
    (Ioffe & Szegedy, 2015, https://arxiv.org/abs/1502.03167, section 3).

    Args:
        about: [C], the same everywhere and near the means: distances from it are small, so that their
            squares lose nothing to rounding.
    """
    axes = list(range(inputs.shape.rank - 1))

    @tf.custom_gradient
    def function(x, gain, offset):
        mean, variance = _moments(x, axes, about)
        inverse = tf.math.rsqrt(variance + epsilon)

        def gradient(upstream, *_):
            centred = (x - mean) * inverse
            plain, along = tf.reduce_mean(upstream, axes), tf.reduce_mean(upstream * centred, axes)
            all_plain, all_along = tf.unstack(replicas.mean(tf.stack([plain, along])))
            to_inputs = (gain * inverse) * (upstream - all_plain - centred * all_along)
            rows = tf.cast(tf.size(x) / tf.shape(x)[-1], x.dtype)
            return to_inputs, rows * along, rows * plain

        factor = inverse * gain
        return (x * factor + (offset - mean * factor), mean, variance), gradient

    outputs, mean, variance = function(inputs, gain, offset)
    return outputs, tf.stop_gradient(mean), tf.stop_gradient(variance)


def _moments(x, axes, about):
    """Mean and variance [C] of all replicas' images, by each one's own and how far they lie apart."""
    mean, variance = tf.nn.moments(x, axes)
    away = mean - about
    away, inside, square = tf.unstack(replicas.mean(tf.stack([away, variance, tf.square(away)])))
    return about + away, inside + tf.maximum(square - tf.square(away), 0.0)
