"""Temporary files without a name, for what is packed; a full disk is told as such, never as damage."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from gan_core.errors import DataError


def temporary() -> BinaryIO:
    """A new one, gone with the process; DataError where none can be made.

    Close it with `close`, since a full disk fails there once more.
    """
    try:
        return cast(BinaryIO, tempfile.TemporaryFile())
    except OSError as error:  # of a full disk, too: Python tries its folders by writing to them
        raise DataError(
            f"No temporary file can be made ({_reason(error)}). Free some room, or name another folder "
            "with TMPDIR."
        ) from error


def close(file: BinaryIO) -> None:
    """Close one, whatever of it could not be written."""
    with contextlib.suppress(OSError):
        file.close()


@contextlib.contextmanager
def room(size: int = 0) -> Iterator[None]:
    """DataError where so many bytes more do not fit, or writing them in the block fails."""
    folder = _folder()
    free = shutil.disk_usage(folder).free
    if size > free:
        raise DataError(
            f"Unpacking it takes {size:,} bytes in {folder}, where {free:,} are free. Free some room, or "
            "name another folder with TMPDIR."
        )
    try:
        yield
    except OSError as error:
        raise DataError(
            f"It could not be unpacked in {folder} ({_reason(error)}). Free some room, or name another "
            "folder with TMPDIR."
        ) from error


def _folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError as error:
        raise DataError(f"{_reason(error)}. Name a folder with TMPDIR.") from error


def _reason(error: OSError) -> str:
    """In the words of the system, or of Python where it has its own."""
    return error.strerror or str(error)
