"""Real images as the compiled step draws them: from memory, each once an epoch, in a seeded order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import tensorflow as tf

if TYPE_CHECKING:
    from gan_core.types import Labels


class Source(Protocol):
    """What draws real images in the compiled step."""

    def draw(self, position: tf.Tensor, batch_size: int) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Images and their classes, targets or images of the other side, [B, ...]."""


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

    def __init__(
        self, images: np.ndarray, labels: Labels | None, *, num_classes: int, seed: int
    ) -> None:
        self.images = _held(images)
        self.labels = None if labels is None else _held(np.asarray(labels, np.int64))
        self.num_classes = num_classes
        self.size = len(images)
        self.seed = seed

    def draw(self, position: tf.Tensor, batch_size: int) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Images [B, ...] in [-1, 1] and one-hot classes [B, K] (None without labels).

        Args:
            position: int64 scalar, the number of images drawn before.
        """
        index = self.index(position, batch_size)
        return self._images(index), self._classes(index)

    def index(self, position: tf.Tensor, batch_size: int) -> tf.Tensor:
        """Which images stand at `position` and behind it: int64 [B]."""
        places = position + tf.range(batch_size, dtype=tf.int64)
        epochs = tf.cast(places // self.size, tf.int32)
        seeds = tf.stack([tf.fill([batch_size], self.seed), epochs, tf.zeros_like(epochs)], axis=1)
        # The raw operation: index_shuffle itself cannot take one seed per index (TensorFlow 2.21).
        return tf.raw_ops.RandomIndexShuffle(
            index=places % self.size,
            seed=seeds,
            max_index=tf.constant(self.size - 1, tf.int64),
            rounds=4,
        )

    def _images(self, index: tf.Tensor) -> tf.Tensor:
        return _scaled(_rows(self.images, index))

    def _classes(self, index: tf.Tensor) -> tf.Tensor | None:
        if self.labels is None or not self.num_classes:
            return None
        return tf.one_hot(_rows(self.labels, index), self.num_classes)


class PairSource(BatchSource):
    """Inputs and their targets in one order; both uint8 [N, H, W, C]."""

    def __init__(self, inputs: np.ndarray, targets: np.ndarray, *, seed: int) -> None:
        super().__init__(inputs, None, num_classes=0, seed=seed)
        self.targets = _held(targets)

    def draw(self, position: tf.Tensor, batch_size: int) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Inputs and targets [B, ...] in [-1, 1]."""
        index = self.index(position, batch_size)
        return self._images(index), _scaled(_rows(self.targets, index))


class SidesSource:
    """Images of two sides, each in an order of its own, from one position: nothing pairs them.

    An epoch is one of side a; a shorter side b is seen more often.
    """

    def __init__(self, a: np.ndarray, b: np.ndarray, *, seed: int) -> None:
        self.sides = [
            BatchSource(images, None, num_classes=0, seed=seed + number)
            for number, images in enumerate((a, b))
        ]

    def draw(self, position: tf.Tensor, batch_size: int) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Images of a and of b, [B, ...] in [-1, 1]."""
        return tuple(side.draw(position, batch_size)[0] for side in self.sides)


def _held(array: np.ndarray) -> tf.Variable:
    """A variable on the device that trains, on each of several: nothing is brought there in a step."""
    return tf.Variable(array, trainable=False)


def _rows(held: tf.Variable, index: tf.Tensor) -> tf.Tensor:
    """Rows of a variable. On GPUs a plain gather takes no bytes, and would bring them all to the host."""
    return tf.raw_ops.ResourceGather(resource=held.handle, indices=index, dtype=held.dtype)


def _scaled(images: tf.Tensor) -> tf.Tensor:
    """Bytes to [-1, 1]; floats as they are."""
    return tf.cast(images, tf.float32) / 127.5 - 1.0 if images.dtype == tf.uint8 else images
