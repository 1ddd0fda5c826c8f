"""Where results go: the place is checked before the work, and gets the whole result or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from gan_core.errors import ConfigError, DiskFullError, RunError
from gan_core.files import remove_tree, temp_path


def check_file(path: Path | str, suffixes: Sequence[str]) -> Path:
    """The path of a file that can be written there.

    Raises:
        ConfigError: it has another suffix, is a folder, or its folder does not exist.
    """
    path = Path(path)
    if path.suffix.lower() not in suffixes:
        raise ConfigError(f"The file must end in {' or '.join(suffixes)}. Received: `{path}`.")
    if _is_dir(path):
        raise ConfigError(f"`{path}` is a folder. Name a file in it.")
    return _with_parent(path)


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
    temp = temp_path(path)
    with _removed_on_error(temp, path):
        yield temp
        _sync(temp)
        os.replace(temp, path)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder that takes the place of `path` and of what was there, at the end."""
    temp = temp_path(path)
    with _removed_on_error(temp, path):
        temp.mkdir()
        yield temp
        if path.exists():
            old = temp_path(path)
            os.rename(path, old)
            os.rename(temp, path)
            remove_tree(old)
        else:
            os.rename(temp, path)


def one_file(path: Path) -> Path:
    """The file itself; of a folder a zip, written beside it."""
    if not path.is_dir():
        return path
    return Path(shutil.make_archive(str(path), "zip", path.parent, path.name))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _removed_on_error(temp: Path, path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        with contextlib.suppress(OSError):
            remove_tree(temp)
        if isinstance(error, OSError):
            raise explain(error, path) from error
        raise


def explain(error: OSError, path: Path) -> RunError:
    """The same failure of the operating system in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"The disk is full: {path.name} could not be written to {path.parent}. "
            "What was there before is untouched; free some space and try again."
        )
    reason = error.strerror or str(error).splitlines()[0]
    return RunError(f"{path.name} could not be written to {path.parent}: {reason}.")


def size(path: Path) -> int:
    """Bytes of a file, or of everything in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(f.lstat().st_size for f in files if f.is_file())
