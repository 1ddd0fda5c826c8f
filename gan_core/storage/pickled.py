"""Reads dictionaries of arrays out of a pickle without running anything that it says.

A pickle is a program. `pickle.load` runs it: it may call any function of any module, and even with a list
of allowed names it hands crafted states to NumPy and takes memory for sizes that the file merely declares.
So nothing of the `pickle` module runs here. The few instructions that plain containers, numbers, text and
NumPy arrays are written with are followed on symbols: a call is never made, only written down, and
afterwards whatever is not exactly what NumPy writes of an array is refused. Long strings of bytes are not
even read, only where they lie. That is all that CIFAR's python batches and their like need.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from gan_core.errors import DataError, in_brief
from gan_core.storage.pickle_symbols import ARRAY_MAKERS, Blob, Call, Machine, Mark, Name, bytes_of

MAX_DEPTH = 24  # containers in containers
MAX_AXES = 8
PIECE = 1 << 20
_DAMAGE = (
    struct.error,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    RecursionError,
    StopIteration,
)
_DTYPES = ("b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8")


@dataclass(frozen=True)
class Array:
    """An array of plain numbers in a pickle: [*shape], and its bytes or where they lie."""

    shape: tuple[int, ...]
    dtype: np.dtype
    fortran: bool
    data: Blob | bytes


def is_pickle(head: bytes) -> bool:
    """Whether a file begins like a pickle of protocol 2 to 5."""
    return head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")


def load(file: BinaryIO) -> Any:
    """What a pickle holds: dicts, lists, tuples, numbers, text, bytes, and Array for arrays.

    Long text and bytes are Blob. Names in dictionaries are text, also where they were bytes.

    Raises:
        DataError: it holds anything else, or is damaged; nothing was run.
    """
    size = file.seek(0, 2)
    file.seek(0)
    try:
        return _Reading().plain(Machine(file, size).run(), 0)
    except _DAMAGE as error:
        raise DataError(
            f"It is a damaged pickle ({type(error).__name__}: {in_brief(error)})."
        ) from error


def pieces(file: BinaryIO, array: Array) -> Iterator[bytes]:
    """The bytes of an array, piece by piece."""
    if isinstance(array.data, bytes):
        yield array.data
        return
    file.seek(array.data.offset)
    left, cut = array.data.size, b""
    while left > 0 and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        if array.data.utf8:
            piece, cut = _latin(cut + piece)
        yield piece


def _latin(data: bytes) -> tuple[bytes, bytes]:
    """(the characters of UTF-8 as bytes, what is cut off at its end)."""
    end = len(data) - (1 if data[-1:] >= b"\xc0" else 0)
    try:
        return data[:end].decode("utf-8").encode("latin-1"), data[end:]
    except UnicodeError as error:
        raise DataError("It is a damaged pickle: its text stands for no bytes.") from error


class _Reading:
    """From symbols to values; what occurs in several places is read once."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}

    def plain(self, value: Any, depth: int) -> Any:
        """The same with Array in place of what NumPy writes; DataError where there is anything else."""
        if depth > MAX_DEPTH:
            raise DataError(f"It is a pickle of more than {MAX_DEPTH} containers in each other.")
        if not isinstance(value, dict | list | tuple | Call):
            if isinstance(value, Name) or value is Mark:
                raise ValueError("it holds a function")
            return value
        if id(value) not in self._done:
            self._done[id(value)] = self._read(value, depth)
        return self._done[id(value)]

    def _read(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {key: self.plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, Call):
            return bytes_of(value) if value.function.name == "encode" else _array(value)
        return type(value)(self.plain(item, depth + 1) for item in value)


def _array(call: Call) -> Array:
    if call.function.name == "_frombuffer":
        data, dtype, shape, order = call.arguments
        return _checked(shape, _dtype(dtype), order == "F", data)
    if (call.function.module, call.function.name) not in ARRAY_MAKERS or call.state is None:
        raise ValueError("it holds something else than arrays")
    version, shape, dtype, fortran, data = call.state
    if isinstance(data, list):
        raise DataError("It holds an array of Python objects. Allowed: plain numbers.")
    if isinstance(data, Call):
        data = bytes_of(data)
    return _checked(shape, _dtype(dtype), bool(fortran), data)


def _checked(shape: Any, dtype: np.dtype, fortran: bool, data: Any) -> Array:
    """An array whose declared size is that of its bytes, as far as these can be counted yet."""
    sizes = isinstance(shape, tuple) and all(type(n) is int and n >= 0 for n in shape)
    if not sizes or len(shape) > MAX_AXES:
        raise ValueError("an array in it has no shape")
    declared = dtype.itemsize
    for size in shape:
        declared *= size
    if not isinstance(data, bytes | Blob):
        raise ValueError("an array in it has no bytes")
    held = len(data) if isinstance(data, bytes) else data.size
    as_text = isinstance(data, Blob) and data.utf8 and declared <= held <= 2 * declared
    if held != declared and not as_text:
        raise DataError(f"An array in it declares {declared:,} bytes, but holds {held:,}.")
    return Array(shape, dtype, fortran, data)


def _dtype(value: Any) -> np.dtype:
    """The type of an array: one of plain numbers."""
    if not isinstance(value, Call) or (value.function.module, value.function.name) != (
        "numpy",
        "dtype",
    ):
        raise ValueError("an array in it has no type")
    kind = value.arguments[0]
    kind = kind.decode("ascii") if isinstance(kind, bytes) else kind
    if kind not in _DTYPES:
        raise DataError(f"An array in it holds {kind!r:.20}. Allowed: plain numbers.")
    order = value.state[1] if isinstance(value.state, tuple) and len(value.state) > 1 else "<"
    order = order.decode("ascii") if isinstance(order, bytes) else order
    return np.dtype((order if order in ("<", ">") else "=") + kind)
