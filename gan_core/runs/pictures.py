"""The pictures of a run, read without trust: a run may be a stranger's, or its disk was full.

What a file declares in its first bytes is looked at before a pixel is decoded: a PNG of some
kilobytes can declare gigabytes of them.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from gan_core.errors import RunError
from gan_core.runs.run import Run
from gan_core.storage import images

if TYPE_CHECKING:
    from gan_core.types import Pixels

MOST_PIXELS, MOST_SIDE = 1 << 25, 1 << 14  # 80 images of 512 pixels a side are 21 million pixels
BROKEN = (  # what Pillow raises at files that are no pictures, or are damaged
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def picture_size(png: bytes) -> tuple[int, int] | None:
    """Width and height that a PNG declares in its first bytes; None if it is none."""
    if len(png) < 24 or png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        return None
    return struct.unpack(">II", png[16:24])


def is_small(width: int, height: int) -> bool:
    """Whether a picture of that many pixels may be decoded at all."""
    return 0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE and width * height <= MOST_PIXELS


def is_whole(png: bytes) -> bool:
    """Whether it is a PNG that may be decoded, and can be."""
    size = picture_size(png)
    if size is None or not is_small(*size):
        return False
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            picture.load()
    except BROKEN:
        return False
    return True


def grid_size(layout: Any) -> tuple[int, int] | None:
    """Width and height of every sample grid, by samples/grid.json; None where that is no layout."""
    layout = layout if isinstance(layout, dict) else {}
    tile = layout.get("tile")
    tile = tile if isinstance(tile, list) and len(tile) == 2 else [None, None]
    height, width, rows, columns = (*tile, layout.get("rows"), layout.get("columns"))
    if not all(type(n) is int and 0 < n <= MOST_SIDE for n in (height, width, rows, columns)):
        return None
    size = columns * width, rows * height
    return size if is_small(*size) else None


def sample(run: Run, step: int) -> tuple[bytes, tuple[int, int]]:
    """A stored sample grid as PNG bytes that may be decoded, and the size that they declare."""
    data = run.sample_png(step)
    size = picture_size(data)
    if size is None:
        raise RunError(f"The sample grid of {run.id} at step {step} is damaged.")
    if not is_small(*size):
        raise RunError(
            f"The sample grid of {run.id} at step {step} has {size[0]} x {size[1]} pixels; at most "
            f"{MOST_PIXELS:,} and {MOST_SIDE:,} a side are read."
        )
    return data, size


def read_grid(run: Run, step: int) -> Pixels:
    """A stored sample grid as uint8 [H, W, 1 or 3]; RunError if the file is damaged."""
    data, _ = sample(run, step)
    try:
        pixels = images.from_png(data)
    except BROKEN as error:
        raise RunError(f"The sample grid of {run.id} at step {step} is damaged.") from error
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or pixels.dtype != np.uint8:
        raise RunError(f"The sample grid of {run.id} at step {step} is neither grey nor RGB.")
    return pixels
