"""What a new set may be called in a data folder."""

from __future__ import annotations

import os
from pathlib import Path

from gan_core.data import names
from gan_core.data.builtin import KNOWN
from gan_core.data.catalogue import BUILT_IN
from gan_core.errors import DataError


def place(name: str, data_dir: Path | str) -> Path:
    """Where the file of a new set of this name will lie.

    Raises:
        DataError: no set may be called so, or there is one that is.
    """
    if not names.is_name(name):
        raise DataError(
            f"{name[:80]!r} cannot be a name. Allowed: {names.RULE}; for example "
            f"`{names.plain(name)}`."
        )
    if name in BUILT_IN or name in KNOWN:
        raise DataError(f"`{name}` comes with the app. Choose another name.")
    folder = Path(data_dir).expanduser().absolute()
    if taken := _taken(f"{name}.npz", folder):
        raise DataError(
            f"There is `{taken}` in {folder} already. Choose another name, or remove it."
        )
    return folder / f"{name}.npz"


def likely(title: str) -> str:
    """A name like a title; what comes with the app or is downloaded by it has its name for itself."""
    name = names.plain(title)
    return names.plain(f"my_{name}") if name in BUILT_IN else name


def _taken(file: str, folder: Path) -> str:
    """The file that has this name, also where only capitals differ: elsewhere they are one."""
    try:
        there = os.listdir(folder)
    except OSError:
        return ""
    return next((name for name in there if name.lower() == file.lower()), "")
