"""The elements of a MATLAB file of version 5 to 7: arrays of numbers, text, and structures of them."""

from __future__ import annotations

import contextlib
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays.mat_streams import Unpacked
from gan_core.importing.arrays.stored import PIECE, Stored, in_file, of_array

NUMBERS = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
TEXTS = {16: "utf-8", 17: "utf-16", 18: "utf-32", 4: "utf-16", 2: "latin-1"}
MATRIX = 14
OPAQUE = (16, 17)  # functions and objects, which have no shape
LEFT = "an object, a function or a sparse array; save it as plain numbers"
CELL, STRUCT, CHAR, FIRST_NUMBER, LAST_NUMBER = 1, 2, 4, 6, 15
COMPLEX = 0x0800
MOST_ELEMENTS = 10_000
MAX_DEPTH, MAX_AXES = 8, 8
MOST_TEXT = 1 << 16
MOST_FIELDS = 200


@dataclass
class Found:
    arrays: dict[str, Stored] = field(default_factory=dict)
    passed_over: list[tuple[str, str]] = field(default_factory=list)
    elements: int = 0

    def count(self) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise DataError(f"It holds more than {MOST_ELEMENTS:,} elements.")


@dataclass(frozen=True)
class Place:
    """Where numbers lie: in the file, or so far into what a packed element unpacks to."""

    path: Path
    order: str
    start: int
    packed: int = 0  # bytes of the packed element; 0 where it is not packed


class Reader:
    """Reads one matrix and what lies in it."""

    def __init__(self, stream, place: Place, found: Found, file: BinaryIO | None = None):
        self.stream, self.place, self.found, self.file = stream, place, found, file

    def top(self, size: int) -> None:
        """A matrix that lies in no other; what is left of it, the file skips."""
        try:
            self.matrix(size, "", 0)
        except _Left as left:
            self.found.passed_over.append(left.args)

    def tag(self) -> tuple[int, int, bytes | None]:
        """(type, length, its bytes where they are so few that they lie in the tag itself)."""
        head = self.stream.read(8)
        kind, length = struct.unpack(f"{self.place.order}II", head)
        if kind >> 16:  # the short form: length and type share a number
            kind, length = kind & 0xFFFF, kind >> 16
            if length > 4:
                raise ValueError("a short element is too long")
            return kind, length, head[4 : 4 + length]
        return kind, length, None

    def small(self) -> tuple[int, bytes]:
        """(type, bytes) of an element that must be short."""
        kind, length, data = self.tag()
        if data is None:
            if length > MOST_TEXT:
                raise ValueError("a name or a list of sizes is too long")
            data = self.stream.read(length)
            self.stream.skip(-length % 8)
        return kind, data

    def matrix(self, size: int, name: str, depth: int) -> None:
        """One array: numbers are noted, structures looked into, all else is left."""
        self.found.count()
        if size == 0:  # an empty field
            return
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deep")
        _, flags = self.small()
        word = struct.unpack_from(f"{self.place.order}I", flags)[0]
        kind = word & 0xFF
        if kind in OPAQUE:
            raise _Left(name or "an object", LEFT)
        shape = self.shape()
        _, own = self.small()
        name = f"{name}.{own.decode('latin-1')}".strip(".") if own else name
        if FIRST_NUMBER <= kind <= LAST_NUMBER:
            self.numbers(shape, name, word)
            return
        read = {STRUCT: self.structure, CELL: self.cells, CHAR: self.text}.get(kind)
        if read is None:
            raise _Left(name, LEFT)
        read(shape, name, depth)

    def shape(self) -> tuple[int, ...]:
        _, data = self.small()
        shape = struct.unpack(f"{self.place.order}{len(data) // 4}i", data)
        if not 1 <= len(shape) <= MAX_AXES or min(shape) < 0:
            raise ValueError(f"it declares the shape {shape}")
        return shape

    def numbers(self, shape: tuple[int, ...], name: str, flags: int) -> None:
        kind, length, data = self.tag()
        if kind not in NUMBERS:
            raise ValueError(f"`{name}` has numbers of an unknown type {kind}")
        dtype = np.dtype(self.place.order + NUMBERS[kind])
        if length != math.prod(shape) * dtype.itemsize:
            raise DataError(
                f"`{name}` declares {' x '.join(map(str, shape))} numbers, but holds {length:,} bytes."
            )
        if flags & COMPLEX:
            self.found.passed_over.append((name, "complex numbers, which are no images"))
        elif data is not None:
            self.note(name, of_array(name, np.frombuffer(data, dtype).reshape(shape, order="F")))
            return
        else:
            self.note(name, self.stored(name, shape, dtype, flags))
        self.skip(length, data)
        if flags & COMPLEX:
            _, length, data = self.tag()
            self.skip(length, data)

    def skip(self, length: int, data: bytes | None) -> None:
        if data is None:
            self.stream.skip(length + -length % 8)

    def stored(self, name: str, shape: tuple[int, ...], dtype: np.dtype, flags: int) -> Stored:
        if self.file is not None:
            return in_file(name, self.place.path, self.file.tell(), shape, dtype, fortran=True)
        place, at = self.place, self.stream.at
        nbytes = math.prod(shape) * dtype.itemsize
        return Stored(name, shape, dtype, lambda: _pieces(place, at, nbytes), fortran=True)

    def note(self, name: str, stored: Stored) -> None:
        self.found.arrays[name or f"array {len(self.found.arrays) + 1}"] = stored

    def text(self, shape: tuple[int, ...], name: str, depth: int) -> None:
        if found := self._text(shape):
            self.note(name, of_array(name, np.array(found)))

    def _text(self, shape: tuple[int, ...]) -> list[str]:
        """A matrix of characters, a text each row; [] where it is long."""
        kind, length, data = self.tag()
        if length > MOST_TEXT or kind not in TEXTS or len(shape) != 2:
            self.skip(length, data)
            return []
        if data is None:
            data = self.stream.read(length)
            self.stream.skip(-length % 8)
        order = "-le" if self.place.order == "<" else "-be"
        encoding = TEXTS[kind] + (order if TEXTS[kind] in ("utf-16", "utf-32") else "")
        text = data.decode(encoding)
        rows, columns = shape
        if len(text) != rows * columns:
            return []
        return ["".join(text[r + rows * c] for c in range(columns)).strip() for r in range(rows)]

    def structure(self, shape: tuple[int, ...], name: str, depth: int) -> None:
        """A structure of one element: its fields are arrays called `name.field`."""
        _, data = self.small()
        width = struct.unpack(f"{self.place.order}i", data)[0]
        _, names = self.small()
        if not 0 < width <= MOST_TEXT or len(names) // width > MOST_FIELDS:
            raise ValueError("the names of its fields are damaged")
        fields = [
            names[i : i + width].split(b"\0")[0].decode("latin-1")
            for i in range(0, len(names), width)
        ]
        if math.prod(shape) != 1:
            raise _Left(
                name, f"a structure of {math.prod(shape):,} elements, which is not looked into"
            )
        for one in fields:
            self.inner(f"{name}.{one}".strip("."), depth)

    def inner(self, name: str, depth: int) -> None:
        """One array inside another; whatever is left of it is skipped."""
        kind, length, data = self.tag()
        if kind != MATRIX or data is not None:
            raise ValueError("a field of it is no array")
        start = self._position()
        with contextlib.suppress(_Left):
            try:
                self.matrix(length, name, depth + 1)
            except _Left as left:
                self.found.passed_over.append(left.args)
                raise
        self.stream.skip(length - (self._position() - start))

    def _position(self) -> int:
        return self.stream.at if self.file is None else self.file.tell()

    def cells(self, shape: tuple[int, ...], name: str, depth: int) -> None:
        """Cells that all hold text are names; others are left."""
        count = math.prod(shape)
        if count > MOST_FIELDS * 5:
            raise _Left(name, f"{count:,} cells, which are not looked into")
        texts = [self.cell() for _ in range(count)]
        if count and all(text is not None for text in texts):
            self.note(name, of_array(name, np.array(texts)))
        else:
            self.found.passed_over.append((name, "cells that hold more than names"))

    def cell(self) -> str | None:
        """The text of one cell; None where it holds something else."""
        self.found.count()
        kind, length, data = self.tag()
        if kind != MATRIX or data is not None:
            raise ValueError("a cell of it is no array")
        start, found = self._position(), None
        if length:
            _, flags = self.small()
            if struct.unpack_from(f"{self.place.order}I", flags)[0] & 0xFF == CHAR:
                shape = self.shape()
                self.small()
                texts = self._text(shape)
                found = texts[0] if len(texts) == 1 else None
        self.stream.skip(length - (self._position() - start))
        return found


class _Left(Exception):
    """(name, why) of an array that nothing is made of."""


def _pieces(place: Place, at: int, nbytes: int) -> Iterator[bytes]:
    """Numbers in a packed element, piece by piece."""
    with place.path.open("rb") as file:
        file.seek(place.start)
        stream = Unpacked(file, place.packed)
        try:
            stream.skip(at)
            while nbytes > 0:
                piece = stream.read(min(PIECE, nbytes))
                nbytes -= len(piece)
                yield piece
        except (zlib.error, EOFError) as error:
            raise DataError(
                f"{place.path.name} is damaged or cut off ({in_brief(error)})."
            ) from error
