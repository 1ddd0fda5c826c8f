"""Files that come from a browser in portions: written to a folder as they come, never held in memory."""

from __future__ import annotations

import contextlib
import re
import shutil
import struct
from pathlib import Path
from typing import BinaryIO

from gan_core.errors import DataError

HEAD = struct.Struct("<IQ")  # of a file: bytes of its name, bytes of itself
MOST_NAME = 2000  # bytes of a name with its folders
MOST_PART = 200  # bytes of one part of it
MOST_FILES = 200_000
SPARE = 500_000_000  # bytes of the disk that are left free
_ODD = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')


class Arrival:
    """Takes the bytes of portions, each a row of [head, name, file], in any cuts.

    Args:
        folder: to be filled; must be there.
        num_bytes: that were announced; more are refused.
    """

    def __init__(self, folder: Path, num_bytes: int):
        check_room(folder, num_bytes)
        self.folder, self.num_files, self._left = folder, 0, num_bytes
        self._buffer = b""
        self._file: BinaryIO | None = None
        self._rest = 0  # bytes of the open file that are still to come

    def feed(self, data: bytes) -> None:
        """Some bytes of a portion.

        Raises:
            DataError: they are no files as described, are more than was announced, or the disk is full.
        """
        try:
            self._feed(data)
        except OSError as error:
            raise DataError(f"The files cannot be stored ({error.strerror or error}).") from error

    def end_portion(self) -> None:
        """The portion is over; DataError where it broke off within a file."""
        broken = self._file is not None or self._buffer
        self.close()
        if broken:
            raise DataError("The files did not arrive whole. Send them again.")

    def close(self) -> None:
        """Close what is open; a file that did not come whole stays cut."""
        if self._file is not None:
            self._file.close()
        self._file, self._rest, self._buffer = None, 0, b""

    def _feed(self, data: bytes) -> None:
        while data or (self._file is not None and not self._rest):
            if self._file is None:
                self._buffer, data = self._buffer + data, b""
                data = self._begin()
                if self._file is None:
                    return
            piece, data = data[: self._rest], data[self._rest :]
            self._file.write(piece)
            self._rest -= len(piece)
            if not self._rest:
                self._file.close()
                self._file = None

    def _begin(self) -> bytes:
        """Open the next file once its head and name are there; returns what comes after them."""
        if len(self._buffer) < HEAD.size:
            return b""
        length, size = HEAD.unpack_from(self._buffer)
        if not 0 < length <= MOST_NAME:
            raise DataError("The name of a file is too long, or the files are damaged.")
        end = HEAD.size + length
        if len(self._buffer) < end:
            return b""
        self._check(size)
        name, rest = self._buffer[HEAD.size : end], self._buffer[end:]
        self._file, self._rest, self._buffer = (
            self._open(name.decode("utf-8", "replace")),
            size,
            b"",
        )
        return rest

    def _check(self, size: int) -> None:
        self._left -= size
        self.num_files += 1
        if self._left < 0:
            raise DataError("More bytes arrive than were announced.")
        if self.num_files > MOST_FILES:
            raise DataError(f"More than {MOST_FILES:,} files are not taken at once.")

    def _open(self, name: str) -> BinaryIO:
        path = self.folder.joinpath(*safe_parts(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        number = 2
        while True:  # two of one name, as file systems that ignore case have it
            with contextlib.suppress(FileExistsError):
                return path.open("xb")
            path = path.with_name(f"{path.stem} ({number}){path.suffix}")
            number += 1


def safe_parts(name: str) -> list[str]:
    """The folders and the name of a file, none of which leads out of where it is put."""
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    return [_safe(part) for part in parts] or ["file"]


def _safe(part: str) -> str:
    """A name that every file system takes, as near to it as possible."""
    clean = _ODD.sub("_", part).strip() or "_"
    if len(clean.encode()) <= MOST_PART:
        return clean
    stem, dot, suffix = clean.rpartition(".")
    kept = (stem or suffix).encode()[: MOST_PART - 20].decode("utf-8", "ignore")
    return f"{kept}{dot}{suffix[:10]}" if stem else kept


def check_room(folder: Path, num_bytes: int) -> None:
    """DataError where so many bytes do not fit on the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if num_bytes + SPARE > free:
        raise DataError(
            f"The files have {num_bytes / 1e9:.1f} GB and {free / 1e9:.1f} GB are free. Name their path "
            "on this machine instead: then nothing is copied."
        )
