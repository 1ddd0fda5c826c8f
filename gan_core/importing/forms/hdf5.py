"""HDF5 files, and MATLAB's of version 7.3, which are HDF5 inside; read by h5py, which Keras needs too.

Only data sets whose numbers lie in this very file are read: links, external storage and virtual data sets
could lead to other files of this machine. Sizes are bounded before a chunk is unpacked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.data.npz import BOMB_BYTES, BOMB_RATIO, DEFLATE_LIMIT
from gan_core.errors import DataError, in_brief
from gan_core.importing.arrays import mapping
from gan_core.importing.arrays.stored import MOST_BYTES, PIECE, Stored, of_array
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

MAGIC = b"\x89HDF\r\n\x1a\n"
BLOCK = 512  # where MATLAB's HDF5 begins, after words for people
MOST_ARRAYS, MAX_DEPTH, MAX_AXES = 256, 8, 8
MOST_CHUNK = 64 << 20
MOST_TEXTS = 200_000
FILTERS = ("gzip", "lzf", None)
NETWORKS = ("model_config", "layer_names", "model_weights", "_layer_checkpoint_dependencies")


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    path = Path(path)
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(BLOCK + len(MAGIC))
    if not head.startswith(MAGIC) and head[BLOCK:] != MAGIC:
        return None
    return mapping.recognised(_contents(path, is_matlab=head.startswith(b"MATLAB")), answers)


def open(path: Path, answers: Answers) -> Source:
    path = Path(path)
    with path.open("rb") as file:
        is_matlab = file.read(6) == b"MATLAB"
    return mapping.source(_contents(path, is_matlab=is_matlab), answers)


def _contents(path: Path, *, is_matlab: bool) -> mapping.Contents:
    import h5py

    arrays: dict[str, Stored] = {}
    passed_over: list[tuple[str, str]] = []
    try:
        with h5py.File(path, "r") as file:
            if any(name in holder for holder in (file.attrs, file) for name in NETWORKS):
                raise DataError(
                    f"{path.name} is a network of Keras, no data set. Open it on the Explore page."
                )
            for name, node in _nodes(h5py, file, "", 0, passed_over):
                if len(arrays) >= MOST_ARRAYS:
                    passed_over.append(
                        (name, f"Only the first {MOST_ARRAYS} arrays are looked at.")
                    )
                    break
                if why := _why_not(node):
                    passed_over.append((name, why))
                else:
                    arrays[name] = _stored(path, name, node, is_matlab)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path.name} is damaged or cut off ({in_brief(error)}).") from error
    form = "MATLAB" if is_matlab else "HDF5"
    return mapping.Contents(form, arrays, passed_over=tuple(passed_over), last=is_matlab)


def _nodes(h5py, group, prefix: str, depth: int, passed_over: list) -> Iterator[tuple[str, Any]]:
    """Data sets of a group and of those in it; nothing that a link leads to."""
    for key in group:
        name = f"{prefix}.{key}" if prefix else key
        if key.startswith("#"):  # what MATLAB keeps for itself
            continue
        if not isinstance(group.get(key, getlink=True), h5py.HardLink):
            passed_over.append((name, "a link, which may lead elsewhere"))
            continue
        node = group[key]
        if isinstance(node, h5py.Dataset):
            yield name, node
        elif isinstance(node, h5py.Group) and depth < MAX_DEPTH:
            yield from _nodes(h5py, node, name, depth + 1, passed_over)


def _why_not(node) -> str:
    """Why a data set is not read; "" where it can be."""
    if node.external or node.is_virtual:
        return "it keeps its numbers in other files, which are not read"
    if node.shape is None or len(node.shape) > MAX_AXES:
        return "it has no shape that images can have"
    if _is_text(node):
        return "" if math.prod(node.shape) <= MOST_TEXTS else "it holds more text than is read"
    if node.dtype.names or node.dtype.kind not in "iufb":
        return f"it holds {node.dtype.name}, no plain numbers"
    return _why_size(node)


def _why_size(node) -> str:
    declared = math.prod(node.shape) * node.dtype.itemsize
    held = node.id.get_storage_size()
    if node.compression not in FILTERS or node.scaleoffset is not None:
        return f"it is packed by `{node.compression}`, which is not read"
    if node.chunks and math.prod(node.chunks) * node.dtype.itemsize > MOST_CHUNK:
        return f"its pieces are larger than {MOST_CHUNK >> 20} MiB"
    if declared > MOST_BYTES or declared > DEFLATE_LIMIT * held:
        return f"it declares {declared:,} bytes and holds {held:,}"
    if declared > max(BOMB_BYTES, BOMB_RATIO * held):
        return f"it shrinks {declared // held} times: it is blank, or a bomb"
    return ""


def _is_text(node) -> bool:
    import h5py

    return h5py.check_string_dtype(node.dtype) is not None


def _stored(path: Path, name: str, node, is_matlab: bool) -> Stored:
    """MATLAB's axes stand the other way round than MATLAB says; as MATLAB says is how they are told."""
    if _is_text(node):
        texts = np.asarray(node.asstr(errors="replace")[()]).reshape(-1)
        return of_array(name, np.array([str(text)[:200] for text in texts]))
    shape = node.shape[::-1] if is_matlab else node.shape
    place = node.name
    return Stored(name, shape, node.dtype, lambda: _pieces(path, place), fortran=is_matlab)


def _pieces(path: Path, place: str) -> Iterator[bytes]:
    """Numbers in the order in which they lie; DataError where they are damaged."""
    try:
        yield from _rows(path, place)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise DataError(f"`{place}` is damaged or cut off ({str(error)[:100]}).") from error


def _rows(path: Path, place: str) -> Iterator[bytes]:
    """Some of the first axis at a time, whole chunks so that none is unpacked twice."""
    import h5py

    with h5py.File(path, "r") as file:
        node = file[place]
        if not node.shape:
            yield node[()].tobytes()
            return
        row = max(1, math.prod(node.shape[1:]) * node.dtype.itemsize)
        step = max(1, PIECE // row)
        if node.chunks:
            step = -(-step // node.chunks[0]) * node.chunks[0]
            step = max(node.chunks[0], min(step, max(1, MOST_CHUNK // row)))
        for start in range(0, node.shape[0], step):
            yield np.ascontiguousarray(node[start : start + step]).tobytes()
