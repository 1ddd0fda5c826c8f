"""An array in somebody's file, and its rows one by one, never more of it in memory than a piece.

Where an array lies in a file as it is, rows are read from there. One that is packed is unpacked once, into
a temporary file that has no name and is gone with the process; sizes are what the file declared and was
checked for, and whatever exceeds them is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.errors import DataError
from gan_core.importing.arrays import scratch

PIECE = 1 << 20  # bytes at once
MOST_BYTES = 8 << 30  # of one array, unpacked
MOST_WHOLE = 64 << 20  # of one that is read into memory: labels, names
LOOKED_AT = 32 << 20  # of one that is packed, to see which values it has
BLOCK = 32 << 20  # bytes of images that are turned from columns into rows at once
MOST_ROW = 64 << 20  # bytes of one image


@dataclass(frozen=True)
class Stored:
    """An array that is not read yet.

    Attributes:
        name: in its file.
        shape, dtype: as NumPy would say.
        fortran: True where the first axis is the one that varies fastest in the file, as in MATLAB.
        pieces: gives its bytes from the first on, in pieces of any length.
        place: (path, offset) where they lie in a file as they are; None where they are packed.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype
    pieces: Callable[[], Iterator[bytes]]
    fortran: bool = False
    place: tuple[Path, int] | None = None

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def told(self) -> str:
        """Its type and shape, for people: `float32, 60 x 28 x 28`."""
        return f"{self.dtype.name}, {' x '.join(map(str, self.shape)) or 'one value'}"

    @property
    def each(self) -> str:
        """The same of one of its rows: `float32, 784 each`."""
        return f"{self.dtype.name}, {' x '.join(map(str, self.shape[1:]))} each"

    def squeezed(self) -> Stored:
        """The same without axes of one element."""
        return replace(self, shape=tuple(n for n in self.shape if n != 1))


def of_array(name: str, array: np.ndarray) -> Stored:
    """A small array that is in memory."""
    data = np.ascontiguousarray(array)
    return Stored(name, array.shape, data.dtype, lambda: iter([data.tobytes()]))


def in_file(
    name: str,
    path: Path,
    offset: int,
    shape: tuple[int, ...],
    dtype: np.dtype,
    fortran: bool = False,
) -> Stored:
    """An array that lies in a file as it is."""

    def pieces() -> Iterator[bytes]:
        with open(path, "rb") as file:
            file.seek(offset)
            yield from _limited(file, nbytes)

    nbytes = math.prod(shape) * dtype.itemsize
    return Stored(name, shape, dtype, pieces, fortran, (path, offset))


def joined(name: str, parts: list[Stored]) -> Stored:
    """Arrays of the same kind of rows, one after the other; DataError where they differ."""
    first = parts[0]
    for part in parts[1:]:
        if (part.shape[1:], part.dtype) != (first.shape[1:], first.dtype) or part.fortran:
            raise DataError(
                f"`{name}` is not the same in all files. Received: {first.told} and {part.told}."
            )
    if len(parts) == 1:
        return first
    shape = (sum(part.shape[0] for part in parts), *first.shape[1:])
    return Stored(
        name, shape, first.dtype, lambda: (piece for part in parts for piece in part.pieces())
    )


def whole(stored: Stored) -> np.ndarray:
    """All of a small array; DataError where it is not small or its bytes are not those it declared."""
    if stored.nbytes > MOST_WHOLE:
        raise DataError(
            f"`{stored.name}` takes {stored.nbytes >> 20:,} MiB. Allowed: {MOST_WHOLE >> 20} MiB for "
            "labels and names."
        )
    data = b"".join(_exact(stored))
    return np.ndarray(stored.shape, stored.dtype, data, order="F" if stored.fortran else "C")


def span(stored: Stored, most: int = LOOKED_AT) -> tuple[float, float] | None:
    """Smallest and largest finite number of what is looked at; None without one.

    Args:
        most: bytes that are read of what is packed.
    """
    low, high = np.inf, -np.inf
    for piece in _looked_at(stored, most):
        values = np.frombuffer(piece, stored.dtype, len(piece) // stored.dtype.itemsize)
        if stored.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if len(values):
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    return (low, high) if low <= high else None


def full_span(stored: Stored) -> tuple[float, float] | None:
    """The same of all its numbers."""
    return span(replace(stored, place=None, pieces=lambda: _exact(stored)), MOST_BYTES)


def _looked_at(stored: Stored, most: int, parts: int = 64) -> Iterator[bytes]:
    """Pieces that are whole numbers: spread over it where it lies open, else from its start."""
    size, step = stored.dtype.itemsize, (256 << 10) // stored.dtype.itemsize * stored.dtype.itemsize
    if stored.place is None or stored.nbytes <= parts * step:
        for piece in _whole_numbers(stored.pieces(), size):
            yield piece
            most -= len(piece)
            if most <= 0:
                break
        return
    path, offset = stored.place
    with open(path, "rb") as file:
        for i in range(parts):
            file.seek(offset + (stored.nbytes - step) // size * i // (parts - 1) * size)
            yield file.read(step)


def _whole_numbers(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        data = rest + piece
        cut = len(data) - len(data) % size
        yield data[:cut]
        rest = data[cut:]


def _limited(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Up to `size` bytes of a file from where it stands."""
    while size > 0 and (piece := file.read(min(PIECE, size))):
        size -= len(piece)
        yield piece


def _exact(stored: Stored) -> Iterator[bytes]:
    """Its pieces; DataError as soon as they are more, or at the end fewer, than declared."""
    left = stored.nbytes
    for piece in stored.pieces():
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left:
        raise DataError(
            f"`{stored.name}` declares {stored.told}, {stored.nbytes:,} bytes, but holds "
            f"{'more' if left < 0 else f'{stored.nbytes - left:,} bytes'}."
        )


class Rows:
    """An array that is open: one element of its first or last axis at a time.

    Args:
        stored: the array.
        last: True where images are counted by the last axis.
        lead: so many axes together count images, from the first on.

    Raises:
        DataError: it is too large, its bytes are not those that it declared, or the disk has no room.
    """

    def __init__(self, stored: Stored, *, last: bool = False, lead: int = 1):
        shape = stored.shape
        counted = shape[-1:] if last else shape[:lead]
        self.shape = shape[:-1] if last else shape[lead:]
        self.count = math.prod(counted)
        self._fortran, self._dtype = stored.fortran, stored.dtype
        self.size = math.prod(self.shape) * stored.dtype.itemsize
        self._check(stored)
        self._file, self._offset = _opened(stored)
        if last != stored.fortran:  # one image's numbers lie apart from each other
            try:
                self._turn()
            except BaseException:
                self.close()
                raise

    def __getitem__(self, index: int) -> np.ndarray:
        """One element, [*shape], of the array's own type."""
        self._file.seek(self._offset + index * self.size)
        data = self._file.read(self.size)
        if len(data) != self.size:
            raise DataError("The file ends early: it was changed while it was read.")
        order = self.shape[::-1] if self._fortran else self.shape
        item = np.frombuffer(data, self._dtype).reshape(order)
        return item.transpose() if self._fortran else item

    def close(self) -> None:
        self._file.close()

    def _check(self, stored: Stored) -> None:
        if self.size > MOST_ROW or stored.nbytes > MOST_BYTES:
            raise DataError(
                f"`{stored.name}` ({stored.told}) takes {stored.nbytes:,} bytes, {self.size:,} an image. "
                f"Allowed: {MOST_BYTES:,}, and {MOST_ROW:,} an image."
            )

    def _turn(self) -> None:
        """From [pixels, images] to [images, pixels] in a temporary file, a block of images at a time."""
        item = self._dtype.itemsize
        pixels = self.size // item
        block = max(1, BLOCK // self.size)
        turned = scratch.temporary()
        try:
            with scratch.room(self.count * self.size):
                for start in range(0, self.count, block):
                    turned.write(self._columns(start, min(block, self.count - start), pixels, item))
                turned.flush()
        except BaseException:
            scratch.close(turned)
            raise
        self._file.close()
        self._file, self._offset = turned, 0

    def _columns(self, start: int, many: int, pixels: int, item: int) -> memoryview:
        """Some images of [pixels, images], as [images, pixels]."""
        found = np.empty((pixels, many), self._dtype)
        for pixel in range(pixels):
            self._file.seek(self._offset + (pixel * self.count + start) * item)
            data = self._file.read(many * item)
            if len(data) != many * item:
                raise DataError("The file ends early: it was changed while it was read.")
            found[pixel] = np.frombuffer(data, self._dtype)
        return np.ascontiguousarray(found.T).data


def _opened(stored: Stored) -> tuple[BinaryIO, int]:
    """A file and where in it the array begins."""
    if stored.place is not None:
        path, offset = stored.place
        return open(path, "rb"), offset
    file = scratch.temporary()
    try:
        with scratch.room(stored.nbytes):
            for piece in _exact(stored):
                file.write(piece)
            file.flush()
    except BaseException:
        scratch.close(file)
        raise
    return file, 0
