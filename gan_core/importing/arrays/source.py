"""Arrays that are open, as a source of pictures."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gan_core.errors import DataError
from gan_core.importing.arrays.layouts import Layout
from gan_core.importing.arrays.stored import Rows, Stored, full_span
from gan_core.importing.arrays.values import to_uint8
from gan_core.importing.base import Decoded, Item, Unusable
from gan_core.storage.decode import GROUNDS, WHITE


@dataclass(frozen=True)
class Part:
    """Images of one array.

    Attributes:
        values: (black, white); None: its lowest and highest value.
        classes: of each image; () without.
        title: what its images are called, with a number after it; the same of no two parts.
        first: the number of its first image.
        side, held_out: as of its items.
        paired: whether equal numbers of both sides belong together.
    """

    stored: Stored
    layout: Layout
    values: tuple[float, float] | None
    inverted: bool = False
    classes: Sequence[str] = ()
    title: str = "row"
    first: int = 0
    side: str = ""
    held_out: bool = False
    paired: bool = False

    def items(self) -> list[Item]:
        count = self.layout.count(self.stored.shape)
        pair = self.title.removeprefix(f"{self.side} ") if self.paired else ""
        return [
            Item(
                name=f"{self.title} {self.first + i}",
                class_name=self.classes[i] if self.classes else "",
                side=self.side,
                pair=f"{pair} {self.first + i}" if pair else "",
                held_out=self.held_out,
            )
            for i in range(count)
        ]


class ArraySource:
    """See base.Source. Packed arrays are unpacked when it is made, so that each image is at hand.

    Raises:
        DataError: an array does not hold what it declared, or there is no room to unpack it.
    """

    def __init__(
        self,
        form: str,
        kind: str,
        parts: Sequence[Part],
        passed_over: Sequence[tuple[str, str]] = (),
    ):
        self.form, self.kind, self.ground = form, kind, WHITE
        self.passed_over: Sequence[tuple[str, str]] = tuple(passed_over)
        self.unmatched: Sequence[str] = ()
        self.labelled = all(part.classes for part in parts)
        self._parts = list(parts)
        self._rows: list[Rows] = []
        try:
            self._ranges = [part.values or full_span(part.stored) or (0.0, 1.0) for part in parts]
            for part in parts:
                self._rows.append(Rows(part.stored, last=part.layout.last, lead=part.layout.lead))
        except BaseException:
            self.close()
            raise
        found = [part.items() for part in parts]
        self._ends = list(itertools.accumulate(map(len, found)))
        self.items: Sequence[Item] = tuple(itertools.chain(*found))

    def pixels(self, index: int, side: int) -> np.ndarray | Decoded:
        """One image, uint8 [H, W, 1 or 3]; `side` changes nothing.

        Raises:
            Unusable: it holds values that cannot be, or is no longer there.
        """
        which = bisect.bisect_right(self._ends, index)
        part, start = self._parts[which], self._ends[which - 1] if which else 0
        try:
            image = part.layout.image(self._rows[which][index - start])
            image = to_uint8(image, *self._ranges[which], inverted=part.inverted)
        except DataError as error:
            raise Unusable(str(error)) from error
        if image.ndim == 2:
            return image[..., None]
        if image.shape[2] != 4:
            return np.ascontiguousarray(image)
        did = ("transparent",) if image[..., 3].min() < 255 else ()
        return Decoded(_laid(image, GROUNDS[self.ground]), (image.shape[1], image.shape[0]), did)

    def close(self) -> None:
        for rows in self._rows:
            rows.close()


def _laid(image: np.ndarray, ground: tuple[int, int, int]) -> np.ndarray:
    """RGBA uint8 [H, W, 4] on a colour, [H, W, 3]."""
    opaque = image[..., 3:].astype(np.uint16)
    mixed = image[..., :3] * opaque + np.array(ground, np.uint16) * (255 - opaque)
    return ((mixed + 127) // 255).astype(np.uint8)
