"""A picture in the manner of others, in one pass: Ghiasi et al., 2017, with the app's own weights.

No TensorFlow: the first picture is there before it could be imported, and a training keeps its cores.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan_core.errors import ConfigError
from gan_core.networks import style_numpy
from gan_core.storage import decode

if TYPE_CHECKING:
    from gan_core.types import Floats, Pixels

MOST_SIDE = 1024  # pixels: 0.5 GB of memory
LEAST_SIDE = 16  # smaller pictures are padded
MOST_STYLES = 3
KEPT = 64  # style vectors
LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_lock = threading.Lock()


def stylise(
    content: np.ndarray,
    styles: Sequence[np.ndarray],
    weights: Sequence[float] | None = None,
    strength: float = 1.0,
    keep_colours: bool = False,
) -> Pixels:
    """The content painted in a mix of styles: uint8 [H, W, 3], as large as the content.

    Args:
        content: uint8 [H, W, 3], sides to 1,024.
        styles: one to three pictures, uint8 [h, w, 3] of any size.
        weights: of the styles, at least 0, in any sum above 0; None: equal.
        strength: 0: in the content's own style; 1: in the styles.
        keep_colours: brightness of the result, colours of the content.

    Raises:
        ConfigError: a value is out of range; the text says which.
    """
    found: np.ndarray = stylist().stylise(content, styles, weights, strength, keep_colours)
    return found


@functools.cache
def stylist() -> Stylist:
    """The one of this process."""
    return Stylist()


class Stylist:
    """Both networks, and the numbers of the styles that they have seen; safe from any thread."""

    def __init__(self) -> None:
        self._vectors: dict[bytes, np.ndarray] = {}

    def vector(self, picture: np.ndarray) -> np.ndarray:
        """The 100 numbers of a picture's style, [100]: of the largest square in its middle."""
        key = hashlib.blake2b(picture.tobytes() + repr(picture.shape).encode()).digest()
        found = self._vectors.get(key)
        if found is None:
            square = decode.fitted(_middle(picture), style_numpy.STYLE_SIDE)
            found = style_numpy.predict(_unit(square))
            with _lock:
                if len(self._vectors) >= KEPT:
                    self._vectors.clear()
                self._vectors[key] = found
        return found

    def stylise(
        self,
        content: Pixels,
        styles: Sequence[Pixels],
        weights: Sequence[float] | None = None,
        strength: float = 1.0,
        keep_colours: bool = False,
    ) -> Pixels:
        """See the function of that name."""
        _check(content, styles, strength)
        shares = _shares(weights, len(styles))
        wanted = sum(s * self.vector(style) for s, style in zip(shares, styles, strict=True))
        if strength < 1:
            wanted = strength * wanted + (1 - strength) * self.vector(content)
        made = self._redrawn(content, wanted.astype(np.float32))
        made = _with_colours(made, _unit(content)) if keep_colours else made
        found: Pixels = np.rint(255 * np.clip(made, 0, 1)).astype(np.uint8)
        return found

    def _redrawn(self, content: np.ndarray, style: np.ndarray) -> Floats:
        """float32 [H, W, 3] of any size: mirrored to a size that fits, and cut off again."""
        height, width = content.shape[:2]
        pads = [_room(side, style_numpy.MULTIPLE) for side in (height, width)]
        padded = np.pad(_unit(content), [*pads, (0, 0)], "symmetric")
        made = style_numpy.transform(padded, style)
        (top, _), (left, _) = pads
        return made[top : top + height, left : left + width]


def _room(side: int, multiple: int) -> tuple[int, int]:
    """Pixels before and after a side, to a multiple that is not too small."""
    more = max(LEAST_SIDE, -(-side // multiple) * multiple) - side
    return more // 2, more - more // 2


def _middle(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top : top + side, left : left + side]


def _unit(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float32) / 255


def _with_colours(made: np.ndarray, content: np.ndarray) -> np.ndarray:
    """Each pixel of the content, as much lighter or darker as the result is."""
    found: np.ndarray = content + ((made - content) @ LUMA)[..., None]
    return found


def _shares(weights: Sequence[float] | None, count: int) -> np.ndarray:
    found = np.ones(count) if weights is None else np.asarray(weights, np.float64)
    good = found.shape == (count,) and np.isfinite(found).all() and (found >= 0).all()
    if not good or found.sum() <= 0:
        raise ConfigError(
            f"`weights` must be {count} numbers of at least 0, not all 0. Received: {weights}."
        )
    result: np.ndarray = found / found.sum()
    return result


def _check(content: Pixels, styles: Sequence[Pixels], strength: float) -> None:
    if not 1 <= len(styles) <= MOST_STYLES:
        raise ConfigError(f"There must be 1 to {MOST_STYLES} styles. Received: {len(styles)}.")
    for picture in (content, *styles):
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise ConfigError(
                "Pictures must be uint8 [H, W, 3]. "
                f"Received: {picture.dtype} {list(picture.shape)}."
            )
        if picture.size == 0:
            raise ConfigError("A picture has no pixels.")
    if max(content.shape[:2]) > MOST_SIDE:
        raise ConfigError(
            f"Sides of the content must be at most {MOST_SIDE}. Received: {list(content.shape[:2])}."
        )
    if not 0 <= strength <= 1:
        raise ConfigError(f"`strength` must be between 0 and 1. Received: {strength}.")
