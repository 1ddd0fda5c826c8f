"""The names of the classes of a set of one's own: changed in its file, whose images stay as they are."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gan_core.data import setfile
from gan_core.data.classes import MAX_NAME_CHARS
from gan_core.errors import DataError
from gan_core.storage import files

MEMBER = "class_names.npy"


def rename(path: Path, old: str, new: str) -> None:
    """Give a class of the .npz at `path` another name.

    Raises:
        DataError: there is no class of the old name, or none may have the new one.
    """
    names = list(setfile.inspect(path, look=False).class_names)
    if old not in names:
        raise DataError(f"There is no class `{old[:40]}`. Classes: {', '.join(names[:20])}.")
    if not new.strip() or not new.isprintable() or len(new) > MAX_NAME_CHARS:
        raise DataError(
            f"A class cannot be called {new[:80]!r}. Allowed: 1 to {MAX_NAME_CHARS} printable "
            "characters."
        )
    if new in names and new != old:
        raise DataError(f"There is a class `{new[:40]}` already.")
    names[names.index(old)] = new
    with files.atomic_file(path) as file:
        _rewrite(path, file, np.array(names))


def _rewrite(path: Path, file: BinaryIO, names: np.ndarray) -> None:
    """The same archive with other names."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(file, "w") as target:
        for info in source.infolist():
            if info.filename != MEMBER:
                _copy(source, target, info)
        with target.open(MEMBER, "w") as member:
            np.lib.format.write_array(member, names, version=(1, 0), allow_pickle=False)


def _copy(source: zipfile.ZipFile, target: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    kept = zipfile.ZipInfo(info.filename, info.date_time)
    kept.compress_type = info.compress_type
    with source.open(info) as member, target.open(kept, "w", force_zip64=True) as copy:
        shutil.copyfileobj(member, copy, 1 << 20)
