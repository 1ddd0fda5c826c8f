"""Real images as the compiled step draws them: from memory, each once an epoch, in a seeded order."""

from __future__ import annotations

import numpy as np
import tensorflow as tf


class BatchSource:
    """A shuffled, endless stream of the training images of one data set.

    The order is a pseudo-random permutation per epoch (`RandomIndexShuffle`), so that the whole state
    is one position, and a batch may straddle two epochs.

    Args:
        images: uint8 [N, H, W, C], or float32 [N, 2] for points.
        labels: int [N] or None.
        num_classes: K; 0 without labels.
        seed: of the order.
    """

    def __init__(self, images: np.ndarray, labels, *, num_classes: int, seed: int):
        self.images = tf.constant(images)
        self.labels = None if labels is None else tf.constant(labels, tf.int32)
        self.num_classes = num_classes
        self.size = len(images)
        self.seed = seed

    def draw(self, position, batch_size: int):
        """Images [B, ...] in [-1, 1] and one-hot classes [B, K] (None without labels).

        Args:
            position: int64 scalar, the number of images drawn before.
        """
        places = position + tf.range(batch_size, dtype=tf.int64)
        epochs = tf.cast(places // self.size, tf.int32)
        seeds = tf.stack([tf.fill([batch_size], self.seed), epochs, tf.zeros_like(epochs)], axis=1)
        # The raw operation: index_shuffle itself cannot take one seed per index (TensorFlow 2.21).
        index = tf.raw_ops.RandomIndexShuffle(
            index=places % self.size,
            seed=seeds,
            max_index=tf.constant(self.size - 1, tf.int64),
            rounds=4,
        )
        return self._images(index), self._classes(index)

    def _images(self, index):
        images = tf.gather(self.images, index)
        if images.dtype == tf.uint8:
            return tf.cast(images, tf.float32) / 127.5 - 1.0
        return images

    def _classes(self, index):
        if self.labels is None or not self.num_classes:
            return None
        return tf.one_hot(tf.gather(self.labels, index), self.num_classes)
