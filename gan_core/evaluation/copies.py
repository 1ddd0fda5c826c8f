"""Copies of training images and near-duplicates among the fakes, by pixels.

Both compare images averaged down to at most 16 pixels a side, not features: a judge maps different
images of a class to almost the same features, on purpose.

**Copies.** A fake is a copy if it lies much nearer to its nearest training image than that image
lies to its own nearest other training image. How near counts is set on held-out images, of which a
hundredth is called a copy by construction. The ratio is that of AuthPct (Alaa et al., 2022,
https://arxiv.org/abs/2102.08921): the share with a ratio above 1 is `authentic`.

**Duplicates.** Two fakes are near-duplicates if they are nearer than the distance below which a
hundredth of real images have a neighbour. From the number of such pairs follows how many different
images the generator makes: with S equally likely ones, N draws hold N (N - 1) / (2 S) equal pairs
on average (the birthday estimate; Arora and Zhang, 2017, https://arxiv.org/abs/1706.08224).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gan_core.evaluation import distances

MAX_SIDE = 16
TAIL = 0.01  # of held-out (or real) images that are called copies (or duplicates) by construction
ALARM = 0.05  # share of copies from which a set is flagged; five times what new images show
BLIND = 0.5  # share of noise that counts as copies from which the measure says nothing of a set
MAX_TRAIN = 60_000  # training images that are searched
_TINY = 1e-4  # the distance that identical images count as having


class Duplicates(NamedTuple):
    """Share of fakes with a near-duplicate, and the estimated number of different images."""

    share: float
    support: float


def thumbnails(images: np.ndarray) -> np.ndarray:
    """uint8 [N, H, W, C] averaged to at most 16 pixels a side, as float32 rows in 0..1."""
    n, height, width, channels = images.shape
    factor = -(-max(height, width) // MAX_SIDE)
    pad = [(0, 0), (0, -height % factor), (0, -width % factor), (0, 0)]
    parts = []
    for start in range(0, n, 2000):
        x = np.pad(images[start : start + 2000], pad, mode="edge").astype(np.float32) / 255.0
        blocks = x.reshape(len(x), x.shape[1] // factor, factor, -1, factor, channels)
        parts.append(blocks.mean((2, 4)).reshape(len(x), -1))
    return np.concatenate(parts)


def nearness(small: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(ratio [N], index [N] of the nearest training image) of thumbnails [N, P] in [T, P].

    The ratio is the distance to the nearest training image over that image's own distance to its
    nearest other training image.
    """
    index, gap = distances.nearest(small, train)
    found, inverse = np.unique(index, return_inverse=True)
    _, own_gap = distances.nearest(train[found], train, own=found)
    return gap / np.maximum(own_gap[inverse], _TINY), index


def copy_limit(held_out: np.ndarray, train: np.ndarray) -> float:
    """The ratio below which an image is a copy: a hundredth of held-out thumbnails lie below it."""
    ratio, _ = nearness(held_out, train)
    return float(min(np.quantile(ratio, TAIL), 1.0))


def duplicate_limit(real: np.ndarray) -> float:
    """The distance below which a hundredth of real thumbnails [N, P] have a neighbour."""
    _, gap = distances.nearest(real, real, own=np.arange(len(real)))
    return max(float(np.quantile(gap, TAIL)), _TINY)


def duplicates(small: np.ndarray, limit: float) -> Duplicates:
    """Near-duplicates among thumbnails [N, P].

    With no such pair the support is at least N (N - 1) / 2, which is the value given.
    """
    small = small.astype(np.float64)  # float32 would lose the small distances that count here
    n = len(small)
    has_twin = np.zeros(n, bool)
    num_pairs = 0
    for start, block in distances.squared(small, small):
        rows = np.arange(len(block))
        close = block <= limit**2
        close[rows, start + rows] = False
        has_twin[start : start + len(block)] = close.any(1)
        num_pairs += int(close.sum())
    return Duplicates(float(has_twin.mean()), n * (n - 1) / max(num_pairs, 2))
