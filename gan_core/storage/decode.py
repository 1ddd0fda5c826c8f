"""Anybody's picture file as pixels: what it declares is looked at before a pixel is decoded."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from PIL import Image, ImageOps

from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Pixels

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
JPEGS = ("JPEG", "MPO")  # as Pillow calls them; an MPO has a preview behind it, as phones write it
MOST_BYTES = 100_000_000
MOST_PIXELS = 64_000_000  # 0.2 GB in colour, 0.5 GB while a picture with 16 bits is decoded
ANY_SIZE = 1 << 62  # where nothing is decoded
DRAFT = 2  # a JPEG is decoded at least this many times as large as it is wanted
KEEP = 3  # times as large as wanted is what a picture is reduced to before it is made small
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
GROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "grey": (128, 128, 128)}
WHITE = "white"  # of GROUNDS, behind what is transparent where nothing else is said
BROKEN = (  # what Pillow raises at files that are no pictures, or are damaged
    OSError, SyntaxError, ValueError, EOFError, OverflowError, IndexError, KeyError, TypeError,
    struct.error, zlib.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def read(path: Path | str, side: int) -> Pixels:
    """A picture file as uint8 [H, W, 3] whose longer side has `side` pixels.

    Raises:
        DataError: it is missing, no picture, damaged or too large; the text says which.
    """
    shown = Path(path).name or str(path)
    try:
        size = os.stat(path).st_size
        if not os.path.isfile(path):
            raise DataError(f"`{shown}` is no file.")
        _check_bytes(shown, size)
        return decode(Path(path).read_bytes(), side, name=shown)
    except OSError as error:
        raise DataError(f"`{shown}` cannot be read ({error.strerror or error}).") from error


def decode(data: bytes, side: int, *, name: str = "the picture") -> np.ndarray:
    """The same of the bytes of a file. Of an animation the first frame; what is transparent is white.

    Turned as its camera says. Grey, CMYK, palettes and 16 bits become RGB with 8.
    """
    with opened(data, name, side=side) as picture:
        return fitted(_rgb(ImageOps.exif_transpose(picture)), side)


@dataclass(frozen=True)
class Whole:
    """A picture in its own proportions, and what was done to it.

    Attributes:
        pixels: uint8 [H, W, 3].
        size: (width, height) as people see it, before it was decoded smaller.
        did: of "turned", "transparent", "cmyk", "16 bits", "own span" and "animated", what holds.
    """

    pixels: Pixels
    size: tuple[int, int]
    did: tuple[str, ...]


def whole(data: bytes, side: int, *, name: str = "the picture", ground: str = WHITE) -> Whole:
    """A picture decoded so that its shorter side keeps at least `side` pixels where it has them.

    A large one comes smaller than it is, but never below three times that, so that what is made of it
    later looks as if made of all of it.

    Args:
        ground: one of GROUNDS, what shows through where it is transparent.

    Raises:
        DataError: it is no picture, damaged or too large; the text says which.
    """
    with opened(data, name, most=ANY_SIZE) as picture:
        declared = picture.size
    with opened(data, name, side=side) as picture:
        picture.load()  # a TIFF turns itself here, and says so no more
        orientation = _orientation(picture)
        size = declared if picture.format in JPEGS else picture.size
        did = tuple(word for word, holds in _traits(picture, orientation) if holds)
        shown = _shrunk(_rgb(picture, ground), KEEP * side)
        turned = shown.transpose(TURNS[orientation]) if orientation != 1 else shown
        return Whole(np.asarray(turned), size[::-1] if orientation > 4 else size, did)


def check_ground(ground: str) -> None:
    """DataError where it is none of GROUNDS."""
    if ground not in GROUNDS:
        raise DataError(f"`ground` must be one of {', '.join(GROUNDS)}. Received: `{ground[:40]}`.")


def _orientation(picture: Image.Image) -> int:
    """1 to 8, as its camera says; 1 where it says nothing that can be understood."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except BROKEN:
        return 1
    return found if found in range(2, 9) else 1


def seen_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height of an opened picture as people see it, turned as its camera says."""
    return picture.size[::-1] if _orientation(picture) > 4 else picture.size


def _traits(picture: Image.Image, orientation: int) -> list[tuple[str, bool]]:
    return [
        ("turned", orientation != 1),
        ("transparent", _is_transparent(picture)),
        ("cmyk", picture.mode == "CMYK"),
        ("16 bits", _is_deep(picture) and _has_scale(picture)),
        ("own span", _is_deep(picture) and not _has_scale(picture)),
        ("animated", picture.format not in JPEGS and getattr(picture, "n_frames", 1) > 1),
    ]


def _is_transparent(picture: Image.Image) -> bool:
    """Whether any of it is; an alpha channel alone does not say so."""
    if picture.mode in ("RGBA", "LA"):
        least, _ = cast("tuple[int, int]", picture.getchannel("A").getextrema())  # one channel's
        return least < 255
    return _has_alpha(picture)


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode.endswith(("A", "a")) or "transparency" in picture.info


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    width, height = size
    return max(1, round(factor * width)), max(1, round(factor * height))


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    """Made smaller where it is far larger, so that its shorter side has `side` pixels."""
    factor = side / min(picture.size)
    if factor > 0.5:
        return picture
    size = _scaled(picture.size, factor)
    return picture.resize(size, Image.Resampling.HAMMING)


@contextlib.contextmanager
def opened(
    data: bytes, name: str, most: int = MOST_PIXELS, side: int | None = None
) -> Iterator[Image.Image]:
    """A picture of bytes that nobody vouches for, not decoded yet; what breaks in the block is in words.

    Args:
        most: pixels that are decoded.
        side: of what it is wanted for, in pixels; a JPEG is then decoded no larger than it needs to be.

    Raises:
        DataError: no picture, damaged, or too large; the text says which.
    """
    _check_bytes(name, len(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of large and of damaged files, which are told otherwise
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if side:
                    picture.draft(None, (DRAFT * side, DRAFT * side))
                _check_size(name, picture, most)
                yield picture
    except MemoryError as error:
        raise DataError(f"`{name}` does not fit in memory. Make it smaller.") from error
    except Image.DecompressionBombError as error:  # so many that Pillow does not even open it
        raise DataError(
            f"`{name}` declares far more pixels than the {most:,} that are decoded at most. Make it smaller."
        ) from error
    except BROKEN as error:
        raise DataError(
            f"`{name}` is no picture that can be read here, or it is damaged. "
            f"Allowed: {', '.join(FORMATS)}."
        ) from error


def fitted(picture: Image.Image | np.ndarray, side: int) -> Pixels:
    """Scaled so that the longer side has `side` pixels and the other at least one: uint8 [H, W, 3]."""
    if isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    factor = side / max(picture.size)
    size = _scaled(picture.size, factor)
    small = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)
    return np.array(small)


def _check_bytes(name: str, size: int) -> None:
    if not 0 < size <= MOST_BYTES:
        raise DataError(
            f"`{name}` has {size:,} bytes. Allowed: 1 to {MOST_BYTES:,}."
            if size
            else f"`{name}` is empty."
        )


def _check_size(name: str, picture: Image.Image, most: int) -> None:
    width, height = picture.size
    if width * height > most:
        raise DataError(
            f"`{name}` has {width:,} x {height:,} pixels; at most {most:,} are decoded. "
            "Make it smaller."
        )


def _rgb(picture: Image.Image, ground: str = WHITE) -> Image.Image:
    """Of any mode of Pillow, in RGB."""
    if _is_deep(picture):
        values = np.asarray(picture)
        grey = _eight_bits(values, 65535.0 if _has_scale(picture) else None)
        shown = np.array(Image.fromarray(grey).convert("RGB"))
        if (hidden := picture.info.get("transparency")) is not None:
            shown[values == hidden] = GROUNDS[ground]  # one value that means nothing is there
        return Image.fromarray(shown)
    if _has_alpha(picture):
        picture = _with_eight_bits(picture).convert("RGBA")
        behind = Image.new("RGBA", picture.size, (*GROUNDS[ground], 255))
        return Image.alpha_composite(behind, picture).convert("RGB")
    return picture.convert("RGB")


def _with_eight_bits(picture: Image.Image) -> Image.Image:
    """The same whose transparent colour has 8 bits like its pixels; of a PNG of 16 bits it has 16."""
    hidden = picture.info.get("transparency")
    if isinstance(hidden, tuple) and max(hidden) > 255:
        picture.info["transparency"] = tuple(value >> 8 for value in hidden)
    return picture


def _is_deep(picture: Image.Image) -> bool:
    """Whether it is grey with more than 8 bits, or of fractions."""
    return picture.mode.startswith("I") or picture.mode == "F"


def _has_scale(picture: Image.Image) -> bool:
    """Whether its format says what is white, as that of 16 bits does.

    Whole numbers of 32 bits and fractions mean anything: 255 may be white, or 7, or a million.
    """
    return picture.mode.startswith("I;16")


def _eight_bits(values: np.ndarray, white: float | None) -> Pixels:
    """Grey as uint8 [H, W]: from 0 to what is white, or, where that is None, from its least to its
    largest number; what is no number is black."""
    values = values.astype(np.float64)
    known = values[np.isfinite(values)] if white is None else np.array([0.0, white])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    values = np.nan_to_num(values, nan=low, posinf=low, neginf=low)
    return np.rint((values - low) / max(high - low, 1e-12) * 255).astype(np.uint8)
