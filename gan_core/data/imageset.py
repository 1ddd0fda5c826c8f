"""The rules for an image data set in one .npz file, and reading it; pairs and sides: twoset.py.

Keys: x_train uint8 [N, H, W] or [N, H, W, C]; optional y_train, x_test, y_test, and class_names
(text). Without x_test, a tenth of each class is held out.

Classes are the labels that occur in y_train, in ascending order: labels 3 and 8 are the classes 0
and 1 and are called "3" and "8". class_names has one name for each of them, or one for each number
from 0 to the largest label.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import checks, classes, hints, npz
from gan_core.data.base import freeze, held_out_counts, held_out_split, named
from gan_core.data.checksum import digest
from gan_core.data.layout import Layout
from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Labels, Pixels

KEYS = ("x_train", "y_train", "x_test", "y_test", "class_names")
LOOKED_AT = ("x_train", "x_test")


def examine(archive: zipfile.ZipFile) -> tuple[Layout, dict[str, np.ndarray]]:
    """What it holds, and its labels as they are in the file, int64 [N]."""
    headers = npz.read_headers(archive, KEYS)
    if "x_train" not in headers:
        raise DataError(
            f"It has no `x_train`. Received: {npz.member_names(archive)}. Allowed: `x_train` "
            "(uint8, [N, H, W] or [N, H, W, C]), and optionally "
            "`y_train`, `x_test`, `y_test`, `class_names`; or two sets, `a_train` and `b_train`."
            f"{hints.keys(npz.shapes(archive))}"
        )
    _check_headers(archive, headers)
    named: tuple[str, ...] = ("y_train", "y_test")
    labels = {key: classes.read(archive, key) for key in named if key in headers}
    own = tuple(int(k) for k in np.unique(labels["y_train"])) if labels else ()
    classes.check(own, labels.get("y_test"))
    names = classes.names(archive, own) if "class_names" in headers else tuple(map(str, own))
    return _layout(headers, classes.dense(labels, own).get("y_train"), own, names), labels


def digest_of(archive: zipfile.ZipFile, layout: Layout, labels: dict[str, np.ndarray]) -> str:
    headers = npz.read_headers(archive, LOOKED_AT)
    images = {
        key: ((header.shape[0], *layout.image_shape), npz.checksum(archive, key, header))
        for key, header in headers.items()
    }
    return digest(images, labels)


def _layout(
    headers: dict[str, npz.Header],
    labels: Labels | None,
    own: tuple[int, ...],
    names: tuple[str, ...],
) -> Layout:
    train, test = headers["x_train"], headers.get("x_test")
    num_train = train.shape[0]
    num_held_out = test.shape[0] if test else int(held_out_counts(num_train, labels).sum())
    return Layout(
        image_shape=(*train.shape[1:3], checks.channels(train.shape)),
        num_train=num_train if test else num_train - num_held_out,
        num_held_out=num_held_out,
        labels=own,
        class_names=names,
        memory_bytes=_peak_bytes(train, test),
    )


def _peak_bytes(train: npz.Header, test: npz.Header | None) -> int:
    """Splitting copies the images once, and so does turning columns into rows."""
    copies = 2 if train.fortran_order or test is None else 1
    extra = test.nbytes * (2 if test.fortran_order else 1) if test else 0
    return copies * train.nbytes + extra


def _check_headers(archive: zipfile.ZipFile, headers: dict[str, npz.Header]) -> None:
    train, test = headers["x_train"], headers.get("x_test")
    checks.images(archive, "x_train", train, checks.MIN_IMAGES)
    if test:
        checks.images(archive, "x_test", test, 1)
        if train.shape[1:3] != test.shape[1:3] or checks.channels(train.shape) != checks.channels(
            test.shape
        ):
            raise DataError(
                f"`x_test` has images of another shape. Received: {list(test.shape[1:])}. "
                f"Allowed: {list(train.shape[1:])}, as in `x_train`."
            )
    for key, images in (("y_train", train), ("y_test", test)):
        if key in headers:
            checks.label_header(key, headers[key], images)
    if test and ("y_train" in headers) != ("y_test" in headers):
        raise DataError(
            "Only one of `y_train` and `y_test` is there. Allowed: both or none. The test split "
            f"may be left out.{hints.ADD}"
        )
    if "class_names" in headers and "y_train" not in headers:
        raise DataError("It has `class_names` but no `y_train`. Allowed: both, or only labels.")


def arrays(
    archive: zipfile.ZipFile, layout: Layout, labels: dict[str, np.ndarray]
) -> dict[str, dict[str, np.ndarray]]:
    """Both splits, as in base.Dataset."""
    labels = classes.dense(labels, layout.labels)
    train = _images(archive, "x_train", layout)
    if layout.num_train < len(train):
        return _split(train, labels.get("y_train"))
    held_out = _images(archive, "x_test", layout)
    return {
        "train": _frozen(train, labels.get("y_train")),
        "held_out": _frozen(held_out, labels.get("y_test")),
    }


def _images(archive: zipfile.ZipFile, key: str, layout: Layout) -> Pixels:
    """Images, uint8 [N, H, W, C]."""
    return npz.read_array(archive, key).reshape(-1, *layout.image_shape)


def _split(images: np.ndarray, labels: Labels | None) -> dict[str, dict[str, np.ndarray]]:
    rows = dict(zip(("train", "held_out"), held_out_split(len(images), labels), strict=True))
    return {
        split: _frozen(images[index], None if labels is None else labels[index])
        for split, index in rows.items()
    }


def _frozen(images: np.ndarray, labels: Labels | None) -> dict[str, np.ndarray]:
    return {name: freeze(array) for name, array in named(images, labels).items()}
