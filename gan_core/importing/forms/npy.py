"""Single arrays, as numpy.save writes them: a file, or a folder of some."""

from __future__ import annotations

import contextlib
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from gan_core.data import hints
from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays import mapping
from gan_core.importing.arrays.stored import Stored, in_file
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

MAGIC = b"\x93NUMPY"
MAX_AXES, MAX_HEADER = 8, 64 << 10
MOST_FILES = 64  # of a folder
READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    found = _contents(Path(path))
    return None if found is None else mapping.recognised(found, answers)


def open(path: Path, answers: Answers) -> Source:
    return mapping.source(_contents(Path(path)), answers)


def _contents(path: Path) -> mapping.Contents | None:
    """One array, or all of a folder: `images.npy` and `labels.npy`."""
    if path.is_file():
        found = _read(path, "images")
        return None if found is None else mapping.Contents("NumPy array", {found.name: found})
    if not path.is_dir():
        return None
    files = sorted(p for p in path.glob("*.npy") if p.is_file() and not p.is_symlink())[:MOST_FILES]
    arrays = {array.name: array for p in files if (array := _read(p, p.stem))}
    return mapping.Contents("NumPy arrays", arrays) if arrays else None


def _read(path: Path, name: str) -> Stored | None:
    """The array of a file; None where it holds something else."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            return None
        file.seek(0)
        shape, fortran, dtype, offset = header(file, name)
    size = path.stat().st_size - offset
    stored = in_file(name, path, offset, shape, dtype, fortran)
    check_size(stored, size)
    return stored


def header(file: BinaryIO, name: str) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """(shape, Fortran order, type, where the numbers begin) of an array that starts where the file stands.

    Raises:
        DataError: it is no array of plain numbers or text, or its header is damaged.
    """
    with damage_in_words():
        version = npy.read_magic(file)
        if version not in READERS:
            raise DataError(
                f"`{name}` has npy format {version[0]}.{version[1]}. Allowed: 1.0 and 2.0."
            )
        shape, fortran, dtype = READERS[version](file, max_header_size=MAX_HEADER)
        if len(shape) > MAX_AXES or any(size < 0 for size in shape):
            raise ValueError(f"it declares the shape {shape}")
        if dtype.hasobject:
            raise DataError(
                f"`{name}` holds Python objects (a pickle), which can run code when read; it was not "
                f"read. Allowed: plain numbers.{hints.objects(name)}"
            )
        if dtype.names or dtype.kind not in "iufbUS":
            raise DataError(f"`{name}` holds {dtype}. Allowed: plain numbers, and text for labels.")
        return shape, fortran, dtype, file.tell()


def check_size(stored: Stored, held: int) -> None:
    """DataError unless an array's header declares as many bytes as there are."""
    if stored.nbytes != held:
        raise DataError(
            f"`{stored.name}` declares {stored.told}, {stored.nbytes:,} bytes, but holds {held:,} bytes."
        )


@contextlib.contextmanager
def damage_in_words() -> Iterator[None]:
    """Turns what NumPy raises at damaged headers into a DataError."""
    try:
        yield
    except (
        OSError,
        EOFError,
        ValueError,
        TypeError,
        SyntaxError,
        tokenize.TokenError,
        RecursionError,
        MemoryError,
    ) as error:
        raise DataError(
            f"It is damaged or no file of numpy.save ({in_brief(error)}). Allowed: an array of plain numbers."
        ) from error
