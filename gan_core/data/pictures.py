"""A small picture of a data set for its card, whose well is 56 pixels high."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Pixels

TILES, SMALL, SIDE = 8, 16, 56  # a well shows as many whole ones as it has room for


def of(images: list[np.ndarray], kind: str) -> bytes:
    """PNG of a few images uint8 [N, H, W] or [N, H, W, C], each padded to a square.

    Images stand in one row. Of two sets there are two rows of small ones: eight pairs in each, the
    input left of its target; or side a above side b.

    Args:
        images: one array, or those of both sets, of which only as many rows count as both have.
    """
    from gan_core.storage import images as stored  # and Pillow: only sets of one's own need them

    if len(images) == 1:
        return stored.png(stored.grid(_squares(images[0], TILES, SIDE), TILES))
    beside = kind == "pairs"
    count = min(map(len, images))
    count -= count % 2 if beside and count > 1 else 0  # both rows hold whole pairs
    tiles = [_squares(_colour(shown[:count]), SMALL, SIDE // 2) for shown in images]
    row = np.stack(tiles, int(beside)).reshape(-1, *tiles[0].shape[1:])
    return stored.png(stored.grid(row, min(SMALL, count)))


def _colour(images: np.ndarray) -> Pixels:
    """uint8 [N, H, W, 3]."""
    images = images[..., None] if images.ndim == 3 else images
    return images.repeat(3 // images.shape[3], 3)


def _squares(images: np.ndarray, most: int, side: int) -> Pixels:
    """A few of the images as squares of at most `side` pixels, uint8 [n, S, S, C]."""
    chosen = images[np.linspace(0, len(images) - 1, min(most, len(images))).astype(int)]
    chosen = chosen[..., None] if chosen.ndim == 3 else chosen
    return np.stack([_padded(_small(image, side)) for image in chosen])


def _small(image: np.ndarray, side: int) -> Pixels:
    """Means of the pixels that become one, uint8 [h, w, C]; as it is where it is small enough."""
    from PIL import Image

    height, width, channels = image.shape
    if max(height, width) <= side:
        return image
    size = [max(1, round(k * side / max(height, width))) for k in (width, height)]
    small = Image.fromarray(image if channels == 3 else image[..., 0]).resize(
        size, Image.Resampling.BOX
    )
    return np.asarray(small).reshape(size[1], size[0], channels)


def _padded(image: np.ndarray) -> np.ndarray:
    """A square of black with the image in its middle."""
    side = max(image.shape[:2])
    top, left = (side - image.shape[0]) // 2, (side - image.shape[1]) // 2
    square = np.zeros((side, side, image.shape[2]), np.uint8)
    square[top : top + image.shape[0], left : left + image.shape[1]] = image
    return square
