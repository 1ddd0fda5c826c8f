"""The one function that makes a picture what training sees: for the preview and for what is kept."""

from __future__ import annotations

import numpy as np
from PIL import Image

from gan_core.errors import ConfigError
from gan_core.importing.base import FITS, Plan

MIDDLE = 0.5


def square(pixels: np.ndarray, plan: Plan, offset: float = MIDDLE) -> np.ndarray:
    """A picture uint8 [H, W, 1 or 3] as the plan says: uint8 [S, S, C].

    With `plan.size` 0 its height and width stay as they are. Grey becomes one channel, all else three.

    Args:
        offset: where a crop's frame stands along the longer side, 0 (left or top) to 1.

    Raises:
        ConfigError: the plan names no way to make it square.
    """
    if plan.fit not in FITS:
        raise ConfigError(f"`fit` is {plan.fit!r}. Allowed: {', '.join(FITS)}.")
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    picture = picture.convert("L" if plan.grey else "RGB")
    if plan.size:
        picture = _FITTED[plan.fit](picture, plan.size, offset)
    found = np.asarray(picture)
    return found[..., None] if found.ndim == 2 else found


Box = tuple[float, float, float, float]  # left, top, right, bottom


def _cropped(picture: Image.Image, size: int, offset: float) -> Image.Image:
    width, height = picture.size
    short = min(width, height)
    left, top = (width - short) * offset, (height - short) * offset
    return _scaled(picture, size, size, (left, top, left + short, top + short))


def _padded(picture: Image.Image, size: int, offset: float) -> Image.Image:
    """In the middle of a ground of its edge's colour, the median of the sides that touch the ground."""
    width, height = picture.size
    longer = max(width, height)
    wide, high = (max(1, round(size * n / longer)) for n in (width, height))
    values = np.asarray(picture)
    edges = (values[[0, -1]] if width >= height else values[:, [0, -1]].swapaxes(0, 1)).reshape(
        -1, *values.shape[2:]
    )
    colour = np.median(edges, axis=0).astype(int)
    ground = Image.new(picture.mode, (size, size), tuple(np.atleast_1d(colour).tolist()))
    ground.paste(_scaled(picture, wide, high), ((size - wide) // 2, (size - high) // 2))
    return ground


def _stretched(picture: Image.Image, size: int, offset: float) -> Image.Image:
    return _scaled(picture, size, size)


def _scaled(picture: Image.Image, width: int, height: int, box: Box | None = None) -> Image.Image:
    return picture.resize((width, height), Image.Resampling.LANCZOS, box, reducing_gap=None)


_FITTED = {"crop": _cropped, "pad": _padded, "stretch": _stretched}
