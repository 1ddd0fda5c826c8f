"""Pixel faces, the bundled colour images: 32 x 32, in four classes by glasses and hat.

`pixel_faces` are plain images. `faces_and_glasses` are two sides, faces without and with glasses;
since each face was drawn both ways, it is known what a held-out one should become.

The file keeps a face as it was designed, 16 x 16 places in a palette of its own; tools/ has the
script that made it, assets/pixel_faces.md tells its origin.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import npz
from gan_core.data.base import Dataset, DatasetSpec, freeze, held_out_split
from gan_core.data.checksum import digest
from gan_core.errors import DataError
from gan_core.storage.assets import ASSETS

if TYPE_CHECKING:
    from gan_core.types import Labels

PATH = ASSETS / "pixel_faces.npz"
KEYS = ("places", "eyes", "colours", "num_colours")
COUNT = 5000
EYES = (slice(4, 9), slice(2, 14))  # where glasses are, in rows and columns of 16
LICENCE = "CC0 1.0"
ORIGIN = "drawn with the designs of DiceBear's Pixel Art"

FACES = DatasetSpec(
    name="pixel_faces",
    title="Pixel faces in colour",
    kind="images",
    image_shape=(32, 32, 3),
    num_classes=4,
    class_names=("plain", "glasses", "hat", "hat and glasses"),
    labels=(0, 1, 2, 3),
    num_train=4500,
    num_held_out=500,
    source="bundled",
    licence=LICENCE,
    origin=ORIGIN,
    digest="6d34abf32aaa54af2a7e49137aeb2917",
)
GLASSES = DatasetSpec(
    name="faces_and_glasses",
    title="Faces and glasses",
    kind="sides",
    image_shape=(32, 32, 3),
    target_shape=(32, 32, 3),
    num_classes=2,
    class_names=("bare head", "hat"),
    labels=(0, 1),
    num_train=2250,
    num_held_out=250,
    num_train_b=2250,
    num_held_out_b=250,
    source="bundled",
    licence=LICENCE,
    origin=ORIGIN,
    summary="Faces without glasses on one side, with glasses on the other.",
    digest="58c45d1dc5c708a0e55ec43963c82d93",
)
SPECS = {spec.name: spec for spec in (FACES, GLASSES)}


def spec(name: str) -> DatasetSpec:
    """The metadata of one of the two sets, with a problem where their file is not there."""
    if PATH.is_file():
        return SPECS[name]
    return replace(SPECS[name], available=False, problem=f"{PATH} is not there.")


def classes(count: int = COUNT) -> Labels:
    """Class of each face, int32 [N]: 1 for glasses plus 2 for a hat; the four take turns."""
    return (np.arange(count) % 4).astype(np.int32)


def load(name: str) -> Dataset:
    """One of the two sets in memory; DataError where the file is damaged."""
    try:
        images, twins = read(PATH)
    except DataError as error:
        raise DataError(f"{PATH} cannot be used. {error}") from error
    rows = dict(zip(("train", "held_out"), held_out_split(COUNT, classes()), strict=True))
    make = _plain if name == FACES.name else _sides
    splits = {split: make(images[i], twins[i], classes()[i]) for split, i in rows.items()}
    if name == GLASSES.name:
        splits["train"] = {k: v for k, v in splits["train"].items() if not k.endswith("truth")}
    return Dataset(SPECS[name], splits)


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """(faces, the same with their glasses off or put on), both uint8 [5000, 32, 32, 3]."""
    with npz.open_npz(path) as archive:
        npz.read_headers(archive, KEYS)
        places, eyes, colours, count = (npz.read_array(archive, key) for key in KEYS)
    start = (np.cumsum(count, dtype=np.int64) - count)[:, None, None]
    other = places.copy()
    other[:, *EYES] = eyes
    return tuple(colours[start + p].repeat(2, 1).repeat(2, 2) for p in (places, other))


def _plain(images: np.ndarray, _twins: np.ndarray, labels: Labels) -> dict[str, np.ndarray]:
    return {"image": freeze(images), "label": freeze(labels)}


def _sides(images: np.ndarray, twins: np.ndarray, labels: Labels) -> dict[str, np.ndarray]:
    """Side a wears none, side b does; the label tells the hat."""
    a, b = labels % 2 == 0, labels % 2 == 1
    made = {"a": images[a], "b": images[b], "a_label": labels[a] // 2, "b_label": labels[b] // 2}
    made |= {"a_truth": twins[a], "b_truth": twins[b]}
    return {name: freeze(array) for name, array in made.items()}


def digests(images: np.ndarray, twins: np.ndarray) -> dict[str, str]:
    """Of both sets, as of files with these arrays: what SPECS must say."""
    labels = {"y_train": classes(len(images))}
    drawn = {"x_train": (images.shape, zlib.crc32(images.tobytes()))}
    twin = {"twins": (twins.shape, zlib.crc32(twins.tobytes()))}
    return {
        FACES.name: digest(drawn, labels),
        GLASSES.name: digest(drawn | twin, labels, "sides"),
    }
