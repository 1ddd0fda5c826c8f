"""How alike two batches of images are, image by image: L1, PSNR, SSIM, sharpness, grids. NumPy only.

All take float images [N, H, W, C] in [-1, 1], the first in each place beside the first of the other
batch; floats are rounded to the levels that pixels have by whoever asks.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Floats

RANGE = 2.0  # between black and white
WINDOW = 7  # pixels a side, of SSIM
K1, K2 = 0.01, 0.03  # Wang et al., 2004, section III-B
MOST_DB = 100.0  # what PSNR says of equal images, of which it has no number
CHUNK_PIXELS = 2_000_000


def l1(one: Floats, other: Floats) -> Floats:
    """Mean absolute difference of each pair, [N] in 0..2."""
    return np.array([np.abs(a - b).mean() for a, b in zip(one, other, strict=True)], np.float64)


def psnr(one: Floats, other: Floats) -> Floats:
    """Peak signal-to-noise ratio of each pair in decibels, [N]; at most MOST_DB."""
    squares = [np.mean((a.astype(np.float64) - b) ** 2) for a, b in zip(one, other, strict=True)]
    least = RANGE**2 / 10 ** (MOST_DB / 10)
    return 10 * np.log10(RANGE**2 / np.maximum(squares, least))


def ssim(one: Floats, other: Floats) -> Floats:
    """Structural similarity of each pair, [N] in -1..1 (1: equal).

    Wang et al., 2004, https://doi.org/10.1109/TIP.2003.819861, eq. 13, over boxes of 7 x 7 pixels that
    lie inside the image, with sample covariances; the mean over places and channels. Images with a
    side below 7 are compared in boxes as large as that side.
    """
    return np.concatenate([_ssim(a, b) for a, b in _chunks(one, other)])


def _ssim(one: Floats, other: Floats) -> Floats:
    x, y = one.astype(np.float64), other.astype(np.float64)
    window = min(WINDOW, *one.shape[1:3])
    mean = functools.partial(box_mean, window=window)
    sample = window**2 / max(window**2 - 1, 1)
    ux, uy = mean(x), mean(y)
    vx, vy = (sample * (mean(z * z) - u * u) for z, u in ((x, ux), (y, uy)))
    vxy = sample * (mean(x * y) - ux * uy)
    c1, c2 = (K1 * RANGE) ** 2, (K2 * RANGE) ** 2
    found = (2 * ux * uy + c1) * (2 * vxy + c2)
    found /= (ux**2 + uy**2 + c1) * (vx + vy + c2)
    result: Floats = found.mean(axis=(1, 2, 3))
    return result


def box_mean(images: Floats, window: int) -> Floats:
    """Means over all window x window boxes inside: [N, H, W, C] -> [N, H - w + 1, W - w + 1, C]."""
    sums = images
    for axis in (1, 2):
        padded = np.insert(np.cumsum(sums, axis=axis), 0, 0.0, axis=axis)
        size = padded.shape[axis]
        high, low = np.arange(window, size), np.arange(size - window)
        sums = np.take(padded, high, axis=axis) - np.take(padded, low, axis=axis)
    return sums / window**2


def gradients(images: Floats) -> Floats:
    """Mean absolute difference of neighbouring pixels of each image, [N]: how sharp it is."""
    rows = [np.abs(np.diff(images, axis=axis)).mean(axis=(1, 2, 3)) for axis in (1, 2)]
    return np.asarray(sum(rows) / 2, np.float64)


def grid(images: Floats) -> Floats:
    """Amplitude of what repeats with every second pixel in the same phase all over an image, [N].

    What transposed convolutions leave (Odena et al., 2016, https://distill.pub/2016/deconv-checkerboard):
    columns, rows and checks of alternating pixels. Edges and textures lie in either phase and cancel. Zeros
    where a side is below 4 pixels.
    """
    if min(images.shape[1:3]) < 4:
        return np.zeros(len(images))
    height, width = images.shape[1] // 2 * 2, images.shape[2] // 2 * 2  # both phases weigh the same
    images = images[:, :height, :width]
    columns, rows = (_alternating(images, axis) for axis in (2, 1))
    checks = _alternating(columns, 1)
    means = np.array([part.mean(axis=(1, 2), dtype=np.float64) for part in (columns, rows, checks)])
    found: Floats = np.sqrt((means**2).sum(axis=0).mean(axis=1))
    return found


def _alternating(images: Floats, axis: int) -> Floats:
    """Second differences along an axis, their sign turned at every second place: +a, -a ... becomes a."""
    last = images.shape[axis] - 2
    before, here, after = (np.take(images, range(i, i + last), axis=axis) for i in range(3))
    turned = np.where(np.arange(last) % 2, 1.0, -1.0).astype(images.dtype)
    turned = np.expand_dims(turned, tuple(range(1, images.ndim - axis)))
    return (2 * here - before - after) * turned / 4


def correlation(one: Floats, other: Floats) -> Floats:
    """Pearson correlation of brightness of each pair, [N] in -1..1; 0 where one is all the same."""
    x, y = (_centred(images) for images in (one, other))
    lengths = np.linalg.norm(x, axis=1) * np.linalg.norm(y, axis=1)
    dots = np.einsum("ij,ij->i", x, y)
    return np.where(lengths > 1e-9, dots / np.maximum(lengths, 1e-9), 0.0)


def _centred(images: Floats) -> Floats:
    flat = images.mean(axis=3, dtype=np.float64).reshape(len(images), -1)
    found: Floats = flat - flat.mean(axis=1, keepdims=True)
    return found


def _chunks(one: Floats, other: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Both in parts of about CHUNK_PIXELS numbers."""
    count = max(1, CHUNK_PIXELS // max(int(np.prod(one.shape[1:])), 1))
    for start in range(0, len(one), count):
        yield one[start : start + count], other[start : start + count]
