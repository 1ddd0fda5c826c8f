"""What a zip says of itself, looked at before any of it is unpacked."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

END, LONGEST = b"PK\5\6", 65_700  # the end record; bytes of it with the longest comment
MAX_RATIO = 200  # unpacked to packed, of files beyond a megabyte; pictures hardly shrink
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


def oddity(member: zipfile.ZipInfo) -> str:
    """Why a member is no plain file or folder: "link", "special", "encrypted", "method"; "" if it is one."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "special"
    if member.flag_bits & 1:
        return "encrypted"
    usual = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return "" if usual else "method"


def bomb(member: zipfile.ZipInfo) -> int:
    """How many times a member would grow; 0 where that is no more than files do."""
    packed = max(1, member.compress_size)
    grows = member.file_size > 1_000_000 and member.file_size > MAX_RATIO * packed
    return member.file_size // packed if grows else 0
