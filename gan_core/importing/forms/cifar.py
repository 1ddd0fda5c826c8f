"""Python pickles of arrays, as CIFAR's batches are; read without running them (storage/pickled.py).

One file, a folder of batches, a tar of such a folder, or one packed by gzip. Batches with the same arrays
are joined; `test_batch` and `test` are held out, `batches.meta` and `meta` name the classes.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import tarfile
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gan_core.data import unread
from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays import gzipped, mapping, scratch
from gan_core.importing.arrays.stored import PIECE, Stored, joined, of_array
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source
from gan_core.storage import pickled

MOST_FILES = 32
MOST_VALUES = 500  # of one pickle, lists and arrays among them
MOST_BYTES = 2 << 30  # of one file
META = ("batches.meta", "meta")
TEST = re.compile(r"test|val", re.IGNORECASE)
TARS = (".tar", ".tar.gz", ".tgz")


@dataclass(frozen=True)
class _Batch:
    name: str
    arrays: dict[str, Stored]


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    with contextlib.ExitStack() as unpacked:
        found = _contents(Path(path), unpacked)
        return None if found is None else mapping.recognised(found, answers)


def open(path: Path, answers: Answers) -> Source:
    with contextlib.ExitStack() as unpacked:  # the source has files of its own
        return mapping.source(_contents(Path(path), unpacked), answers)


def _contents(path: Path, unpacked: contextlib.ExitStack) -> mapping.Contents | None:
    """What all pickles of a path hold; what is packed is in temporary files that the stack closes."""
    if path.is_dir():
        batches = [batch for file in _plain_files(path) if (batch := _of_file(file, unpacked))]
    elif path.name.lower().endswith(TARS):
        batches = list(_of_tar(path, unpacked))
    else:
        batches = [batch] if (batch := _of_file(path, unpacked)) else []
    return _of_batches(batches) if batches else None


def _plain_files(folder: Path) -> list[Path]:
    """The first files of a folder, or of the one folder in it; links lead elsewhere and are left."""
    inside = [
        p for p in sorted(folder.iterdir()) if not p.name.startswith(".") and not p.is_symlink()
    ]
    if len(inside) == 1 and inside[0].is_dir():
        return _plain_files(inside[0])
    return [path for path in inside if path.is_file()][:MOST_FILES]


def _of_file(path: Path, unpacked: contextlib.ExitStack) -> _Batch | None:
    """One pickle; None where the file is none, or one of PyTorch, which holds no plain arrays."""
    if unread.of_name(path.name):
        return None
    start, packed = gzipped.head(path, 2)
    if not pickled.is_pickle(start):
        return None
    if packed:
        return _batch(path.name, _unpacked(path.name, gzipped.pieces(path), unpacked))
    return _batch(path.name, lambda: path.open("rb"))


def _of_tar(path: Path, unpacked: contextlib.ExitStack) -> Iterator[_Batch]:
    """The pickles of a tar; nothing of it is unpacked to where it says."""
    try:
        with tarfile.open(path, "r|*") as archive:  # from start to end, once
            count = 0
            for member in archive:
                file = archive.extractfile(member) if member.isreg() else None
                if file is None or member.size < 2 or count >= MOST_FILES:
                    continue
                start = file.read(2)
                if pickled.is_pickle(start):
                    count += 1
                    name = member.name.rsplit("/", 1)[-1]
                    yield _batch(name, _unpacked(name, _rest(start, file), unpacked))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise DataError(
            f"{path.name} is damaged or cut off ({in_brief(error)}). Download it again."
        ) from error


def _rest(start: bytes, file: Any) -> Iterator[bytes]:
    yield start
    while piece := file.read(PIECE):
        yield piece


def _unpacked(
    name: str, pieces: Iterator[bytes], stack: contextlib.ExitStack
) -> Callable[[], BinaryIO]:
    """A temporary file without a name that the stack closes, and a way to open it as often as it is read."""
    unpacked = scratch.temporary()
    stack.callback(scratch.close, unpacked)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise DataError(
                f"{name} unpacks to more than {MOST_BYTES >> 30} GiB, which is not read."
            )
        with scratch.room(len(piece)):
            unpacked.write(piece)
    with scratch.room():
        unpacked.flush()
    return lambda: os.fdopen(os.dup(unpacked.fileno()), "rb")


def _batch(name: str, opened: Callable[[], BinaryIO]) -> _Batch:
    with opened() as file:
        held = pickled.load(file)
    return _Batch(name, dict(_arrays(held, opened)))


def _arrays(held: Any, opened: Callable[[], BinaryIO]) -> Iterator[tuple[str, Stored]]:
    """All arrays in containers, called by where they are: `data`, `0.1`.

    So many values are looked at and no more: one list may stand in a thousand others.
    """
    waiting = deque([("", held)])
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        name, value = waiting.popleft()
        if isinstance(value, pickled.Array):
            yield name, _stored(name, value, opened)
        elif (array := _list(value)) is not None:
            yield name, of_array(name, array)
        elif isinstance(value, dict | list | tuple):
            inside = value.items() if isinstance(value, dict) else enumerate(value[:MOST_FILES])
            some = itertools.islice(inside, MOST_VALUES)
            waiting.extend((f"{name}.{key}" if name else str(key), item) for key, item in some)


def _stored(name: str, array: pickled.Array, opened: Callable[[], BinaryIO]) -> Stored:
    return Stored(name, array.shape, array.dtype, lambda: _pieces(opened, array), array.fortran)


def _pieces(opened: Callable[[], BinaryIO], array: pickled.Array) -> Iterator[bytes]:
    with opened() as file:
        yield from pickled.pieces(file, array)


def _list(held: Any) -> np.ndarray | None:
    """A list of numbers or of text as an array; None where it is something else."""
    if not isinstance(held, list | tuple) or not held:
        return None
    if all(type(value) is int and abs(value) < 1 << 62 for value in held):
        return np.array(held, np.int64)
    if all(isinstance(value, str | bytes) for value in held):
        return np.array([v if isinstance(v, str) else v.decode("utf-8", "replace") for v in held])
    return None


def _of_batches(batches: list[_Batch]) -> mapping.Contents:
    """All batches as one set."""
    meta = next((batch for batch in batches if batch.name in META), None)
    data = [batch for batch in batches if batch is not meta]
    if not data:
        raise DataError(
            f"{batches[0].name} holds names and no images. Choose the folder it lies in."
        )
    test = [batch for batch in data if TEST.search(batch.name)]
    train = [batch for batch in data if batch not in test] or test
    arrays = _joined(train, "")
    if train is not test and test:
        arrays |= _joined(test, "test_")
    if meta:
        arrays |= {name: array for name, array in meta.arrays.items() if array.dtype.kind in "US"}
    return mapping.Contents("pickle", arrays)


def _joined(batches: list[_Batch], prefix: str) -> dict[str, Stored]:
    """The arrays that all batches have, each joined."""
    names = [name for name in batches[0].arrays if all(name in batch.arrays for batch in batches)]
    found = {}
    for name in names:
        parts = [batch.arrays[name] for batch in batches]
        if parts[0].dtype.kind not in "US":  # names of files, of which nothing is made
            found[f"{prefix}{name}"] = joined(f"{prefix}{name}", parts)
    return found
