"""Pictures in people's files: one, a folder, a zip, or an .npz with `images`; read without trust.

Each picture becomes uint8 [H, W, 1 or 3]: turned as its camera says, 16-bit greys as 8 bits, what is
transparent on white. One that cannot be read is an item with a problem, and the others go on.
"""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from gan_core.errors import ConfigError, DataError
from gan_core.storage import decode
from gan_core.storage.decode import MOST_BYTES

if TYPE_CHECKING:
    from gan_core.types import Pixels

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
MOST_FILES = 10_000
MOST_ARRAY = 2_000_000_000  # bytes of all images of an .npz
MOST_PIXELS = 16_000_000  # of one picture
DEEP = ("I;16", "I;16B", "I;16L", "I")  # grey of more than 8 bits, 0..65535
BAD = (OSError, SyntaxError, ValueError, EOFError, OverflowError, KeyError, NotImplementedError,
       RuntimeError, zipfile.BadZipFile, Image.DecompressionBombError)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One picture.

    Attributes:
        name: where it stood, "folder/name.jpg"; of arrays a number.
        read: its pixels, uint8 [H, W, 1 or 3]; DataError says why there are none.
    """

    name: str
    read: Callable[[], Pixels]


@dataclass(frozen=True)
class Found:
    """What a file or folder holds: "picture", "folder", "zip" or "npz", and its pictures in order."""

    kind: str
    items: tuple[Item, ...]


def pictures_in(path: Path | str) -> Found:
    """The pictures of a file or folder, none of them read yet.

    Raises:
        ConfigError: there is nothing there, or nothing that can hold pictures.
    """
    path = Path(path)
    if path.is_dir():
        return _in_words("folder", path, tuple(_of_folder(path)))
    if not path.is_file():
        raise ConfigError(f"There is no file or folder `{path}`.")
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return Found("npz", _of_arrays(path))
    if suffix == ".zip":
        return _in_words("zip", path, tuple(_of_zip(path)))
    return Found("picture", (Item(path.name, lambda: decoded(_bytes(path), path.name)),))


def _in_words(kind: str, path: Path, items: tuple[Item, ...]) -> Found:
    if not items:
        raise ConfigError(
            f"`{path}` holds no pictures. Allowed: files that end in {', '.join(SUFFIXES)}."
        )
    if len(items) > MOST_FILES:
        raise ConfigError(f"`{path}` holds more than {MOST_FILES:,} pictures.")
    return Found(kind, items)


def decoded(data: bytes, name: str) -> Pixels:
    """The pixels of a picture's file, uint8 [H, W, 1 or 3].

    Raises:
        DataError: it is no picture, damaged, or too large.
    """
    with decode.opened(data, name, MOST_PIXELS) as picture:
        return _pixels(ImageOps.exif_transpose(picture))


def _pixels(picture: Image.Image) -> Pixels:
    if picture.mode in DEEP:
        deep = np.clip(np.asarray(picture).astype(np.int64), 0, 65535)
        return np.rint(deep / 257).astype(np.uint8)[..., None]
    if picture.mode == "F":
        raise ValueError("numbers without a range")
    if "A" in picture.getbands() or "transparency" in picture.info:
        grey = picture.mode in ("LA", "L", "1")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
        picture = picture.convert("L" if grey else "RGB")
    picture = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    pixels = np.asarray(picture)
    return pixels[..., None] if pixels.ndim == 2 else pixels


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DataError(f"`{path.name}` has {size:,} bytes. Allowed: {MOST_BYTES:,}.")
    return path.read_bytes()


def _of_folder(folder: Path) -> Iterator[Item]:
    """Pictures in the folder and in those inside it, by name; links lead elsewhere and are left."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
            name = path.relative_to(folder).as_posix()
            yield Item(name, functools.partial(_of_file, path, name))


def _of_file(path: Path, name: str) -> Pixels:
    return decoded(_bytes(path), name)


def _of_zip(path: Path) -> Iterator[Item]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except BAD as error:
        raise ConfigError(f"`{path}` is damaged or no zip.") from error
    for entry in sorted(entries, key=lambda entry: entry.filename):
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        hidden = name.name.startswith(".") or "__MACOSX" in name.parts
        if name.suffix.lower() in SUFFIXES and not entry.is_dir() and not hidden:
            yield Item(safe_name(str(name)), functools.partial(_of_entry, path, entry))


def _of_entry(path: Path, entry: zipfile.ZipInfo) -> Pixels:
    if entry.file_size > MOST_BYTES:
        raise DataError(
            f"`{entry.filename[:80]}` unpacks to {entry.file_size:,} bytes. Allowed: {MOST_BYTES:,}."
        )
    try:
        with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
            data = file.read(MOST_BYTES + 1)
    except BAD as error:
        raise DataError(f"`{entry.filename[:80]}` is damaged or locked.") from error
    return decoded(data, entry.filename[:80])


def safe_name(name: str) -> str:
    """A path that stays inside any folder: without "..", drives, and roots."""
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..", ".")]
    return "/".join(part.replace(":", "_") for part in parts) or "picture"


def _of_arrays(path: Path) -> tuple[Item, ...]:
    images = array_of(path)
    digits = max(5, len(str(len(images) - 1)))
    return tuple(
        Item(f"{i:0{digits}d}", functools.partial(images.__getitem__, i))
        for i in range(len(images))
    )


def array_of(path: Path) -> Pixels:
    """`images` of an .npz file: uint8 [N, H, W, 1 or 3], also of [N, H, W].

    Raises:
        ConfigError: the file is damaged, has no such array, or it holds other numbers.
    """
    wanted = "`images`, uint8 of shape [N, H, W] or [N, H, W, 1 or 3]"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = list(arrays.files)
            if "images" not in names:
                held = ", ".join(f"`{name[:40]}`" for name in names[:8]) or "nothing"
                raise ConfigError(f"`{path}` must hold {wanted}. It holds {held}.")
            _refuse_huge(path)
            images: Pixels = arrays["images"]
    except (*BAD, MemoryError) as error:
        raise ConfigError(f"`{path}` is damaged or no .npz file of plain numbers.") from error
    images = images[..., None] if images.ndim == 3 else images
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3):
        raise ConfigError(
            f"`{path}` must hold {wanted}. Received: {images.dtype} {list(images.shape)}."
        )
    if not images.size:
        raise ConfigError(f"`{path}` holds no images: {list(images.shape)}.")
    return images


def _refuse_huge(path: Path) -> None:
    """Before anything is unpacked: what the zip's table says of its arrays."""
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("images.npy").file_size
    if size > MOST_ARRAY:
        raise ConfigError(f"`images` in `{path}` has {size:,} bytes. Allowed: {MOST_ARRAY:,}.")
