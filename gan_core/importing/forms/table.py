"""Tables of pixels: CSV and the like, an image a line, perhaps with its class first or last.

Also one column of pixels separated by spaces (`emotion,pixels,Usage`). A table is read once from start to
end, into a temporary file of numbers; its first lines alone tell what it is.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.errors import DataError, in_brief
from gan_core.importing.answers import Interview
from gan_core.importing.arrays import columns, gzipped, mapping, scratch
from gan_core.importing.arrays.columns import MIN_PIXELS, Columns, is_number
from gan_core.importing.arrays.roles import NONE
from gan_core.importing.arrays.stored import MOST_BYTES, PIECE, Stored, of_array
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source
from gan_core.importing.trees import TRAIN

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
HEAD_LINES = 100  # that tell what it is
MOST_LINE = 4 << 20  # characters of one line
MOST_COLUMNS = 250_000
MOST_ROWS = 2_000_000
BATCH = 64  # lines at once


@dataclass(frozen=True)
class _Shape:
    """How a table is written.

    Attributes:
        skip: lines before the first row.
    """

    separator: str
    columns: Columns
    skip: int


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    path = Path(path)
    if not path.is_file() or not path.name.lower().endswith(ENDINGS):
        return None
    shape = _shape(path)
    if (
        len(shape.columns.names) < MIN_PIXELS
        and shape.columns.packed < 0
        and path.suffix.lower() == ".txt"
    ):
        return None  # text of another kind
    interview = Interview(answers)
    label = _ask_label(path, shape, interview)
    with _Splits() as splits:
        contents = _contents(path, shape, label, HEAD_LINES, splits)
        contents = replace(contents, first_rows=True)
        rest = {name: answer for name, answer in answers.items() if name != "label"}
        found = mapping.recognised(contents, rest)
    return replace(found, questions=(*interview.questions, *found.questions))


def open(path: Path, answers: Answers) -> Source:
    path = Path(path)
    shape = _shape(path)
    label = _ask_label(path, shape, Interview(answers))
    with _Splits() as splits:
        contents = _contents(path, shape, label, MOST_ROWS, splits)
        rest = {name: answer for name, answer in answers.items() if name != "label"}
        return mapping.source(contents, rest)


def _shape(path: Path) -> _Shape:
    """How it is written, by its first lines; DataError where it is no table of pixels."""
    lines = list(itertools.islice(_lines(path), HEAD_LINES))
    if not lines:
        raise DataError(f"{path.name} is empty.")
    separator = max(",;\t", key=lines[-1].count)
    if not lines[-1].count(separator):
        separator = " "
    first, second = (_cells(line, separator) for line in (lines * 2)[:2])
    named = not all(is_number(cell) for cell in first) and any(is_number(cell) for cell in second)
    named = named and _numbers_of(second) > _numbers_of(first)
    names = tuple(first) if named else tuple(f"column {i + 1}" for i in range(len(first)))
    packed = [
        i for i, cell in enumerate(second) if len(cell.split()) >= MIN_PIXELS and separator != " "
    ]
    own = Columns(tuple(name.strip() for name in names), packed[0] if len(packed) == 1 else -1)
    return _Shape(separator, own, int(named))


def _numbers_of(cells: Sequence[str]) -> int:
    return sum(is_number(cell) for cell in cells)


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
    count = len(shape.columns.names)
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


def _ask_label(path: Path, shape: _Shape, interview: Interview) -> int:
    """The column of the class; -1 for none."""
    rows = list(_rows(path, shape, HEAD_LINES))
    if not rows:
        raise DataError("The table has no rows.")
    return columns.ask_label(shape.columns, rows, interview)


class _Numbers:
    """A temporary file of numbers, float32 or uint8, a row an image."""

    def __init__(self):
        self._file: BinaryIO = scratch.temporary()
        self.count = self.width = 0
        self.dtype = np.dtype(np.float32)

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


class _Split:
    """Some rows of a table: the pixels of their images, and their classes."""

    def __init__(self):
        self.numbers, self.classes = _Numbers(), []

    def add(self, rows: list[list[str]], pixels: Callable, label: int) -> None:
        if rows:
            self.numbers.add(pixels(rows))
            self.classes += [row[label].strip() for row in rows] if label >= 0 else []


class _Splits(contextlib.AbstractContextManager):
    """What a table trains on, and what it holds out."""

    def __init__(self):
        self.train, self.test = _Split(), _Split()

    def __exit__(self, *_) -> None:
        self.train.numbers.close()
        self.test.numbers.close()


def _contents(
    path: Path, shape: _Shape, label: int, most: int, splits: _Splits
) -> mapping.Contents:
    """Its pixels and classes; a column `Usage` tells what is held out."""
    own = shape.columns
    pixels = functools.partial(_pixels, own, own.pixels(label), path)
    for rows in _batches(_rows(path, shape, most)):
        parts: tuple[list, list] = ([], [])
        for row in rows:
            parts[own.split >= 0 and row[own.split].strip().lower() not in TRAIN].append(row)
        splits.train.add(parts[0], pixels, label)
        splits.test.add(parts[1], pixels, label)
    arrays, found = {}, {"labels": NONE}
    there = [split for split in (splits.train, splits.test) if split.numbers.count]
    for split, prefix in zip(there, ("", "test_"), strict=False):
        arrays[f"{prefix}pixels"] = split.numbers.stored(f"{prefix}pixels")
        found[f"{prefix}images"] = f"{prefix}pixels"
        if label >= 0:
            arrays[f"{prefix}label"] = of_array(f"{prefix}label", _labels(split.classes))
            found[f"{prefix}labels"] = f"{prefix}label"
    named = ("row", 1) if len(there) > 1 else ("line", 1 + shape.skip)
    return mapping.Contents(
        "CSV", arrays, found, own.left(label), True, title=named[0], first=named[1]
    )


def _labels(classes: list[str]) -> np.ndarray:
    """Numbers where all are numbers, so that 3 and 3.0 are one."""
    if all(is_number(text) for text in classes):
        return np.array(classes, np.float64)
    return np.array(classes)


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def _pixels(own: Columns, where: list[int], path: Path, rows: list[list[str]]) -> np.ndarray:
    """The pixels of some rows, which stand in the columns `where`, float32 [N, P]; DataError where one is no
    number."""
    try:
        if own.packed >= 0:
            return _equal([row[own.packed].split() for row in rows])
        if len(where) < len(own.names):
            rows = [[row[i] for i in where] for row in rows]
        return _equal(rows)
    except ValueError as error:
        raise DataError(
            f"{path.name} holds cells that are no numbers ({str(error)[:80]}). Allowed: one column for the "
            "class, and numbers in all others."
        ) from error


def _equal(rows: Iterable[Sequence[str]]) -> np.ndarray:
    return np.array(rows, np.float32)
