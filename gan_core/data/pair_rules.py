"""What is taken away to make pairs: pure functions of images, uint8 [N, H, W, C] -> uint8.

Each gives the input; the image itself is the target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Floats, Pixels

EDGE, FAINT = 0.33, 0.08  # of the range 0..1 over two pixels: steeper is an edge; fainter is none
SHARE = 0.15  # of the pixels of larger images are drawn, where enough of them are steep
LARGE = 32  # pixels a side from which on images are drawn by their own contrast
FIELD = 128  # pixels that one pixel of blur serves, a side
BLOCK = 4
SEEN = 128  # from here on a pixel is bright
HOLE = 127  # grey, so that the hole can be told from a black ground
LUMA = np.array([299, 587, 114])  # thousandths of red, green and blue, ITU-R BT.601


def edges(images: Pixels) -> Pixels:
    """White lines on black where brightness or a colour changes, [N, H, W, 1].

    A box blur (3 x 3, wider from 192 pixels a side on), central differences, and white where their
    length is above EDGE in any channel. From 32 pixels a side on, where photographs begin, pale
    images are drawn too: by their steepest places, SHARE of all, but none below FAINT. Beyond the
    border the image goes on as it ends.
    """
    slope = _slope(images)
    least: Floats = np.array(EDGE, np.float32)
    if min(images.shape[1:3]) >= LARGE:
        own = np.quantile(slope, 1 - SHARE, axis=(1, 2, 3), keepdims=True)
        least = np.clip(own, FAINT, EDGE).astype(np.float32)
    return np.where(slope > least, np.uint8(255), np.uint8(0))


def _slope(images: Pixels) -> Floats:
    """How steep the steepest channel is, float32 [N, H, W, 1], the same for every width of blur."""
    radius = max(1, round(min(images.shape[1:3]) / FIELD))
    soft = _blurred(images.astype(np.float32) / 255, radius)
    wide = np.pad(soft, ((0, 0), (1, 1), (1, 1), (0, 0)), "edge")
    down = wide[:, 2:, 1:-1] - wide[:, :-2, 1:-1]
    right = wide[:, 1:-1, 2:] - wide[:, 1:-1, :-2]
    steepest: Floats = np.sqrt(down**2 + right**2).max(-1, keepdims=True)
    return steepest * np.float32((2 * radius + 1) / 3)


def _blurred(images: Floats, radius: int) -> Floats:
    """Means of (2 radius + 1)^2 pixels, float32 [N, H, W, C]."""
    for axis in (1, 2):
        around = [(0, 0)] * 4
        around[axis] = (radius, radius)
        wide, size = np.pad(images, around, "edge"), images.shape[axis]
        parts = [np.take(wide, range(k, k + size), axis) for k in range(2 * radius + 1)]
        images = sum(parts[1:], parts[0]) / np.float32(len(parts))
    return images


def grey(images: Pixels) -> Pixels:
    """Brightness, [N, H, W, 1]: 0.299 red + 0.587 green + 0.114 blue."""
    if images.shape[3] == 1:
        return images
    thousandths = np.asarray(images @ LUMA, np.int64) + 500
    return (thousandths // 1000).astype(np.uint8)[..., None]


def quarter(images: Pixels) -> Pixels:
    """A quarter of the height and width: the means of blocks of 4 x 4, as large as before."""
    sums, counts = images.astype(np.int64), np.ones(images.shape[1:3], np.int64)
    for axis in (1, 2):
        starts = range(0, images.shape[axis], BLOCK)
        sums = np.add.reduceat(sums, starts, axis)
        counts = np.add.reduceat(counts, starts, axis - 1)
    counts = counts[None, :, :, None]
    means = ((sums + counts // 2) // counts).astype(np.uint8)
    large = means.repeat(BLOCK, 1).repeat(BLOCK, 2)
    return large[:, : images.shape[1], : images.shape[2]]


def half(images: Pixels) -> Pixels:
    """The upper half; the lower one is black."""
    kept = images.copy()
    kept[:, images.shape[1] // 2 :] = 0
    return kept


def hole(images: Pixels) -> Pixels:
    """A grey hole in the middle, half as high and wide as the image."""
    height, width = images.shape[1:3]
    top, left = height // 4, width // 4
    holed = images.copy()
    holed[:, top : top + height // 2, left : left + width // 2] = HOLE
    return holed


def outline(images: Pixels) -> Pixels:
    """White borders, one pixel wide, of what is bright, [N, H, W, 1]."""
    bright = grey(images)[..., 0] >= SEEN
    wide = np.pad(bright, ((0, 0), (1, 1), (1, 1)), "edge")
    inside = wide[:, 2:, 1:-1] & wide[:, :-2, 1:-1] & wide[:, 1:-1, 2:] & wide[:, 1:-1, :-2]
    return ((bright & ~inside) * np.uint8(255))[..., None]
