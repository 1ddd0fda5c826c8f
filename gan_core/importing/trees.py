"""Files in a folder or an archive, one way to list them and to read one; nothing is unpacked to disk.

Hidden files, links and what is no picture are passed over and told. Paths are only names here: what an
archive calls `../../x` is read from the archive like anything else, or passed over; nothing is ever
written where it says.
"""

from __future__ import annotations

import contextlib
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gan_core.errors import DataError
from gan_core.importing import litter
from gan_core.importing.base import Unusable, Vanished

MOST_FILES = 200_000
MOST_DEPTH = 32  # folders in folders
MOST_BYTES = 100_000_000  # of one file
HEAD = 12
TRAIN = {"train", "training"}  # names of folders that are splits
TEST = {"test", "testing", "val", "valid", "validation"}


@dataclass(frozen=True)
class Entry:
    """A file that is a picture by its name or its first bytes.

    Attributes:
        parts: folders and name, inside the tree.
        num_bytes: as the folder or the archive says.
    """

    parts: tuple[str, ...]
    num_bytes: int

    @property
    def name(self) -> str:
        return "/".join(self.parts)


class Tree(Protocol):
    """A folder or an archive.

    Attributes:
        form: "folder", "zip" or "tar".
        entries: pictures, by name.
        passed_over: (name, why) of everything else.
        folders: paths of all folders that are not hidden, also of empty ones.
    """

    form: str
    entries: list[Entry]
    passed_over: list[tuple[str, str]]
    folders: set[tuple[str, ...]]

    def read(self, index: int) -> bytes:
        """All bytes of an entry; Unusable where it is too large, or gone."""

    def close(self) -> None: ...


def printable(name: str) -> str:
    """A name as it can be shown and stored: no control characters, no half ones, accents put together."""
    whole = unicodedata.normalize("NFC", name)
    return "".join(c if c.isprintable() else "\ufffd" for c in whole)


def common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that all of these files lie in."""
    if not paths:
        return ()
    first, last = min(paths)[:-1], max(paths)[:-1]
    count = 0
    while count < min(len(first), len(last)) and first[count] == last[count]:
        count += 1
    return first[:count]


def check_count(count: int, what: str) -> None:
    """DataError where there are more files than are looked at."""
    if count > MOST_FILES:
        raise DataError(
            f"{what} holds more than {MOST_FILES:,} files, and no more are looked at. "
            "Choose a folder inside it."
        )


def too_large(name: str, num_bytes: int) -> Unusable:
    return Unusable(
        f"`{name}` has {num_bytes:,} bytes; at most {MOST_BYTES:,} are read.", "too large"
    )


class Folder:
    """A folder on this machine; what it links to is never opened."""

    form = "folder"

    def __init__(self, path: Path):
        self.path = path
        self.passed_over: list[tuple[str, str]] = []
        self.folders: set[tuple[str, ...]] = set()
        self._count = 0
        found = sorted(self._walk(os.fspath(path), ()), key=lambda pair: pair[0].parts)
        self.entries = [entry for entry, _ in found]
        self._places = [place for _, place in found]
        self.passed_over.sort()

    def _walk(self, folder: str, parts: tuple[str, ...]) -> Iterator[tuple[Entry, str]]:
        try:
            with os.scandir(folder) as found:
                inside = list(found)
        except OSError as error:
            if not parts:
                raise DataError(f"{folder} cannot be read ({error.strerror}).") from error
            self.passed_over.append(("/".join(parts), f"cannot be read ({error.strerror})"))
            return
        self._count += len(inside)
        check_count(self._count, os.fspath(self.path))
        for entry in inside:
            yield from self._entry(entry, (*parts, printable(entry.name)))

    def _entry(self, entry: os.DirEntry, parts: tuple[str, ...]) -> Iterator[tuple[Entry, str]]:
        why = self._why_not(entry)
        if why:
            self.passed_over.append(("/".join(parts), why))
        elif entry.is_dir(follow_symlinks=False):
            if len(parts) >= MOST_DEPTH:
                self.passed_over.append(("/".join(parts), f"more than {MOST_DEPTH} folders deep"))
                return
            self.folders.add(parts)
            yield from self._walk(entry.path, parts)
        else:
            with contextlib.suppress(OSError):
                size = entry.stat(follow_symlinks=False).st_size
                yield Entry(parts, size), entry.path

    def _why_not(self, entry: os.DirEntry) -> str:
        """Why an entry is passed over; "" of folders and pictures."""
        if litter.is_hidden(entry.name):
            return litter.HIDDEN
        if entry.is_symlink():
            return litter.LINK
        if entry.is_dir(follow_symlinks=False):
            return ""
        if not entry.is_file(follow_symlinks=False):
            return litter.NO_FILE
        if litter.is_picture(entry.name):
            return ""
        if not litter.has_ending(entry.name):
            with contextlib.suppress(OSError), open(entry.path, "rb") as file:
                return litter.why_not(file.read(HEAD))
        return litter.why(entry.name)

    def read(self, index: int) -> bytes:
        name = self.entries[index].name
        try:
            return read_plain(self._places[index], name)
        except OSError as error:
            raise self._gone(name, error) from error

    def _gone(self, name: str, error: OSError) -> DataError:
        if not self.path.is_dir():
            return Vanished(f"The folder {self.path} is no longer there: it was moved or deleted.")
        return Unusable(f"`{name}` cannot be opened ({error.strerror}).", "gone")

    def close(self) -> None: ...


def read_plain(path: str, name: str) -> bytes:
    """All bytes of a plain file; never of a link, a pipe or a device that took its place meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise Unusable(f"`{name}` is no plain file.", "gone")
        if state.st_size > MOST_BYTES:
            raise too_large(name, state.st_size)
        return file.read(state.st_size + 1)
