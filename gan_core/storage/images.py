"""Pixels: [-1, 1] to bytes and back, grids, PNG and GIF. NumPy and Pillow only."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from gan_core.types import Array, Floats, Pixels


def to_uint8(images: Array) -> Pixels:
    """[-1, 1] floats of any shape to 0..255, rounded to the nearest level and clipped."""
    levels = (np.asarray(images, np.float32) + 1.0) * 127.5
    found: Pixels = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return found


def to_float(images: Array) -> Floats:
    """0..255 of any shape to float32 in [-1, 1]."""
    return np.asarray(images, np.float32) / 127.5 - 1.0


def grid(images: Pixels, columns: int) -> Pixels:
    """Tiles without gaps, row by row: uint8 [N, H, W, C] -> [rows H, columns W, C]; rest is black."""
    n, h, w, c = images.shape
    rows = -(-n // columns)
    tiles = np.zeros((rows * columns, h, w, c), images.dtype)
    tiles[:n] = images
    return tiles.reshape(rows, columns, h, w, c).swapaxes(1, 2).reshape(rows * h, columns * w, c)


def split_grid(pixels: Pixels, height: int, width: int) -> Pixels:
    """The inverse of `grid`: [rows H, columns W, C] -> [rows x columns, H, W, C]."""
    rows, columns, c = pixels.shape[0] // height, pixels.shape[1] // width, pixels.shape[2]
    tiles = pixels.reshape(rows, height, columns, width, c).swapaxes(1, 2)
    return tiles.reshape(rows * columns, height, width, c)


def to_pil(pixels: Pixels) -> Image.Image:
    """uint8 [H, W, 1 or 3] to a picture."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def png(pixels: Pixels) -> bytes:
    """uint8 [H, W, 1 or 3] as PNG bytes."""
    out = io.BytesIO()
    to_pil(pixels).save(out, "PNG")
    return out.getvalue()


def from_png(data: bytes) -> Pixels:
    """PNG bytes of our own making to uint8 [H, W, 1 or 3]."""
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    return pixels[..., None] if pixels.ndim == 2 else pixels


def plot_points(points: Array, *, size: int = 280, extent: float = 1.5) -> Pixels:
    """2-D points [N, 2] as a picture, uint8 [size, size, 1]: white on black, axes +-extent."""
    pixels = np.zeros((size, size, 1), np.uint8)
    xy = np.rint((np.asarray(points) / extent * [1, -1] + 1) * 0.5 * (size - 1)).astype(int)
    inside = np.all((xy >= 1) & (xy < size - 1), axis=1)
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
        pixels[xy[inside, 1] + dy, xy[inside, 0] + dx] = 255
    return pixels
