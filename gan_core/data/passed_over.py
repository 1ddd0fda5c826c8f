"""What lies in the data folder and is no data set, each with the command that makes one of it.

Only names, first bytes and first lines are read, once for each change of a file.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shlex
import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from gan_core.data import unread
from gan_core.data.card import ENDING

MOST = 50  # entries that are named
HEAD = 64 << 10  # bytes that are looked at
MIN_PIXELS = 16  # columns of a table that may be pictures
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".tif", ".tiff")
TARS = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")


def passed_over(folder: Path) -> list[tuple[str, str]]:
    """(name, why it is no data set and what makes it one), by name; [] where there is no folder."""
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            is_set = path.suffix == ".npz" and path.is_file()
            if not (is_set or path.name.startswith(".") or path.name.endswith(ENDING)):
                found.append(path)
    told = [(path.name, _why(path)) for path in found[:MOST]]
    rest = len(found) - MOST
    return told + ([(f"{rest} more", "Nobody looked at them.")] if rest > 0 else [])


def _why(path: Path) -> str:
    try:
        state = path.stat()
        return _why_cached(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        return f"It cannot be read ({error.strerror})."


@lru_cache(maxsize=256)
def _why_cached(path: Path, _mtime_ns: int, _size: int) -> str:
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        return "It is no file."
    name, head = path.name.lower(), _head(path)
    if told := unread.of_file(name, head):
        return f"It is {told[0]}, which is not read. {told[1][0].upper()}{told[1][1:]}."
    for is_this, what in _FORMATS:
        if is_this(name, head):
            return _says(what, path) if isinstance(what, str) else what(path, head)
    return "It is nothing that can be read here."


def _head(path: Path) -> bytes:
    """The first bytes, unpacked where it is a gzip; b"" where it cannot be read."""
    with contextlib.suppress(OSError, EOFError), open(path, "rb") as file:
        head = file.read(HEAD)
        if head[:2] != b"\x1f\x8b":
            return head
        file.seek(0)
        with gzip.open(file) as unpacked:
            return unpacked.read(HEAD)
    return b""


def _says(what: str, path: Path) -> str:
    """The sentence: what it is, and the command."""
    place = shlex.quote(str(path)).replace("`", "'")
    return f"It is {what}. `python -m gan_core datasets add {place}` makes a set of it."


def _folder(path: Path) -> str:
    inside = _first_pictures(path)
    if not inside:
        arrays = any(_is_array(file) for file in _entries(path, 20))
        return _says("a folder of arrays", path) if arrays else "It is a folder without pictures."
    classes = any(picture.parent != path for picture in inside)
    return _says("a folder of pictures" + (", a folder a class" if classes else ""), path)


def _is_array(path: Path) -> bool:
    """Whether a file is one of those that are read together: arrays, images and labels, batches."""
    head = _head(path) if path.is_file() else b""
    return head[:6] == b"\x93NUMPY" or head[:2] == b"\0\0" or head[:1] == b"\x80"


def _first_pictures(folder: Path) -> list[Path]:
    """A picture of the folder, or of one of its first folders; [] if there are none."""
    for place in [folder, *_entries(folder, 20)]:
        for path in _entries(place, 20):
            if path.suffix.lower() in PICTURES:
                return [path]
    return []


def _entries(folder: Path, most: int) -> list[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        return [Path(entry.path) for entry, _ in zip(found, range(most), strict=False)]
    return []


def _renamed(path: Path, head: bytes) -> str:
    return f"Its name must end in .npz, in small letters: rename it to {path.stem}.npz."


def _picture(path: Path, head: bytes) -> str:
    place = shlex.quote(str(path.parent)).replace("`", "'")
    return (
        "It is one picture. Put all pictures into a folder of their own beside it: "
        f"`python -m gan_core datasets add {place}/FOLDER` makes a set of it."
    )


def _table(path: Path, head: bytes) -> str:
    """A line of pixels a row, often with the label first, as in Kaggle's digits."""
    first = (head.splitlines() or [b""])[0]
    cells = max(first.count(separator) for separator in (b",", b";", b"\t")) + 1
    if cells < MIN_PIXELS and b"pixels" not in first.lower():
        return "It is a table, but not of pixels: an image a line is what is read."
    return _says(f"a table of {cells:,} columns", path)


def _idx(path: Path, head: bytes) -> str:
    """An IDX file, as those of MNIST; images have two axes or more, labels one."""
    axes = head[3] if len(head) > 3 else 0
    if axes == 1:
        return "It is an IDX file of labels; they are read together with the images beside it."
    if len(head) < 4 + 4 * axes or not 2 <= axes <= 4:
        return "It is an IDX file that is cut off."
    (count,) = struct.unpack_from(">I", head, 4)
    return _says(f"an IDX file of {count:,} images", path)


Tell = Callable[[Path, bytes], str]
_FORMATS: tuple[tuple[Callable[[str, bytes], bool], str | Tell], ...] = (
    (lambda name, head: name.endswith(".npz"), _renamed),
    (lambda name, head: name.endswith(".npy"), "a single array"),
    (lambda name, head: name.endswith(".zip"), "a zip"),
    (lambda name, head: name.endswith(TARS), "a tar"),
    (lambda name, head: name.endswith((".csv", ".tsv", ".csv.gz", ".tsv.gz")), _table),
    (lambda name, head: name.endswith(".mat"), "a MATLAB file"),
    (
        lambda name, head: name.endswith((".h5", ".hdf5")) or head[:8] == b"\x89HDF\r\n\x1a\n",
        "an HDF5 file",
    ),
    (lambda name, head: head[:3] == b"\x00\x00\x08", _idx),
    (lambda name, head: name.endswith(PICTURES), _picture),
    (
        lambda name, head: head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5"),
        "a pickle, which is read without being run",
    ),
)
