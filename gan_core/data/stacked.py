"""Stacked MNIST: three random digits as the channels of one image, so 1,000 modes of equal share.

Made from MNIST as PacGAN does (Lin et al., 2018, https://arxiv.org/abs/1712.04086; Metz et al.,
2017): 128,000 training images. It has no labels, because its question is whether a generator that
is told nothing finds all 1,000.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data.base import Dataset, DatasetSpec, freeze

if TYPE_CHECKING:
    from gan_core.types import Pixels

NAME = "stacked_mnist"
MODES = 1000
NUM_TRAIN, NUM_HELD_OUT = 128_000, 10_000
SEED = 1000


def spec_of(mnist: DatasetSpec) -> DatasetSpec:
    """Its metadata, from those of MNIST, which must be there or downloaded first."""
    height, width, _ = mnist.image_shape or (28, 28, 1)
    return replace(
        mnist,
        name=NAME,
        title="Stacked MNIST, 1,000 modes",
        image_shape=(height, width, 3),
        num_classes=0,
        class_names=(),
        labels=(),
        num_train=NUM_TRAIN,
        num_held_out=NUM_HELD_OUT,
        source="generated",
        origin="generated: three random digits of MNIST as red, green and blue",
    )


def stack(mnist: Dataset) -> Dataset:
    """128,000 stacks of training digits and 10,000 of held-out ones, always the same."""
    train = _stacks(mnist.train, NUM_TRAIN, SEED)
    held_out = _stacks(mnist.held_out, NUM_HELD_OUT, SEED + 1)
    return Dataset.of(spec_of(mnist.spec), freeze(train), None, freeze(held_out), None)


def _stacks(digits: np.ndarray, count: int, seed: int) -> Pixels:
    """uint8 [count, H, W, 3] of digits [N, H, W, 1]; PCG64's raw bits are the same everywhere."""
    raw = np.random.PCG64(seed).random_raw(3 * count)
    index = (raw % np.uint64(len(digits))).astype(np.int64).reshape(count, 3)
    stacks = np.empty((count, *digits.shape[1:3], 3), np.uint8)
    for channel in range(3):
        stacks[..., channel] = digits[index[:, channel], ..., 0]
    return stacks
