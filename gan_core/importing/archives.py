"""Pictures inside a zip or a tar, read where they are: nothing is unpacked to disk.

An archive may lie about what it holds: links, paths that lead elsewhere, files that share bytes, one
that grows a thousandfold. Each is passed over with its reason, or the whole is refused in words.
"""

from __future__ import annotations

import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

try:
    from lzma import LZMAError
except ImportError:  # a Python without it opens no .xz
    LZMAError = EOFError  # type: ignore[misc, assignment]  # only ever caught, with EOFError

from gan_core.errors import DataError, in_brief
from gan_core.importing import litter
from gan_core.importing.base import Unusable
from gan_core.importing.trees import (
    HEAD,
    MOST_BYTES,
    MOST_DEPTH,
    Entry,
    check_count,
    printable,
    too_large,
)
from gan_core.storage import zips

MOST_TABLE = 64_000_000  # bytes of a zip's table of contents
MOST_TOTAL = 200_000_000_000  # bytes unpacked
MOST_TAR = 50_000_000_000  # the same of a packed tar, which is unpacked to see what it holds
WHY_ODD = {
    "link": litter.LINK,
    "special": litter.NO_FILE,
    "encrypted": "encrypted; unpack it with its password",
    "method": "packed by an unusual method ({method}); pack it as a plain zip",
}
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError, IndexError, OverflowError, KeyError, LZMAError,
)  # fmt: skip


def open_archive(path: Path) -> Zip | Tar | None:
    """The zip or tar at a path; None where the file is neither.

    Raises:
        DataError: it is one and cannot be used; the text says why.
    """
    with open(path, "rb") as file:
        head = file.read(4)
    if head in (b"PK\3\4", b"PK\5\6"):
        return Zip(path)
    if path.name.lower().endswith(TARS):
        return Tar(path)
    if path.name.lower().endswith(".zip"):
        raise DataError(f"{path.name} is no zip, or it is damaged. Pack the folder again.")
    return None


class _Archive:
    """What both have in common: which members are pictures, and what is told of the others."""

    def __init__(self):
        self.entries: list[Entry] = []
        self.passed_over: list[tuple[str, str]] = []
        self.folders: set[tuple[str, ...]] = set()
        self._members: list = []

    def _take(self, found: list[tuple[str, int, str, object]]) -> None:
        """Sort members (name, bytes, why not or "", member) into entries and what is passed over."""
        seen: set[tuple[str, ...]] = set()
        kept = []
        for name, size, why, member in found:
            parts = tuple(
                printable(part)
                for part in name.replace("\\", "/").split("/")
                if part not in ("", ".")  # `tar czf x.tgz .` begins every name with ./
            )
            if name.endswith("/"):
                self._take_folder(parts)
                continue
            self._take_folder(parts[:-1])
            why = self._why_path(name, parts) or why or self._why_name(parts, member)
            why = why or ("is there twice" if parts in seen else "")
            if why:
                self.passed_over.append(("/".join(parts) or "a file without a name", why))
                continue
            seen.add(parts)
            kept.append((Entry(parts, size), member))
        kept.sort(key=lambda pair: pair[0].parts)
        self.entries = [entry for entry, _ in kept]
        self._members = [member for _, member in kept]
        self.passed_over.sort()

    def _take_folder(self, parts: tuple[str, ...]) -> None:
        if not any(litter.is_hidden(part) for part in parts) and ".." not in parts:
            self.folders |= {parts[: n + 1] for n in range(len(parts))}

    def _why_path(self, name: str, parts: tuple[str, ...]) -> str:
        if not parts or ".." in parts or name[:1] in "/\\" or name[1:2] == ":":
            return "its path leads elsewhere"
        if any(litter.is_hidden(part) for part in parts):
            return litter.HIDDEN
        return f"more than {MOST_DEPTH} folders deep" if len(parts) > MOST_DEPTH else ""

    def _why_name(self, parts: tuple[str, ...], member: object) -> str:
        if litter.is_picture(parts[-1]):
            return ""
        if litter.has_ending(parts[-1]):
            return litter.why(parts[-1])
        try:
            return litter.why_not(self._head(member))
        except _BROKEN:
            return litter.why(parts[-1])

    def _head(self, member) -> bytes:
        raise NotImplementedError


class Zip(_Archive):
    """A zip: its table is checked before anything is read."""

    form = "zip"

    def __init__(self, path: Path):
        super().__init__()
        self._file = open(path, "rb")  # noqa: SIM115 (closed by close)
        try:
            _check_table(self._file, path.name)
            self._zip = zipfile.ZipFile(self._file)
            found = self._zip.infolist()
            check_count(len(found), path.name)
            _check_overlap(found, path.name)
            self._take([(_name(i), i.file_size, _why_member(i), i) for i in found])
        except _BROKEN as error:
            self._file.close()
            raise DataError(
                f"{path.name} is no zip, or it is damaged ({in_brief(error)})."
            ) from error
        except BaseException:
            self._file.close()
            raise

    def _head(self, member: zipfile.ZipInfo) -> bytes:
        with self._zip.open(member) as file:
            return file.read(HEAD)

    def read(self, index: int) -> bytes:
        name, member = self.entries[index].name, self._members[index]
        if member.file_size > MOST_BYTES:
            raise too_large(name, member.file_size)
        try:
            with self._zip.open(member) as file:
                data = file.read(MOST_BYTES + 1)
        except _BROKEN as error:
            raise Unusable(f"`{name}` is damaged in the zip ({in_brief(error)}).") from error
        if len(data) > MOST_BYTES:
            raise too_large(name, len(data))
        return data

    def close(self) -> None:
        self._zip.close()
        self._file.close()


def _check_table(file: BinaryIO, name: str) -> None:
    """DataError where the table of contents is larger than is read into memory."""
    length = zips.table_bytes(file)
    if length is None:
        raise DataError(f"{name} is cut off: its table of contents is missing. Pack it again.")
    if length > MOST_TABLE:
        raise DataError(
            f"{name} lists too many files: its table has {length:,} bytes, and at most "
            f"{MOST_TABLE:,} are read. Unpack it and choose the folder."
        )


def _check_overlap(found: list[zipfile.ZipInfo], name: str) -> None:
    """Members that share bytes of the zip unpack to more than it holds."""
    if zips.sharing(found):
        raise DataError(f"{name} is a trap: files in it share their bytes.")
    total = sum(member.file_size for member in found)
    if total > MOST_TOTAL:
        raise DataError(
            f"{name} unpacks to {total / 1e9:,.0f} GB. Allowed: {MOST_TOTAL / 1e9:,.0f} GB. "
            "Choose a part of it."
        )


def _name(member: zipfile.ZipInfo) -> str:
    """Its path; what is not marked as UTF-8 often is all the same."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def _why_member(member: zipfile.ZipInfo) -> str:
    if odd := zips.oddity(member):
        return WHY_ODD[odd].format(method=member.compress_type)
    grows = zips.bomb(member)
    return f"it would grow {grows:,} times: a zip bomb" if grows else ""


class Tar(_Archive):
    """A tar, also a packed one, which is read from its start to see what it holds."""

    form = "tar"

    def __init__(self, path: Path):
        super().__init__()
        try:
            self._tar = tarfile.open(path, "r:*")  # noqa: SIM115 (closed by close)
        except _BROKEN as error:
            raise DataError(
                f"{path.name} is no tar, or it is damaged ({in_brief(error)})."
            ) from error
        try:
            self._take(self._listed(path.name))
        except _BROKEN as error:
            self._tar.close()
            raise DataError(f"{path.name} is damaged, or cut off ({in_brief(error)}).") from error
        except BaseException:
            self._tar.close()
            raise

    def _listed(self, name: str) -> list[tuple[str, int, str, object]]:
        found: list[tuple[str, int, str, object]] = []
        for member in self._tar:
            if member.offset_data + member.size > MOST_TAR:
                raise DataError(
                    f"{name} unpacks to more than {MOST_TAR / 1e9:,.0f} GB. Unpack it and choose "
                    "the folder."
                )
            ending = "/" if member.isdir() else ""
            found.append((member.name + ending, member.size, _why_tar(member), member))
            check_count(len(found), name)
        return found

    def _head(self, member: tarfile.TarInfo) -> bytes:
        with self._opened(member) as file:
            return file.read(HEAD)

    def _opened(self, member: tarfile.TarInfo) -> IO[bytes]:
        if (file := self._tar.extractfile(member)) is None:
            raise Unusable(f"`{member.name}` is no file.")
        return file

    def read(self, index: int) -> bytes:
        name, member = self.entries[index].name, self._members[index]
        if member.size > MOST_BYTES:
            raise too_large(name, member.size)
        try:
            with self._opened(member) as file:
                return file.read(member.size)
        except _BROKEN as error:
            raise Unusable(f"`{name}` is damaged in the tar ({in_brief(error)}).") from error

    def close(self) -> None:
        self._tar.close()


def _why_tar(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return litter.LINK
    if member.issparse():
        return "a sparse file"
    return "" if member.isfile() or member.isdir() else litter.NO_FILE
