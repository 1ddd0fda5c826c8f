"""Where results go: the place is checked before the work, and gets the whole result or nothing.

A result is made in a folder `.tmp-*-NAME` beside its place, under a lock that ends with the process:
what a killed one left there, the next that makes the same result removes.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gan_core.errors import ConfigError, DiskFullError, RunError, in_brief
from gan_core.storage import locks
from gan_core.storage.files import TEMP_PREFIX, remove_tree, temp_path

LOCK = "lock"
HOUR = 3600.0
_TEMP = re.compile(re.escape(TEMP_PREFIX) + "[0-9a-f]{12}-")


def check_file(path: Path | str, suffixes: Sequence[str]) -> Path:
    """The path of a file that can be written there.

    Raises:
        ConfigError: it has another suffix, is a folder, or its folder does not exist.
    """
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        allowed = " or ".join(filter(None, [", ".join(suffixes[:-1]), suffixes[-1]]))
        raise ConfigError(f"The file must end in {allowed}. Received: `{path}`.")
    if _is_dir(path):
        raise ConfigError(f"`{path}` is a folder. Name a file in it.")
    if path.exists() and not path.is_file():
        raise ConfigError(f"`{path}` is no plain file. Name another one.")
    return _with_parent(path)


def check_source(path: Path | str) -> Path:
    """The path of a file that can be read to its end; ConfigError for a folder, a pipe, a device."""
    path = Path(path)
    if _is_dir(path):
        raise ConfigError(f"`{path}` is a folder, not a file.")
    if path.exists() and not path.is_file():
        raise ConfigError(f"`{path}` is no plain file: pipes and devices are not read.")
    return path


def check_folder(path: Path | str, ours: Callable[[Path], bool]) -> Path:
    """The path of a folder that is new, empty, or holds an earlier result of ours.

    Raises:
        ConfigError: something else is there, or the folder around it does not exist.
    """
    path = Path(path)
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise ConfigError(f"`{path}` exists and is not a folder. Name a new one.")
    if _is_dir(path) and any(path.iterdir()) and not ours(path):
        raise ConfigError(f"`{path}` holds files that this command did not make. Name a new one.")
    return _with_parent(path)


def _with_parent(path: Path) -> Path:
    if not _is_dir(path.parent):
        raise ConfigError(f"The folder `{path.parent}` does not exist. Make it first.")
    return path


def _is_dir(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:  # for example a name that is too long
        raise ConfigError(f"`{path}` cannot be used: {error.strerror}.") from error


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary name with the suffix of `path`, which it takes at the end."""
    with _room(path) as temp:
        yield temp
        sync(temp)
        os.replace(temp, path)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `path` and of what was there, at the end."""
    with _room(path) as temp:
        temp.mkdir()
        yield temp
        if path.exists():
            os.rename(path, temp.parent / "replaced")
        os.rename(temp, path)


@contextlib.contextmanager
def _room(path: Path) -> Iterator[Path]:
    """A name in a new folder beside `path`, which is gone at the end; OSError becomes RunError."""
    try:
        _clear(path)
        room = temp_path(path)
        room.mkdir()
        try:
            with locks.hold(room / LOCK, "This is being written already."):
                yield room / path.name
        finally:
            with contextlib.suppress(OSError):
                remove_tree(room)
    except OSError as error:
        raise explain(error, path) from error


def _clear(path: Path) -> None:
    """Remove what killed processes left that were making `path`; living ones hold their locks."""
    for old in path.parent.glob(f"{TEMP_PREFIX}*-{glob.escape(path.name)}"):
        if not _is_left_over(old, path.name):
            continue
        with contextlib.suppress(OSError):
            remove_tree(old)


def makers(path: Path) -> list[bool]:
    """Of each process that is, or was, making `path`: whether it still lives."""
    rooms = path.parent.glob(f"{TEMP_PREFIX}*-{glob.escape(path.name)}")
    return [not _is_left_over(room, path.name) for room in rooms]


def clear_left_overs(folder: Path) -> None:
    """Remove what killed processes left in a folder, whatever they were making."""
    for old in folder.glob(f"{TEMP_PREFIX}*"):
        name = _TEMP.sub("", old.name)
        if name != old.name and _is_left_over(old, name):
            with contextlib.suppress(OSError):
                remove_tree(old)


def _is_left_over(old: Path, name: str) -> bool:
    if not _TEMP.fullmatch(old.name.removesuffix(name)):
        return False
    with contextlib.suppress(OSError):
        if (old / LOCK).exists():
            return not locks.is_held(old / LOCK)
        return time.time() - old.lstat().st_mtime > HOUR  # it may just be about to take its lock
    return False


def one_file(path: Path) -> Path:
    """The file itself; of a folder a zip, written beside it."""
    if not path.is_dir():
        return path
    packed = path.with_name(path.name + ".zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for file in sorted(path.rglob("*")):
            archive.write(file, file.relative_to(path.parent))
    return packed


def sync(path: Path) -> None:
    """Have all of a file on the disk; OSError where it does not fit, which may show here first."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def explain(error: OSError, path: Path) -> RunError:
    """The same failure of the operating system in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"The disk is full: {path.name} could not be written to {path.parent}. "
            "What was there before is untouched; free some space and try again."
        )
    reason = error.strerror or in_brief(error)
    return RunError(f"{path.name} could not be written to {path.parent}: {reason}.")


def size(path: Path) -> int:
    """Bytes of a file, or of everything in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.lstat().st_size for f in files if f.is_file())
