"""Reads .npz files from strangers: headers first, arrays only when every declared size adds up.

An .npz is a zip of .npy files. A .npy can hold a pickle, which runs code when read, and a zip can
declare far more than it holds; both are refused before any array is read.
"""

import contextlib
import io
import math
import os
import stat
import tokenize
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from gan_core.data import hints
from gan_core.data.checksum import crc_of_rest
from gan_core.errors import DataError, in_brief

MAX_MEMBERS = 64
MAX_AXES = 8
IMAGES = ("x_train", "x_test", "a_train", "b_train", "a_test", "b_test")
MAX_PIECE = 1 << 20  # bytes read from the disk at once; also bounds the zip's table of contents
DEFLATE_LIMIT = 1040  # deflate cannot shrink anything more than 1,032 times
BOMB_RATIO, BOMB_BYTES = 200, 16 << 20  # images that shrink so much are blank or a zip bomb
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    tokenize.TokenError,
    NotImplementedError,
    RuntimeError,
    RecursionError,
    OverflowError,
)


@dataclass(frozen=True)
class Header:
    """What a member says of its array before it is read."""

    shape: tuple[int, ...]
    dtype: np.dtype
    fortran_order: bool

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


class _PatientFile(io.FileIO):
    """A file that is read in small pieces only, so that no declared size can fill the memory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > MAX_PIECE:
            raise zipfile.BadZipFile(f"its table of contents declares {size:,} bytes")
        return super().read(size)


@contextlib.contextmanager
def open_npz(path: Path) -> Iterator[zipfile.ZipFile]:
    """The open archive, its table of contents read; DataError if there is none."""
    with _damage_in_words(), contextlib.ExitStack() as opened:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError("It is not a regular file. Allowed: an .npz file.")
        archive = zipfile.ZipFile(opened.enter_context(_PatientFile(path)))
        closing = opened.pop_all()
    with closing:
        yield archive


@contextlib.contextmanager
def _damage_in_words() -> Iterator[None]:
    """Turns whatever a damaged file makes zipfile and NumPy raise into a DataError."""
    try:
        yield
    except _DAMAGE as error:
        raise DataError(
            f"It is damaged or not an .npz file ({in_brief(error)}). Allowed: a file of numpy.savez."
        ) from error


def read_headers(archive: zipfile.ZipFile, keys: tuple[str, ...]) -> dict[str, Header]:
    """The headers of those `keys` that the archive holds; DataError if any size is untrue."""
    members = _members(archive)
    return {key: _read_header(archive, members[key]) for key in keys if key in members}


def member_names(archive: zipfile.ZipFile) -> str:
    """The names of all arrays, for messages."""
    names = [f"`{info.filename.removesuffix('.npy')}`" for info in archive.infolist()]
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "") or "nothing"


def read_array(archive: zipfile.ZipFile, key: str) -> np.ndarray:
    """One array whose header was read before; checked against the archive's checksum."""
    with _damage_in_words(), archive.open(f"{key}.npy") as member:
        array = npy.read_array(member, allow_pickle=False)
        if member.read(1):  # reading up to the end is also what compares the checksum
            raise DataError(f"`{key}` holds more bytes than its shape {array.shape} needs.")
    return array


def pieces(archive: zipfile.ZipFile, key: str, size: int) -> Iterator[bytes]:
    """The bytes of one array from its start, `size` at a time; its header was read before.

    Only reading to the end compares the checksum, so that a look at the start costs no more.
    """
    with _damage_in_words(), archive.open(f"{key}.npy") as member:
        _skip_header(member)
        while piece := member.read(size):
            yield piece


def checksum(archive: zipfile.ZipFile, key: str, header: Header) -> int:
    """CRC-32 of one array without its header, as the zip's table has it."""
    with _damage_in_words(), archive.open(f"{key}.npy") as member:
        _skip_header(member)
        length = member.tell()
        member.seek(0)
        start = zlib.crc32(member.read(length))
    return crc_of_rest(archive.getinfo(f"{key}.npy").CRC, start, header.nbytes)


def shapes(archive: zipfile.ZipFile) -> dict[str, tuple[int, ...]]:
    """The shapes of all arrays whose headers can be read, for messages."""
    found = {}
    for info in archive.infolist()[:MAX_MEMBERS]:
        with contextlib.suppress(DataError):
            found[info.filename.removesuffix(".npy")] = _read_header(archive, info).shape
    return found


def headers_of_others(archive: zipfile.ZipFile) -> dict[str, Header | DataError]:
    """The headers of all arrays, whatever they are called; of one that cannot be read, why not."""
    found: dict[str, Header | DataError] = {}
    for info in archive.infolist()[:MAX_MEMBERS]:
        name = info.filename.removesuffix(".npy")
        try:
            if name == info.filename:
                raise DataError("It is no array: its name does not end in .npy.")
            if name in found or len(name) > 64 or not name.isprintable():
                raise DataError("Its name is too long, unprintable or there twice.")
            header = found[name] = _read_header(archive, info)
            if header.nbytes > max(BOMB_BYTES, BOMB_RATIO * info.compress_size):
                raise DataError(f"It shrinks over {BOMB_RATIO} times: it is blank, or a zip bomb.")
        except DataError as error:
            found[name] = error
    return found


def _skip_header(member: IO[bytes]) -> None:
    npy.read_magic(member)
    npy.read_array_header_1_0(member)


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise DataError(f"It holds {len(infos):,} arrays. Allowed: up to {MAX_MEMBERS}.")
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        key = info.filename.removesuffix(".npy")
        if key == info.filename or not key.isidentifier() or len(key) > 64:
            raise DataError(
                f"It holds a member with an odd name. Received: {info.filename[:80]!r}. "
                "Allowed: plain names such as 'x_train.npy'."
            )
        if key in members:
            raise DataError(f"It holds `{key}` twice. Allowed: every name once.")
        members[key] = info
    return members


def _read_header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    key = info.filename.removesuffix(".npy")
    _check_packing(info, key, _bytes_of(archive))
    with _damage_in_words(), archive.open(info) as member:
        version = npy.read_magic(member)
        if version != (1, 0):  # later versions are for records and can declare endless headers
            raise DataError(
                f"`{key}` has npy format {version[0]}.{version[1]}. "
                "Allowed: 1.0, as numpy.savez writes plain arrays."
            )
        shape, fortran_order, dtype = npy.read_array_header_1_0(member)
        if len(shape) > MAX_AXES or any(size < 0 for size in shape):
            raise ValueError(f"`{key}` declares the shape {shape}")
        header = Header(shape, dtype, fortran_order)
        if header.dtype.hasobject:
            raise DataError(
                f"`{key}` holds Python objects (a pickle), which can run code when read; "
                f"it was not read. Allowed: plain numbers.{hints.objects(key)}"
            )
        _check_size(header, key, info.file_size - member.tell())
    return header


def _bytes_of(archive: zipfile.ZipFile) -> int:
    if archive.fp is None:
        raise ValueError("it was closed")
    return os.fstat(archive.fp.fileno()).st_size


def _check_packing(info: zipfile.ZipInfo, key: str, archive_bytes: int) -> None:
    packed, unpacked = info.compress_size, info.file_size
    if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(
            f"`{key}` is encrypted or packed in an unusual way. "
            "Allowed: stored or deflated, as numpy.savez and numpy.savez_compressed write."
        )
    stored = info.compress_type == zipfile.ZIP_STORED
    limit = packed if stored else DEFLATE_LIMIT * packed
    if packed > archive_bytes or unpacked > limit:
        raise DataError(
            f"`{key}` declares {unpacked:,} bytes, more than its {packed:,} packed bytes in a "
            f"file of {archive_bytes:,} bytes can hold."
        )
    if key in IMAGES and unpacked > max(BOMB_BYTES, BOMB_RATIO * packed):
        raise DataError(
            f"`{key}` shrinks {unpacked // packed} times: its images are blank, or it is a zip "
            f"bomb. Allowed: up to {BOMB_RATIO} times."
        )


def _check_size(header: Header, key: str, held_bytes: int) -> None:
    if header.nbytes != held_bytes:
        raise DataError(
            f"`{key}` declares {header.dtype} {list(header.shape)}, {header.nbytes:,} bytes, "
            f"but holds {held_bytes:,} bytes."
        )
