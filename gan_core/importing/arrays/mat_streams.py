"""Bytes of a MATLAB file one after the other: as they lie in it, or out of a packed element."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from gan_core.importing.arrays.stored import MOST_BYTES, PIECE


class Plain:
    """A part of a file."""

    def __init__(self, file: BinaryIO, size: int):
        self.file, self.left = file, size

    def read(self, size: int) -> bytes:
        if size > self.left:
            raise EOFError("an element is longer than what it lies in")
        data = self.file.read(size)
        if len(data) != size:
            raise EOFError("it ends early")
        self.left -= size
        return data

    def skip(self, size: int) -> None:
        if size > self.left:
            raise EOFError("an element is longer than what it lies in")
        self.file.seek(size, 1)
        self.left -= size


class Unpacked:
    """What a packed element unpacks to, from its start; `at` counts bytes."""

    def __init__(self, file: BinaryIO, size: int):
        self.at, self.left = 0, MOST_BYTES
        self._file, self._packed, self._rest = file, size, b""
        self._unpack = zlib.decompressobj()

    def read(self, size: int) -> bytes:
        parts = []
        while size > 0:
            piece = self._some(min(size, PIECE))
            parts.append(piece)
            size -= len(piece)
        return b"".join(parts)

    def skip(self, size: int) -> None:
        while size > 0:
            size -= len(self._some(min(size, PIECE)))

    def _some(self, most: int) -> bytes:
        """At least one byte and at most so many."""
        while True:
            found = self._unpack.decompress(self._rest, most)
            self._rest = self._unpack.unconsumed_tail
            if found:
                self.at += len(found)
                return found
            if self._packed <= 0 or self._unpack.eof:
                raise EOFError("a packed element ends early")
            self._rest = self._file.read(min(64 << 10, self._packed))
            if not self._rest:
                raise EOFError("it ends early")
            self._packed -= len(self._rest)
