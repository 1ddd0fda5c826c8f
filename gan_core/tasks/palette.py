"""Which colours images are made of, to draw with."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from gan_core.tasks import pair_grids

if TYPE_CHECKING:
    from gan_core.types import Pixels

COLOURS = 14
LOOKED_AT = 64  # images of a set that it is made of
APART = 24  # levels in some channel, below which two colours look the same


def palette_of(pixels: Pixels, most: int = COLOURS) -> Pixels:
    """The colours that images are made of, by median cut, the most frequent first: uint8 [K, C]."""
    from PIL import Image

    flat = pair_grids.with_channels(pixels, 3).reshape(1, -1, 3)
    reduced = Image.fromarray(flat).quantize(most, method=Image.Quantize.MEDIANCUT)
    counts = sorted(cast(list[tuple[int, int]], reduced.getcolors()), reverse=True)  # of a palette
    table = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)
    found = table[[index for _, index in counts]]
    return _apart(found)[:, : pixels.shape[-1]]


def _apart(colours: np.ndarray) -> Pixels:
    """Without those that look like one before them: uint8 [K, 3]."""
    taken: list[np.ndarray] = []
    for colour in colours.astype(int):
        if all(np.abs(colour - other).max() >= APART for other in taken):
            taken.append(colour)
    return np.array(taken, np.uint8)
