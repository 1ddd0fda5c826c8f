"""Files that gzip packed: their first bytes, and an array in one, bounded by what it declares."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from gan_core.data.npz import BOMB_BYTES, BOMB_RATIO, DEFLATE_LIMIT
from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays.stored import PIECE, Stored

MAGIC = b"\x1f\x8b"
_BROKEN = (OSError, EOFError, zlib.error)


def head(path: Path, size: int) -> tuple[bytes, bool]:
    """(the first bytes, unpacked where it is a gzip; whether it is one); b"" where it cannot be unpacked."""
    with path.open("rb") as file:
        start = file.read(size)
        if start[:2] != MAGIC:
            return start, False
        file.seek(0)
        try:
            with gzip.open(file) as unpacked:
                return unpacked.read(size), True
        except _BROKEN:
            return b"", True


def array(name: str, path: Path, offset: int, shape: tuple[int, ...], dtype: np.dtype) -> Stored:
    """An array that begins somewhere in what a gzip unpacks to.

    Raises:
        DataError: it declares more than the file can hold, or shrinks as only bombs do.
    """
    found = Stored(name, shape, dtype, lambda: pieces(path, offset))
    check(name, path.stat().st_size, found.nbytes)
    return found


def check(name: str, packed: int, unpacked: int) -> None:
    """DataError where a size cannot be true, or no pictures shrink so much."""
    if unpacked > DEFLATE_LIMIT * packed:
        raise DataError(
            f"{name} declares {unpacked:,} bytes, more than its {packed:,} packed bytes can hold."
        )
    if unpacked > max(BOMB_BYTES, BOMB_RATIO * packed):
        raise DataError(
            f"{name} shrinks {unpacked // packed} times: its images are blank, or it is a bomb. Allowed: "
            f"up to {BOMB_RATIO} times."
        )


def pieces(path: Path, offset: int = 0) -> Iterator[bytes]:
    """What it unpacks to, from an offset on, piece by piece; DataError where it is damaged."""
    try:
        with gzip.open(path) as file:
            while offset > 0 and (skipped := len(file.read(min(offset, PIECE)))):
                offset -= skipped
            while piece := file.read(PIECE):
                yield piece
    except _BROKEN as error:
        raise DataError(
            f"{path.name} is damaged or cut off ({in_brief(error)}). Download it again."
        ) from error
