"""Tables of pixels: CSV and the like, an image a line, perhaps with its class first or last.

Also one column of pixels separated by spaces (`emotion,pixels,Usage`). A table is read once from start to
end, into a temporary file of numbers; its first lines alone tell what it is.
"""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.errors import DataError, in_brief
from gan_core.importing.answers import Interview
from gan_core.importing.arrays import gzipped, mapping, scratch
from gan_core.importing.arrays.layouts import Layout, layouts
from gan_core.importing.arrays.stored import MOST_BYTES, PIECE, Stored, of_array
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
HEAD_LINES = 100  # that tell what it is
MOST_LINE = 4 << 20  # characters of one line
MOST_COLUMNS = 250_000
MIN_PIXELS = 16
MOST_ROWS = 2_000_000
BATCH = 64  # lines at once
NONE = mapping.NONE
LABELS = ("label", "class", "y", "target", "emotion", "digit", "category", "labels")


@dataclass(frozen=True)
class _Shape:
    """How a table is written.

    Attributes:
        names: of its columns; their numbers where it has no line of names.
        skip: lines before the first row.
        packed: the column that holds all pixels of an image, separated by spaces; -1 where each has its own.
    """

    separator: str
    names: tuple[str, ...]
    skip: int
    packed: int = -1


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    path = Path(path)
    if not path.is_file() or not path.name.lower().endswith(ENDINGS):
        return None
    shape = _shape(path)
    if len(shape.names) < MIN_PIXELS and shape.packed < 0 and path.suffix.lower() == ".txt":
        return None  # text of another kind
    interview = Interview(answers)
    label = _ask_label(shape, _rows(path, shape, HEAD_LINES), interview)
    with _Numbers() as numbers:
        contents = _contents(path, shape, label, HEAD_LINES, numbers)
        rest = {name: answer for name, answer in answers.items() if name != "label"}
        found = mapping.recognised(contents, rest)
    return replace(found, questions=(*interview.questions, *found.questions))


def open(path: Path, answers: Answers) -> Source:
    path = Path(path)
    shape = _shape(path)
    label = _ask_label(shape, _rows(path, shape, HEAD_LINES), Interview(answers))
    numbers = _Numbers()
    try:
        contents = _contents(path, shape, label, MOST_ROWS, numbers)
        rest = {name: answer for name, answer in answers.items() if name != "label"}
        return mapping.source(contents, rest)
    finally:
        numbers.close()


def _shape(path: Path) -> _Shape:
    """How it is written, by its first lines; DataError where it is no table of pixels."""
    lines = list(itertools.islice(_lines(path), HEAD_LINES))
    if not lines:
        raise DataError(f"{path.name} is empty.")
    separator = max(",;\t", key=lines[-1].count)
    if not lines[-1].count(separator):
        separator = " "
    first, second = (_cells(line, separator) for line in (lines * 2)[:2])
    named = not all(_is_number(cell) for cell in first) and any(_is_number(cell) for cell in second)
    named = named and _numbers_of(second) > _numbers_of(first)
    names = tuple(first) if named else tuple(f"column {i + 1}" for i in range(len(first)))
    shape = _Shape(separator, tuple(name.strip() for name in names), int(named))
    packed = [
        i for i, cell in enumerate(second) if len(cell.split()) >= MIN_PIXELS and separator != " "
    ]
    return replace(shape, packed=packed[0]) if len(packed) == 1 else shape


def _numbers_of(cells: Sequence[str]) -> int:
    return sum(_is_number(cell) for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _lines(path: Path) -> Iterator[str]:
    """Its lines, unpacked where it is a gzip; DataError where it is no text, or a line has no end."""
    _, packed = gzipped.head(path, 2)
    rest = b""
    for piece in gzipped.pieces(path) if packed else _pieces(path):
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > MOST_LINE:
            raise DataError(f"{path.name} has a line of more than {MOST_LINE:,} characters.")
        yield from (_text(line, path) for line in whole if line.strip())
    if rest.strip():
        yield _text(rest, path)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _text(line: bytes, path: Path) -> str:
    if b"\0" in line:
        raise DataError(f"{path.name} is no text. Save the table as CSV in UTF-8.")
    return line.decode("utf-8", "replace").strip("\r\ufeff")


def _cells(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator))
    except csv.Error as error:
        raise DataError(f"A line of the table cannot be read ({in_brief(error)}).") from error


def _rows(path: Path, shape: _Shape, most: int) -> Iterator[list[str]]:
    """The cells of each row; DataError where one has more or fewer than the first."""
    count = len(shape.names)
    if count > MOST_COLUMNS:
        raise DataError(f"{path.name} has {count:,} columns. Allowed: {MOST_COLUMNS:,}.")
    for number, line in enumerate(itertools.islice(_lines(path), most + shape.skip), 1):
        if number <= shape.skip:
            continue
        cells = _cells(line, shape.separator)
        if len(cells) != count:
            raise DataError(
                f"Row {number} of {path.name} has {len(cells):,} cells, the first one {count:,}. "
                "Allowed: as many in each."
            )
        yield cells


def _ask_label(shape: _Shape, rows: Iterator[list[str]], interview: Interview) -> int:
    """The column of the class; -1 for none."""
    names, count = shape.names, len(shape.names)
    first = next(rows, None)
    if first is None:
        raise DataError("The table has no rows.")
    if shape.packed >= 0:
        free = [i for i in range(count) if i != shape.packed]
    else:
        free = sorted(
            {0, count - 1} | {i for i, name in enumerate(names) if name.lower() in LABELS}
        )
    free = free[:20]
    named = [i for i in free if names[i].lower() in LABELS]
    text = [i for i in free if not _is_number(first[i])]
    likely, why = (named or text or [-1])[0], "its name says so" if named else ""
    if likely < 0 and shape.packed < 0 and count > 1:
        likely, why = _by_count(count)
    shown = [_title(names, i) for i in free]
    answer = interview.ask(
        "label", "Which column is the class?", (*shown, NONE),
        _title(names, likely) if likely >= 0 else NONE, why=why,
    )  # fmt: skip
    return -1 if answer == NONE else free[shown.index(answer)]


def _title(names: tuple[str, ...], column: int) -> str:
    return f"{names[column][:40]}" if names.count(names[column]) == 1 else f"column {column + 1}"


def _by_count(count: int) -> tuple[int, str]:
    """(the likely column of the class, why): pixels that make a square tell whether there is one."""
    if _square(count):
        return -1, f"{count:,} numbers are a square"
    if _square(count - 1):
        return 0, f"{count - 1:,} of {count:,} numbers are a square"
    return (-1 if _ways(count) else 0), ""


def _square(count: int) -> bool:
    return any(way.sides[0] == way.sides[1] for way in _ways(count))


def _ways(count: int) -> list[Layout]:
    """How a row of so many numbers can be an image."""
    ways = layouts((1 << 20, count)) if count >= MIN_PIXELS else []
    return [way for way in ways if not way.last]


class _Numbers:
    """A temporary file of numbers, float32 or uint8, a row an image."""

    def __init__(self):
        self._file: BinaryIO = scratch.temporary()
        self.count = self.width = 0
        self.dtype = np.dtype(np.float32)

    def __enter__(self) -> _Numbers:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def add(self, values: np.ndarray) -> None:
        """Some rows, float32 [N, P]."""
        if not self.count:
            self.width = values.shape[1]
        self.count += len(values)
        if self.count * self.width * 4 > MOST_BYTES:
            raise DataError(f"The table holds more than {MOST_BYTES >> 30} GiB of numbers.")
        with scratch.room(values.size * 4):
            self._file.write(np.ascontiguousarray(values, np.float32).data)

    def stored(self, name: str) -> Stored:
        with scratch.room():
            self._file.flush()
        return Stored(name, (self.count, self.width), self.dtype, self._pieces)

    def _pieces(self) -> Iterator[bytes]:
        with os.fdopen(os.dup(self._file.fileno()), "rb") as file:
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece

    def close(self) -> None:
        scratch.close(self._file)


def _contents(
    path: Path, shape: _Shape, label: int, most: int, numbers: _Numbers
) -> mapping.Contents:
    """Its pixels and classes; a column `Usage` tells what is held out."""
    classes: list[str] = []
    for rows in _batches(_rows(path, shape, most)):
        numbers.add(_pixels(rows, shape, label, path))
        if label >= 0:
            classes += [row[label].strip() for row in rows]
    pixels = numbers.stored("pixels")
    arrays, found = {"pixels": pixels}, {"images": "pixels", "labels": NONE}
    if label >= 0:
        arrays["label"] = of_array("label", _labels(classes))
        found["labels"] = "label"
    return mapping.Contents("CSV", arrays, found, ask_zero=True, title="line", first=1 + shape.skip)


def _labels(classes: list[str]) -> np.ndarray:
    """Numbers where all are numbers, so that 3 and 3.0 are one."""
    if all(_is_number(text) for text in classes):
        return np.array(classes, np.float64)
    return np.array(classes)


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def _pixels(rows: list[list[str]], shape: _Shape, label: int, path: Path) -> np.ndarray:
    """The pixels of some rows, float32 [N, P]; DataError where one is no number."""
    try:
        if shape.packed >= 0:
            return _equal([row[shape.packed].split() for row in rows])
        if label >= 0:
            rows = [row[:label] + row[label + 1 :] for row in rows]
        return _equal(rows)
    except ValueError as error:
        raise DataError(
            f"{path.name} holds cells that are no numbers ({str(error)[:80]}). Allowed: one column for the "
            "class, and numbers in all others."
        ) from error


def _equal(rows: Iterable[Sequence[str]]) -> np.ndarray:
    return np.array(rows, np.float32)
