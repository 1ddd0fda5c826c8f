"""IDX files, as MNIST's: 0, 0, a type, the number of axes, their sizes, the numbers; packed by gzip or not.

A folder of them is a set: images and labels belong together by their names, `t10k` and `test` are held
out. Of a single file of images the labels beside it are taken.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_core.errors import DataError
from gan_core.importing.arrays import gzipped, mapping
from gan_core.importing.arrays.stored import Stored, in_file
from gan_core.importing.base import NO_ANSWERS, Answers, Recognised, Source

TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
MAX_AXES = 4
MOST_FILES = 64  # of a folder that are looked at
TEST = ("t10k", "test", "valid")
TURNED = "EMNIST's files hold images with rows and columns swapped"


@dataclass(frozen=True)
class _File:
    path: Path
    array: Stored

    @property
    def axes(self) -> int:
        return len(self.array.shape)

    @property
    def is_test(self) -> bool:
        return any(word in self.path.name.lower() for word in TEST)

    @property
    def stem(self) -> str:
        """What images and their labels have in common."""
        name = self.path.name.lower().removesuffix(".gz")
        return re.sub(r"images?|labels?|idx\d|ubyte|[^a-z0-9]", "", name)


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    found = _contents(Path(path))
    return None if found is None else mapping.recognised(found, answers)


def open(path: Path, answers: Answers) -> Source:
    return mapping.source(_contents(Path(path)), answers)


def _contents(path: Path) -> mapping.Contents | None:
    """What a file, or a folder of such files, holds; None where it is something else."""
    if path.is_dir():
        files = [file for file in map(_read, _plain_files(path)) if file]
        return _of_files(files) if any(file.axes > 1 for file in files) else None
    own = _read(path)
    if own is None:
        return None
    if own.axes == 1:
        raise DataError(
            f"{path.name} holds {own.array.shape[0]:,} labels and no images. Choose the file of the "
            "images, or the folder that holds both."
        )
    beside = [file for file in map(_read, _plain_files(path.parent)) if file and file.axes == 1]
    return _of_files([own, *(file for file in beside if _together(own, file))])


def _plain_files(folder: Path) -> list[Path]:
    """The first files of a folder that may be IDX, by name; links lead elsewhere and are left."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    plain = [p for p in found if not p.name.startswith(".") and p.is_file() and not p.is_symlink()]
    return [p for p in plain if "idx" in p.name.lower() or "ubyte" in p.name.lower()][:MOST_FILES]


def _together(images: _File, labels: _File) -> bool:
    return labels.stem == images.stem and labels.array.shape[0] == images.array.shape[0]


def _of_files(files: list[_File]) -> mapping.Contents:
    images = [file for file in files if file.axes > 1]
    train = next((file for file in images if not file.is_test), images[0])
    test = next((file for file in images if file.is_test and file is not train), None)
    chosen = {"images": train, "test_images": test}
    for role, of in (("labels", train), ("test_labels", test)):
        chosen[role] = next((f for f in files if of and f.axes == 1 and _together(of, f)), None)
    if chosen["labels"] and not chosen["test_labels"]:
        chosen["test_images"] = None  # images without a class beside others that have one
    used = {role: file for role, file in chosen.items() if file}
    left = [f for f in files if f not in used.values()]
    return mapping.Contents(
        "idx",
        {file.path.name: file.array for file in used.values()},
        {"labels": mapping.NONE} | {role: file.path.name for role, file in used.items()},
        tuple((file.path.name, "Its images or labels belong to no others.") for file in left),
        turned=TURNED if "emnist" in train.path.name.lower() else "",
    )


def _read(path: Path) -> _File | None:
    """The header of an IDX file; None where it is none.

    Raises:
        DataError: it is one, and does not hold what it declares.
    """
    start, packed = gzipped.head(path, 4 + 4 * MAX_AXES)
    if (
        len(start) < 8
        or start[:2] != b"\0\0"
        or start[2] not in TYPES
        or not 1 <= start[3] <= MAX_AXES
    ):
        return None
    axes = start[3]
    if len(start) < 4 + 4 * axes:
        raise DataError(f"{path.name} is cut off in its header. Copy or download it again.")
    shape, offset = struct.unpack_from(f">{axes}I", start, 4), 4 + 4 * axes
    dtype = np.dtype(TYPES[start[2]])
    if packed:
        array = gzipped.array(path.name, path, offset, shape, dtype)
    else:
        array = in_file(path.name, path, offset, shape, dtype)
        held = path.stat().st_size - offset
        if held != array.nbytes:
            raise DataError(
                f"{path.name} declares {array.told}, {array.nbytes:,} bytes, but holds {held:,} bytes. "
                "Copy or download it again."
            )
    return _File(path, array)
