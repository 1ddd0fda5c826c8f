"""What the columns of a table of pixels are: by their names, and by the cells of its first rows."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gan_core.importing.answers import Interview
from gan_core.importing.arrays.layouts import Layout, layouts
from gan_core.importing.arrays.roles import NONE

MIN_PIXELS = 16
MOST_OTHERS = 8  # columns beside the pixels that are known by their names
MOST_ASKED = 20  # columns that may be the class
LABELS = ("label", "class", "y", "target", "emotion", "digit", "category", "labels")
SPLITS = ("usage", "split", "subset")


@dataclass(frozen=True)
class Columns:
    """Those of a table.

    Attributes:
        names: of all; their numbers where it has no line of names.
        packed: the one that holds all pixels of an image, separated by spaces; -1 where each has its own.
        others: beside the pixels by their names: an `id` among `pixel0`, `pixel1`, ...
    """

    names: tuple[str, ...]
    packed: int = -1

    @functools.cached_property
    def others(self) -> list[int]:
        if self.packed >= 0:
            return [i for i in range(len(self.names)) if i != self.packed]
        alike = [re.sub(r"\d+", "#", name.lower()) for name in self.names]
        common, count = Counter(alike).most_common(1)[0]
        others = [i for i, name in enumerate(alike) if name != common]
        return others if len(others) <= MOST_OTHERS and count >= MIN_PIXELS else []

    @functools.cached_property
    def split(self) -> int:
        """The one that tells what is trained on and what is held out; -1 for none."""
        return next((i for i in self.others if self.names[i].lower() in SPLITS), -1)

    def pixels(self, label: int) -> list[int]:
        """Those that hold a pixel each, where the class is in the column `label`."""
        without = {label, *self.others}
        return [i for i in range(len(self.names)) if i not in without]

    def title(self, column: int) -> str:
        """What one is called in a question, unlike any other."""
        name = self.names[column].strip()[:40]
        return name if name and self.names.count(name) == 1 else f"column {column + 1}"

    def left(self, label: int) -> tuple[tuple[str, str], ...]:
        """(name, why) of those that nothing is made of."""
        left = [i for i in self.others if i not in (label, self.split)]
        return tuple((self.title(i), "A column that is not used.") for i in left)


def ask_label(columns: Columns, rows: Sequence[Sequence[str]], interview: Interview) -> int:
    """The column of the class; -1 for none.

    Args:
        rows: the cells of the first ones, one at least.
    """
    free = _free(columns)
    named = [i for i in free if columns.names[i].lower() in LABELS]
    text = [i for i in free if not all(is_number(row[i]) for row in rows) and _repeats(rows, i)]
    likely, why = (named or text or [-1])[0], "its name says so" if named else ""
    if likely < 0 and columns.others:
        likely = next((i for i in columns.others if i in free and _repeats(rows, i)), -1)
    elif likely < 0 and len(columns.names) > 1:
        likely, why = _by_count(columns, rows)
    shown = [columns.title(i) for i in free]
    answer = interview.ask(
        "label", "Which column is the class?", (*shown, NONE),
        columns.title(likely) if likely >= 0 else NONE, why=why,
    )  # fmt: skip
    return -1 if answer == NONE else free[shown.index(answer)]


def _free(columns: Columns) -> list[int]:
    """The columns that may be the class: what is beside the pixels, the first and the last."""
    last = len(columns.names) - 1
    named = {i for i, name in enumerate(columns.names) if name.lower() in LABELS}
    free = {*columns.others} if columns.packed >= 0 else {0, last, *named, *columns.others}
    return sorted(free - {columns.split})[:MOST_ASKED]


def _by_count(columns: Columns, rows: Sequence[Sequence[str]]) -> tuple[int, str]:
    """(the likely column of the class, why): pixels that make a square tell whether there is one."""
    count = len(columns.names)
    if _square(count):
        return -1, f"{count:,} numbers are a square"
    if _square(count - 1):
        return _end(rows), f"{count - 1:,} of {count:,} numbers are a square"
    return (-1 if _ways(count) else _end(rows)), ""


def _end(rows: Sequence[Sequence[str]]) -> int:
    """The first column or the last: which of them has several values, but the fewer."""
    last = len(rows[0]) - 1
    several = [i for i in (0, last) if _repeats(rows, i)]
    return min(several, key=lambda i: len(_values(rows, i)), default=0)


def _repeats(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether a column has several values and one of them twice, as classes do; numbers of rows do not."""
    return len(rows) < 2 or 1 < len(_values(rows, column)) < len(rows)


def _values(rows: Sequence[Sequence[str]], column: int) -> set[str]:
    return {row[column] for row in rows}


def _square(count: int) -> bool:
    return any(way.sides[0] == way.sides[1] for way in _ways(count))


def _ways(count: int) -> list[Layout]:
    """How a row of so many numbers can be an image."""
    ways = layouts((1 << 20, count)) if count >= MIN_PIXELS else []
    return [way for way in ways if not way.last]


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
