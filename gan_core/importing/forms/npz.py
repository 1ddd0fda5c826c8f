"""Several arrays in one file, as numpy.savez writes them, under whatever names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from gan_core.data import npz
from gan_core.errors import DataError
from gan_core.importing.arrays import mapping
from gan_core.importing.arrays.stored import PIECE, Stored
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

ZIP = b"PK\x03\x04"


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    path = Path(path)
    return mapping.recognised(_contents(path), answers) if _is_one(path) else None


def open(path: Path, answers: Answers) -> Source:
    return mapping.source(_contents(Path(path)), answers)


def _is_one(path: Path) -> bool:
    """A zip that holds arrays and nothing else; by its ending also one that is damaged."""
    if not path.is_file():
        return False
    if path.suffix.lower() == ".npz":
        return True
    with path.open("rb") as file:
        if file.read(len(ZIP)) != ZIP:
            return False
    try:
        with npz.open_npz(path) as archive:
            names = archive.namelist()
    except DataError:
        return False
    return bool(names) and all(name.endswith(".npy") for name in names)


def _contents(path: Path) -> mapping.Contents:
    arrays, passed_over = {}, []
    with npz.open_npz(path) as archive:
        for name, found in npz.headers_of_others(archive).items():
            if isinstance(found, DataError):
                passed_over.append((name, str(found)))
            elif found.dtype.names or found.dtype.kind not in "iufbUS":
                passed_over.append((name, f"It holds {found.dtype}, no plain numbers."))
            else:
                arrays[name] = Stored(
                    name,
                    found.shape,
                    found.dtype,
                    partial(_pieces, path, name),
                    found.fortran_order,
                )
        more = len(archive.namelist()) - npz.MAX_MEMBERS
    if more > 0:
        passed_over.append(
            (f"{more} more", f"Only the first {npz.MAX_MEMBERS} arrays are looked at.")
        )
    return mapping.Contents("NumPy arrays", arrays, passed_over=tuple(passed_over))


def _pieces(path: Path, name: str) -> Iterator[bytes]:
    with npz.open_npz(path) as archive:
        yield from npz.pieces(archive, name, PIECE)
