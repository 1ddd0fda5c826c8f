"""A small picture of a data set: a few images side by side, pairs beside each other."""

from __future__ import annotations

import numpy as np

TILES, SIDE = 6, 56  # a card's well is 56 pixels high


def of(images: list[np.ndarray], kind: str) -> bytes:
    """PNG of a few images uint8 [N, H, W] or [N, H, W, C], each padded to a square.

    Args:
        images: one array, or those of both sides: input and target alternate in a picture of
            pairs, the first half shows side a and the second side b in one of two sides.
    """
    from gan_core.storage import images as stored  # and Pillow: only sets of one's own need them

    tiles = [_tiles(shown, TILES // len(images), min(map(len, images))) for shown in images]
    side = max(tile.shape[1] for tile in tiles)
    colour = max(tile.shape[3] for tile in tiles)
    tiles = [_as_large(tile, side, colour) for tile in tiles]
    both = np.stack(tiles, 1) if kind == "pairs" else np.stack(tiles)
    row = both.reshape(-1, side, side, colour)
    return stored.png(stored.grid(row, len(row)))


def _tiles(shown: np.ndarray, most: int, count: int) -> np.ndarray:
    """A few of the first `count` images as small squares, uint8 [n, S, S, C]."""
    shown = shown[np.linspace(0, count - 1, min(most, count)).astype(int)]
    shown = shown[..., None] if shown.ndim == 3 else shown
    factor = -(-max(shown.shape[1:3]) // SIDE)
    height, width = (factor * (side // factor) for side in shown.shape[1:3])
    number, channels = len(shown), shown.shape[3]
    blocks = shown[:, :height, :width].reshape(
        number, height // factor, factor, width // factor, factor, channels
    )
    small = blocks.mean((2, 4)).round().astype(np.uint8)
    side = max(small.shape[1:3])
    top, left = (side - small.shape[1]) // 2, (side - small.shape[2]) // 2
    square = np.zeros((number, side, side, channels), np.uint8)
    square[:, top : top + small.shape[1], left : left + small.shape[2]] = small
    return square


def _as_large(tiles: np.ndarray, side: int, channels: int) -> np.ndarray:
    """Grey becomes colour where the others have colour; one size for all."""
    rows = np.arange(side) * tiles.shape[1] // side
    tiles = tiles[:, rows][:, :, rows]
    return tiles.repeat(channels // tiles.shape[3], 3)
