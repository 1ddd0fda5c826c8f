"""What a zip says of itself, looked at before any of it is unpacked."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

END, LONGEST = b"PK\5\6", 65_700  # the end record; bytes of it with the longest comment
MARK_64, BEFORE_64 = b"PK\6\7", 76  # of very large zips; bytes of its records before the end


def table_bytes(file: BinaryIO) -> int | None:
    """Bytes of the table of contents, all of which `zipfile` reads into memory; None without one.

    The file stands at its start afterwards.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(END)
    if at < 0 or at + 22 > len(tail):
        return None
    if at >= BEFORE_64 and tail[at - 20 : at - 16] == MARK_64:
        return int(struct.unpack_from("<Q", tail, at - BEFORE_64 + 40)[0])
    return int(struct.unpack_from("<I", tail, at + 12)[0])


def sharing(members: Iterable[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """The first member whose bytes are another one's too, so that all unpack to more than there is."""
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            return member
        end = member.header_offset + 30 + member.compress_size
    return None
