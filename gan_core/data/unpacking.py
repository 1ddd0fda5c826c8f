"""Archives of known sets, whose bytes were compared with a published sum, as the arrays that are kept.

Nothing is unpacked to disk, so no path in an archive leads anywhere; and no pickle is run.
"""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gan_core.data.builtin import Known
from gan_core.errors import DataError, in_brief
from gan_core.storage import decode, pickled

if TYPE_CHECKING:
    from gan_core.types import Pixels

MOST_BYTES = 64 << 20  # of one batch or picture
FOLDERS = {"trainA": "a_train", "trainB": "b_train", "testA": "a_test", "testB": "b_test"}
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)


def cifar(path: Path, known: Known) -> dict[str, np.ndarray]:
    """Images uint8 [N, H, W, 3] and labels of a tar of CIFAR's batches; DataError if it is none."""
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                if not member.isreg() or not re.fullmatch(r"data_batch_\d|test_batch", name):
                    continue
                if file := archive.extractfile(member):
                    found[name] = _batch(file.read(MOST_BYTES), known)
    except _DAMAGE as error:
        raise DataError(
            f"{path.name} holds no batches that can be read ({in_brief(error)})."
        ) from error
    train = [found[name] for name in sorted(found) if name != "test_batch"]
    if not train or "test_batch" not in found:
        raise DataError(f"{path.name} holds no batches of {known.title}.")
    x_train, y_train = (np.concatenate(parts) for parts in zip(*train, strict=True))
    x_test, y_test = found["test_batch"]
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _batch(data: bytes, known: Known) -> tuple[np.ndarray, np.ndarray]:
    """(images, labels) of one pickle: rows of all red, then all green, then all blue pixels."""
    file = io.BytesIO(data)
    held = pickled.load(file)
    array, labels = held["data"], held["labels"]
    high, wide, colours = known.image_shape
    rows = np.frombuffer(b"".join(pickled.pieces(file, array)), array.dtype)
    images = rows.reshape(-1, colours, high, wide).transpose(0, 2, 3, 1)
    if array.dtype != np.uint8 or len(labels) != len(images):
        raise ValueError("a batch of another kind")
    return np.ascontiguousarray(images), np.array(labels, np.uint8)


def two_sets(path: Path, known: Known) -> dict[str, np.ndarray]:
    """Pictures of the folders trainA, trainB, testA, testB, squares uint8 [N, S, S, 3].

    Of pairs, side B is the input and side A the target, as the sets of CycleGAN have photographs first;
    the number in a name says which belong together.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            places = _places(archive)
            if known.packing == "pairs":
                places = _matched(places, path)
            side = known.image_shape[0]
            arrays = {key: _pictures(archive, inside, side) for key, inside in places.items()}
    except _DAMAGE as error:
        raise DataError(
            f"{path.name} holds no pictures that can be read ({in_brief(error)})."
        ) from error
    return arrays | {"kind": np.array(known.kind)}


def _places(archive: zipfile.ZipFile) -> dict[str, list[zipfile.ZipInfo]]:
    """The pictures of each folder, by name."""
    found: dict[str, list[zipfile.ZipInfo]] = {key: [] for key in FOLDERS.values()}
    for info in sorted(archive.infolist(), key=lambda info: info.filename):
        path = PurePosixPath(info.filename)
        if path.parent.name in FOLDERS and path.suffix.lower() in (".jpg", ".jpeg", ".png"):
            found[FOLDERS[path.parent.name]].append(info)
    empty = [folder for folder, key in FOLDERS.items() if not found[key]]
    if empty:
        raise ValueError(f"it has no folder {empty[0]}")
    return found


def _matched(
    places: dict[str, list[zipfile.ZipInfo]], path: Path
) -> dict[str, list[zipfile.ZipInfo]]:
    """Row by row what belongs together, input first; DataError where one has no partner."""
    found = {}
    for split in ("train", "test"):
        photos, drawings = (
            {_number(info): info for info in places[f"{side}_{split}"]} for side in "ab"
        )
        if photos.keys() != drawings.keys():
            raise DataError(f"{path.name} has pictures without a partner: {split}A and {split}B.")
        order = sorted(photos)
        found[f"a_{split}"] = [drawings[number] for number in order]
        found[f"b_{split}"] = [photos[number] for number in order]
    return found


def _number(info: zipfile.ZipInfo) -> int:
    found = re.search(r"\d+", PurePosixPath(info.filename).name)
    if not found:
        raise ValueError(f"{info.filename} has no number")
    return int(found[0])


def _pictures(archive: zipfile.ZipFile, places: list[zipfile.ZipInfo], side: int) -> np.ndarray:
    images = np.empty((len(places), side, side, 3), np.uint8)
    for image, info in zip(images, places, strict=True):
        if info.file_size > MOST_BYTES:
            raise ValueError(f"{info.filename[:80]} is too large")
        image[:] = _square(
            decode.whole(archive.read(info), side, name=info.filename[:80]).pixels, side
        )
    return images


def _square(pixels: Pixels, side: int) -> Pixels:
    """The middle square of uint8 [H, W, 3], [side, side, 3]."""
    high, wide = pixels.shape[:2]
    short = min(high, wide)
    top, left = (high - short) // 2, (wide - short) // 2
    box = (left, top, left + short, top + short)
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS, box))
