"""How the axes of an array are images: every way that makes sense, the likeliest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

MIN_SIDE, MAX_SIDE = 4, 4096
MOST_OBLONG = 4  # times as wide as high, of images whose sides must be guessed
MOST_CHOICES = 8
COLOURS = (3, 4)
FEW = 20  # fewer are rather no images but the other axis


@dataclass(frozen=True)
class Layout:
    """One way.

    Attributes:
        text: for people; the answer to the question.
        sides: (H, W) of an image.
        order: the axes of one image as rows, columns and, in colour, channels.
        last: True where images are counted by the last axis.
        lead: so many axes together count images.
        inner: what one image's numbers are reshaped to before; () where they have their shape.
        likely: the higher, the likelier.
    """

    text: str
    sides: tuple[int, int]
    order: tuple[int, ...]
    last: bool = False
    lead: int = 1
    inner: tuple[int, ...] = ()
    likely: float = 0

    def image(self, item: np.ndarray) -> np.ndarray:
        """One image [H, W] or [H, W, C] of the numbers of one element."""
        item = item.reshape(self.inner) if self.inner else item
        return item.transpose(self.order)

    def count(self, shape: tuple[int, ...]) -> int:
        return shape[-1] if self.last else math.prod(shape[: self.lead])


# axes -> [(text, order of one image's axes, last, likely)]
_PLAIN = (
    ("image, row, column", (0, 1), False, 4),
    ("row, column, image", (0, 1), True, 3),
    ("image, column, row", (1, 0), False, 2),
    ("column, row, image", (1, 0), True, 1),
)
_COLOUR = (
    ("image, row, column, colour", (0, 1, 2), False, 8),
    ("image, colour, row, column", (1, 2, 0), False, 7),
    ("row, column, colour, image", (0, 1, 2), True, 6),
    ("colour, row, column, image", (1, 2, 0), True, 5),
    ("image, colour, column, row", (2, 1, 0), False, 4),
    ("column, row, colour, image", (1, 0, 2), True, 3),
    ("image, column, row, colour", (1, 0, 2), False, 2),
)


def layouts(
    shape: tuple[int, ...], counts: frozenset[int] = frozenset(), *, last: bool = False
) -> list[Layout]:
    """All ways, the likeliest first; [] where it cannot be images.

    Args:
        shape: without axes of one element.
        counts: how many labels there are, by the arrays that may be labels: as many as images.
        last: whether whoever wrote it counts images by the last axis as a rule, as in MATLAB.
    """
    axes = len(shape)
    found: list[Layout | None]
    if axes == 2:
        found = [*_flat(shape, last=False), *_flat(shape, last=True)]
    elif axes == 3:
        found = [_of_axes(shape, *way) for way in _PLAIN]
    elif axes == 4:
        found = [_of_axes(shape, *way) for way in _COLOUR] or []
    else:
        found = []
    known = [way for way in found if way is not None] + _groups(shape)
    ranked = sorted(known, key=lambda way: -_likely(way, shape, counts, last))
    return ranked[:MOST_CHOICES]


def _likely(
    way: Layout, shape: tuple[int, ...], counts: frozenset[int], usually_last: bool
) -> float:
    """Labels tell which axis counts images; else there are more images than pixels a side."""
    score = way.likely + (100 if way.count(shape) in counts else 0)
    first, last = shape[0], shape[-1]
    square = len(shape) >= 3 and shape[0] == shape[1]
    many = (last > first or usually_last) and (square or len(shape) == 4)
    if len(shape) >= 3 and way.last and many and last not in COLOURS:
        score += 50
    return score - (30 if way.count(shape) < FEW else 0)


def _of_axes(
    shape: tuple[int, ...], text: str, order: tuple[int, ...], last: bool, likely: float
) -> Layout | None:
    """A way that takes the axes as they are; None where a side is no side or a colour none."""
    rest = shape[:-1] if last else shape[1:]
    high, wide, *channels = (rest[axis] for axis in order)
    if not _is_side(high, wide) or (channels and channels[0] not in COLOURS):
        return None
    return Layout(text, (high, wide), order, last=last, likely=likely)


def _is_side(*sides: int) -> bool:
    return all(MIN_SIDE <= side <= MAX_SIDE for side in sides)


def _flat(shape: tuple[int, ...], *, last: bool) -> list[Layout]:
    """One image a row, or a column, of numbers."""
    pixels = shape[0] if last else shape[1]
    more = ", an image a column" if last else ""
    away = -20 if last else 0
    side, third = math.isqrt(pixels), math.isqrt(pixels // 3)
    found = []
    if side * side == pixels and _is_side(side):
        size, inner = f"{side} x {side}", (side, side)
        found += [
            Layout(f"{size}{more}", inner, (0, 1), last, inner=inner, likely=9 + away),
            Layout(
                f"{size}, column by column{more}", inner, (1, 0), last, inner=inner, likely=8 + away
            ),
        ]
    if 3 * third * third == pixels and _is_side(third):
        size, sides = f"{third} x {third} in colour", (third, third)
        planes, mixed = (3, third, third), (third, third, 3)
        found += [
            Layout(f"{size}, all red first{more}", sides, (1, 2, 0), last, inner=planes, likely=7 + away),
            Layout(
                f"{size}, red, green, blue of each pixel{more}",
                sides, (0, 1, 2), last, inner=mixed, likely=6 + away,
            ),
        ]  # fmt: skip
    return found if found or last else _oblong(pixels)


def _oblong(pixels: int) -> list[Layout]:
    """Rows and columns whose product is the number of pixels, the nearest to a square first."""
    found = []
    for high in range(MIN_SIDE, min(MAX_SIDE, pixels) + 1):
        wide = pixels // high
        if (
            high * wide == pixels
            and _is_side(wide)
            and max(high, wide) <= MOST_OBLONG * min(high, wide)
        ):
            away_from_square = abs(math.log(high / wide)) + 0.01 * (high > wide)
            found.append(
                Layout(
                    f"{high} x {wide}",
                    (high, wide),
                    (0, 1),
                    inner=(high, wide),
                    likely=5 - away_from_square,
                )
            )
    return found


def _groups(shape: tuple[int, ...]) -> list[Layout]:
    """Images by the last axes, counted by all before them: frames of films, alphabets of letters."""
    if len(shape) >= 5 and shape[-1] in COLOURS and _is_side(*shape[-3:-1]):
        return [
            Layout(
                "group, image, row, column, colour",
                (shape[-3], shape[-2]),
                (0, 1, 2),
                lead=len(shape) - 3,
            )
        ]
    if len(shape) >= 4 and _is_side(*shape[-2:]) and max(shape[-2:]) <= 2 * min(shape[-2:]):
        return [
            Layout("group, image, row, column", (shape[-2], shape[-1]), (0, 1), lead=len(shape) - 2)
        ]
    return []
