"""Which number is black and which is white, and bringing images to uint8 accordingly."""

from __future__ import annotations

import re

import numpy as np

from gan_core.errors import DataError

LOWEST = "lowest to highest"
_RANGE = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s+to\s+(-?\d+(?:\.\d+)?)\s*")
BRIGHT = 128  # uint8 that reach it need no question
TOLERANCE = 0.02  # of the range: interpolated pictures swing a little beyond it
WHOLE = (1, 15, 16, 31, 63, 100, 127, 255, 1023, 4095, 16383, 65535)  # whites of whole numbers


def guess(dtype: np.dtype, span: tuple[float, float] | None) -> tuple[str, tuple[str, ...]]:
    """(what is likely, what else may be), `0 to 255` and the like; the second () needs no question.

    Args:
        span: smallest and largest value of what was looked at; None without a number.
    """
    if dtype.kind == "b":
        return "0 to 1", ()
    if span is None:
        return LOWEST, ()
    low, high = span
    if dtype == np.uint8 and (high >= BRIGHT or high == 0):
        return "0 to 255", ()
    likely = _fractions(low, high) if dtype.kind == "f" else _whole(dtype, low, high)
    others = ["0 to 255", LOWEST]
    if low >= 0 and 1 < high < 255:
        others.insert(0, f"0 to {high:g}")
    return likely, tuple(dict.fromkeys([likely, *others]))


def _fractions(low: float, high: float) -> str:
    if low >= 0 and high <= 1 + TOLERANCE:
        return "0 to 1"
    if -0.5 - TOLERANCE <= low < 0 and high <= 0.5 + TOLERANCE:
        return "-0.5 to 0.5"
    if -1 - TOLERANCE <= low < 0 and high <= 1 + TOLERANCE:
        return "-1 to 1"
    return _whole(np.dtype(np.int64), low, high)


def _whole(dtype: np.dtype, low: float, high: float) -> str:
    if dtype.kind == "u" and dtype.itemsize == 2 and high > 255:
        return f"0 to {next(white for white in WHOLE if high <= white)}"
    if low >= 0 and high <= 1:
        return "0 to 1"
    if low >= 0 and high in (15, 16):  # scans of digits of 4 bits, and sums of 4 x 4 points
        return f"0 to {high:g}"
    if low >= 0 and 8 < high <= 16:
        return "0 to 16"
    if low >= 0 and 99 <= high <= 100:  # per cent
        return "0 to 100"
    if low >= 0 and high <= 65535:
        return f"0 to {next(white for white in WHOLE if high <= white and white >= 255)}"
    if -128 <= low < 0 and 1 < high <= 127 and low < -16:
        return "-128 to 127"
    return LOWEST


def parse(answer: str) -> tuple[float, float] | None:
    """(black, white); None for the lowest and highest value there are; DataError for anything else."""
    if answer == LOWEST:
        return None
    match = _RANGE.fullmatch(answer)
    if match and float(match[1]) < float(match[2]):
        return float(match[1]), float(match[2])
    raise DataError(
        f"`values` must say which numbers are black and white. Received: {answer[:40]!r}. Allowed: "
        f'"0 to 255", "-1 to 1" and the like, or "{LOWEST}".'
    )


def to_uint8(image: np.ndarray, black: float, white: float, *, inverted: bool) -> np.ndarray:
    """Numbers of any type as uint8 of the same shape.

    Raises:
        DataError: a value is no number, or lies beyond black and white.
    """
    if image.dtype == np.uint8 and (black, white) == (0, 255):
        return 255 - image if inverted else image
    values = image.astype(np.float64)
    _check(values, black, white)
    share = (values - black) / (white - black or 1)
    share = 1 - share if inverted else share
    return np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)


def _check(values: np.ndarray, black: float, white: float) -> None:
    low, high = float(values.min()), float(values.max())  # either is NaN where one value is
    if not (np.isfinite(low) and np.isfinite(high)):
        raise DataError("It holds values that are no numbers (NaN or infinite).")
    beyond = TOLERANCE * (white - black)
    if low < black - beyond or high > white + beyond:
        raise DataError(
            f"Its values go from {low:g} to {high:g}, beyond {black:g} to {white:g}, which were said to be "
            "black and white."
        )
