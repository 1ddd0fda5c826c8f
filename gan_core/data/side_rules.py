"""What another side is made by: pure functions of images, uint8 [N, H, W, C] -> uint8."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.data.pair_rules import grey

if TYPE_CHECKING:
    from gan_core.types import Floats, Pixels

PAPER, LINE, MARGIN = (0.96, 0.94, 0.86), (0.75, 0.85, 0.95), (0.95, 0.6, 0.6)
INK = (0.1, 0.15, 0.55)


def paper(images: Pixels) -> Pixels:
    """Blue ink, as much as the image is bright, on ruled paper with a red margin, [N, H, W, 3]."""
    ink = grey(images).astype(np.float32) / 255
    sheet = ruled(*images.shape[1:3])
    drawn: Floats = ink * np.array(INK, np.float32) + (1 - ink) * sheet
    return np.rint(255 * drawn).astype(np.uint8)


def ruled(height: int, width: int) -> Floats:
    """An empty sheet, float32 [H, W, 3] in 0..1: four lines and a margin, whatever the size."""
    sheet = np.full((height, width, 3), PAPER, np.float32)
    rows = np.arange(height) % max(2, round(height / 4)) < max(1, round(height / 56))
    sheet[rows] *= np.array(LINE, np.float32)
    left = width // 7
    sheet[:, left : left + max(1, round(width / 56))] *= np.array(MARGIN, np.float32)
    return sheet


def inverted(images: Pixels) -> Pixels:
    """The negative."""
    return 255 - images


def rotated(images: Pixels) -> Pixels:
    """Turned to the left by a quarter, [N, W, H, C]."""
    return np.ascontiguousarray(np.rot90(images, 1, (1, 2)))


def colour(images: Pixels) -> Pixels:
    """The same with three channels, so that both sides have as many."""
    return images if images.shape[3] == 3 else images.repeat(3, 3)
