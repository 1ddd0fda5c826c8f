"""Nearest real images by pixels, and whether an image is a near copy of one. NumPy only.

An image is a copy when its nearest training image is much nearer than the next ones: simple
images (a thin 1) are near to many real ones without copying any (the ratio of Carlini et al.,
2023, https://arxiv.org/abs/2301.13188). How small a ratio is unusual is read off held-out images.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gan_core.storage.images import to_float

HELD_OUT = 500  # held-out images that the verdict is calibrated on
OTHERS = 8  # next neighbours that the nearest is compared with
STRICT = 0.5  # a copy's ratio is below this share of the smallest usual one
USUAL = 0.01  # quantile of held-out ratios that still counts as usual
CHUNK = 4096  # training images compared at once


@dataclass(frozen=True)
class Neighbours:
    """The nearest training images of one image.

    Attributes:
        indices: of the training images, nearest first.
        distances: mean squared error of each, pixels in [-1, 1].
        ratio: distance of the nearest over the mean of the next eight.
        percentile: share of held-out images whose nearest is nearer, 0 to 1.
        copy: whether it is a near copy.
    """

    indices: np.ndarray
    distances: np.ndarray
    ratio: float
    percentile: float
    copy: bool


class PixelIndex:
    """All training images, ready to be compared with; calibrated once on held-out images.

    Args:
        train, held_out: uint8 [N, H, W, C].
    """

    def __init__(self, train: np.ndarray, held_out: np.ndarray):
        self._train = train.reshape(len(train), -1)
        _, distances = self._search(to_float(held_out[:HELD_OUT]))
        self.usual = np.sort(distances[:, 0])
        ratios = [_ratio(row) for row in distances] or [1.0]
        self.limit = STRICT * float(np.quantile(ratios, USUAL))

    def nearest(self, image: np.ndarray, count: int = 8) -> Neighbours:
        """The nearest training images of one image [H, W, C] in [-1, 1]."""
        order, distances = (rows[0] for rows in self._search(np.asarray(image)[None]))
        share = float(np.mean(self.usual < distances[0])) if len(self.usual) else 1.0
        ratio = _ratio(distances)
        return Neighbours(order[:count], distances[:count], ratio, share, ratio < self.limit)

    def _search(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Indices and mean squared errors [B, 9] of the nearest training images, nearest first."""
        flat = np.asarray(images, np.float32).reshape(len(images), -1)
        own = np.sum(flat**2, axis=1)[:, None]
        best = np.full((len(flat), OTHERS + 1), -1)
        distances = np.full((len(flat), OTHERS + 1), np.inf, np.float32)
        for start in range(0, len(self._train), CHUNK):
            part = to_float(self._train[start : start + CHUNK])
            squared = own - 2 * flat @ part.T + np.sum(part**2, axis=1)
            indices = np.broadcast_to(np.arange(start, start + len(part)), squared.shape)
            best, distances = _smallest(
                np.concatenate([best, indices], 1),
                np.concatenate([distances, np.maximum(squared, 0) / flat.shape[1]], 1),
            )
        return best, distances


def _smallest(indices: np.ndarray, distances: np.ndarray):
    """The nearest nine of each row, sorted."""
    chosen = np.argpartition(distances, OTHERS, axis=1)[:, : OTHERS + 1]
    kept = np.take_along_axis(distances, chosen, 1)
    order = np.take_along_axis(chosen, np.argsort(kept, axis=1, kind="stable"), 1)
    return np.take_along_axis(indices, order, 1), np.take_along_axis(distances, order, 1)


def _ratio(distances: np.ndarray) -> float:
    """Distance of the nearest over the mean of the next ones that there are."""
    others = distances[1:][np.isfinite(distances[1:])]
    return float(distances[0] / max(others.mean(), 1e-12)) if len(others) else 1.0
