"""MATLAB files up to version 7: arrays of numbers, also in structures. Those of 7.3 are HDF5 (hdf5.py).

The layout is MathWorks' "MAT-File Level 5": a header of 128 bytes, then elements, each a type, a length and
that many bytes, padded to 8; one that is packed holds another element. Only arrays of numbers, text and
what leads to them are followed; sparse arrays, objects and functions are left. Columns come first.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import BinaryIO

from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays import gzipped, mapping
from gan_core.importing.arrays.mat5 import MATRIX, Found, Place, Reader
from gan_core.importing.arrays.mat_streams import Plain, Unpacked
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

HEADER = 128
MAGIC = b"MATLAB 5.0 MAT-file"
PACKED = 15


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    path = Path(path)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(HEADER)
    if head[: len(MAGIC)] == MAGIC:
        return mapping.recognised(_contents(path), answers)
    if path.suffix.lower() == ".mat" and b"HDF" not in head and not head.startswith(b"MATLAB 7.3"):
        raise DataError(
            f"{path.name} is no MATLAB file of version 5 to 7.3. In MATLAB: "
            f"`load('{path.name}'); save('{path.name}', '-v7')`."
        )
    return None


def open(path: Path, answers: Answers) -> Source:
    return mapping.source(_contents(Path(path)), answers)


def _contents(path: Path) -> mapping.Contents:
    found = Found()
    try:
        with path.open("rb") as file:
            _read_file(file, path, found)
    except (struct.error, zlib.error, UnicodeError, ValueError, EOFError, OverflowError) as error:
        raise DataError(
            f"{path.name} is damaged or cut off ({in_brief(error)}). Save it again."
        ) from error
    is_emnist = "emnist" in path.name.lower() or "dataset.train.images" in found.arrays
    return mapping.Contents(
        "MATLAB",
        found.arrays,
        passed_over=tuple(found.passed_over),
        last=True,
        turned="EMNIST's files hold images column by column" if is_emnist else "",
    )


def _read_file(file: BinaryIO, path: Path, found: Found) -> None:
    header = file.read(HEADER)
    if len(header) < HEADER or header[126:128] not in (b"IM", b"MI"):
        raise ValueError("its header is cut off")
    order = "<" if header[126:128] == b"IM" else ">"
    size = path.stat().st_size
    while size - file.tell() >= 8:
        found.count()
        kind, length = struct.unpack(f"{order}II", file.read(8))
        start = file.tell()
        if length > size - start:
            raise EOFError("an element is longer than the file")
        if kind == PACKED:
            stream, place = Unpacked(file, length), Place(path, order, start, length)
            inner, inside = struct.unpack(f"{order}II", stream.read(8))
            gzipped.check(path.name, length, inside)
            if inner == MATRIX:
                Reader(stream, place, found).top(inside)
        elif kind == MATRIX:
            Reader(Plain(file, length), Place(path, order, start), found, file).top(length)
        file.seek(start + length + (0 if kind == PACKED else -length % 8))
