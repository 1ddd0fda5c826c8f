"""The rules for pairs and two sides in one .npz file, and reading them.

Keys: a_train and b_train, uint8 [N, H, W] or [N, H, W, C], and `kind`, the text "pairs" or "sides".
Of pairs, row i of both belong together: a is the input, b the target. Optional: a_test and b_test,
else a tenth is held out; a_labels, b_labels, a_test_labels, b_test_labels (of pairs those of a
alone) and class_names, with classes as in imageset.py.

Without `kind` they are sides, which is never wrong: pairs are two sides that know more. Where both
have equally many images a warning says so, since pairs may have been meant.
"""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import checks, classes, hints, npz
from gan_core.data.base import freeze, held_out_counts, held_out_split
from gan_core.data.checksum import digest
from gan_core.data.layout import Layout
from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Pixels

SIDES = ("a_train", "b_train")
LOOKED_AT = (*SIDES, "a_test", "b_test")
LABELS = ("a_labels", "b_labels", "a_test_labels", "b_test_labels")
KEYS = (*LOOKED_AT, *LABELS, "kind", "class_names")
KINDS = ("pairs", "sides")
LONG = 16  # characters of `kind` that are read at most
UNEVEN = 10  # times as many images on one side are worth a warning
_NAMES = {"pairs": ("input", "target"), "sides": ("a", "b")}


def examine(archive: zipfile.ZipFile) -> tuple[Layout, dict[str, np.ndarray]]:
    """What it holds, and its labels as they are in the file, int64 [N]; DataError if unusable."""
    headers = npz.read_headers(archive, KEYS)
    _check_both(archive, headers)
    kind = _kind(archive, headers)
    _check_images(archive, headers, kind)
    _check_labels(headers, kind)
    pairs = kind == "pairs"
    labels = {key: classes.read(archive, key, pairs=pairs) for key in LABELS if key in headers}
    own = _own(labels, pairs)
    names = classes.names(archive, own) if "class_names" in headers else tuple(map(str, own))
    dense = classes.dense(labels, own)
    held_out = [_num_held_out(headers, dense, side) for side in "ab"]
    train = [headers[key].shape[0] for key in SIDES]
    if "a_test" not in headers:
        train = [count - few for count, few in zip(train, held_out, strict=True)]
    first, second = _shapes(headers, kind)
    layout = Layout(
        image_shape=first,
        target_shape=second,
        kind=kind,
        num_train=train[0],
        num_held_out=held_out[0],
        num_train_b=0 if pairs else train[1],
        num_held_out_b=0 if pairs else held_out[1],
        labels=own,
        class_names=names,
        memory_bytes=3 * sum(headers[key].nbytes for key in LOOKED_AT if key in headers),
        warning=_doubts(headers, kind),
    )
    return layout, labels


def digest_of(archive: zipfile.ZipFile, layout: Layout, labels: dict[str, np.ndarray]) -> str:
    """Of images, labels and kind, see checksum.py."""
    images = {}
    for key, header in npz.read_headers(archive, LOOKED_AT).items():
        shape = (*header.shape[:3], checks.channels(header.shape))
        images[key] = (shape, npz.checksum(archive, key, header))
    return digest(images, labels, layout.kind)


def arrays(
    archive: zipfile.ZipFile, layout: Layout, labels: dict[str, np.ndarray]
) -> dict[str, dict[str, np.ndarray]]:
    """Both splits, as in base.Dataset."""
    labels = classes.dense(labels, layout.labels)
    splits: dict[str, dict[str, np.ndarray]] = {"train": {}, "held_out": {}}
    shapes = (layout.image_shape, layout.target_shape)
    for side, name, shape in zip("ab", _NAMES[layout.kind], shapes, strict=True):
        label = "label" if layout.kind == "pairs" else f"{side}_label"
        whose = side if layout.kind == "sides" else "a"  # both of a pair are held out, or none
        for split, (images, found) in _side(archive, side, whose, labels).items():
            splits[split][name] = freeze(_in_colour(images, shape))
            if found is not None:
                splits[split][label] = freeze(found)
    return splits


def _side(
    archive: zipfile.ZipFile, side: str, whose: str, labels: dict[str, np.ndarray]
) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
    """(images, labels) of one side in both splits; `whose` labels they have, "a" or "b"."""
    images, found = npz.read_array(archive, f"{side}_train"), labels.get(f"{whose}_labels")
    if f"{side}_test.npy" in archive.namelist():
        test = npz.read_array(archive, f"{side}_test")
        return {"train": (images, found), "held_out": (test, labels.get(f"{whose}_test_labels"))}
    rows = zip(("train", "held_out"), held_out_split(len(images), found), strict=True)
    return {split: (images[i], None if found is None else found[i]) for split, i in rows}


def _in_colour(images: np.ndarray, shape: tuple[int, ...]) -> Pixels:
    """uint8 [N, *shape]; grey becomes colour where the other side has colour."""
    images = images[..., None] if images.ndim == 3 else images
    return images if images.shape[3] == shape[2] else images.repeat(shape[2], 3)


def _kind(archive: zipfile.ZipFile, headers: dict[str, npz.Header]) -> str:
    header = headers.get("kind")
    if header is None:
        return "sides"
    received = f"{header.dtype} {list(header.shape)}"
    if header.dtype.kind == "U" and header.shape in ((), (1,)) and header.nbytes <= 4 * LONG:
        received = str(npz.read_array(archive, "kind").reshape(-1)[0])
        if received in KINDS:
            return received
        received = repr(received)
    raise DataError(
        f'`kind` must be the text "pairs" or "sides". Received: {received}.'
        + hints.line('kind = "pairs"')
    )


def _check_both(archive: zipfile.ZipFile, headers: dict[str, npz.Header]) -> None:
    """DataError where only one of two that belong together is there."""
    for first, second in (SIDES, ("a_test", "b_test")):
        if (first in headers) == (second in headers):
            continue
        there, missing = (first, second) if first in headers else (second, first)
        names = [info.filename.removesuffix(".npy") for info in archive.infolist()]
        split = " The test split may be left out." if first == "a_test" else ""
        raise DataError(
            f"It has `{there}` but no `{missing}`. Received: {npz.member_names(archive)}. "
            f"Allowed: both, uint8 [N, H, W] or [N, H, W, C].{split}"
            + hints.sides(names, npz.shapes(archive))
        )


def _check_images(archive: zipfile.ZipFile, headers: dict[str, npz.Header], kind: str) -> None:
    for key in (key for key in LOOKED_AT if key in headers):
        checks.images(archive, key, headers[key], 1 if key.endswith("_test") else checks.MIN_IMAGES)
    _check_sizes(headers, kind)
    for first, second in (SIDES, ("a_test", "b_test")):
        counts = [headers[key].shape[0] for key in (first, second) if key in headers]
        if kind == "pairs" and len(set(counts)) > 1:
            raise DataError(
                f"`kind` says pairs, so row i of `{first}` and of `{second}` belong together, but "
                f"there are {counts[0]:,} and {counts[1]:,}. Allowed: as many of both; or two "
                "sides, of which none belongs to another." + hints.line('kind = "sides"')
            )


def _check_sizes(headers: dict[str, npz.Header], kind: str) -> None:
    """All as large as a_train, and each test split in the channels of its side."""
    high, wide = headers["a_train"].shape[1:3]
    why = "both of a pair have one size" if kind == "pairs" else "both sides have one size"
    for key in (key for key in LOOKED_AT if key in headers):
        height, width = headers[key].shape[1:3]
        if (height, width) != (high, wide):
            raise DataError(
                f"`{key}` has images of {height} x {width} pixels. Allowed: {high} x {wide}, as in "
                f"`a_train`, since {why}.{hints.same_size(key, (height, width), (high, wide))}"
            )
        own, train = (checks.channels(headers[k].shape) for k in (key, f"{key[0]}_train"))
        if own != train:
            raise DataError(
                f"`{key}` has images of another shape. Received: {own} channels. "
                f"Allowed: {train}, as in `{key[0]}_train`."
            )


def _check_labels(headers: dict[str, npz.Header], kind: str) -> None:
    for key in (key for key in LABELS if key in headers):
        checks.label_header(key, headers[key], headers.get(classes.IMAGES[key]))
        if kind == "pairs" and key.startswith("b"):
            raise DataError(
                f"It has `{key}`, but a pair has one label. Allowed: `a_labels` and "
                "`a_test_labels` alone."
            )
    for side in "ab" if "a_test" in headers else "":
        train, test = f"{side}_labels", f"{side}_test_labels"
        if (train in headers) != (test in headers):
            raise DataError(f"Only one of `{train}` and `{test}` is there. Allowed: both or none.")
    if "class_names" in headers and not {"a_labels", "b_labels"} & set(headers):
        raise DataError(
            "It has `class_names` but neither `a_labels` nor `b_labels`. Allowed: names of labels."
        )


def _own(labels: dict[str, np.ndarray], pairs: bool) -> tuple[int, ...]:
    """The labels that occur on any side, ascending; those of the test split must be among them."""
    train = [key for key in ("a_labels", "b_labels") if key in labels]
    if not train:
        return ()
    own = tuple(int(k) for k in np.unique(np.concatenate([labels[key] for key in train])))
    for key in train:
        test = key.replace("labels", "test_labels")
        classes.check(own, labels.get(test), key, test, pairs=pairs)
    return own


def _num_held_out(headers: dict[str, npz.Header], labels: dict[str, np.ndarray], side: str) -> int:
    if f"{side}_test" in headers:
        return headers[f"{side}_test"].shape[0]
    return int(
        held_out_counts(headers[f"{side}_train"].shape[0], labels.get(f"{side}_labels")).sum()
    )


def _shapes(headers: dict[str, npz.Header], kind: str) -> list[tuple[int, ...]]:
    """(H, W, C) of both; two sides have as many channels, since either may become the other."""
    found = [(*headers[k].shape[1:3], checks.channels(headers[k].shape)) for k in SIDES]
    most = max(shape[2] for shape in found)
    return found if kind == "pairs" else [(*shape[:2], most) for shape in found]


def _doubts(headers: dict[str, npz.Header], kind: str) -> str:
    """What is worth to be looked at before it is trained on."""
    a, b = (headers[key].shape[0] for key in SIDES)
    if kind == "sides" and max(a, b) >= UNEVEN * min(a, b):
        few = "a" if a < b else "b"
        return (
            f"Side {few} has {min(a, b):,} images, the other one {max(a, b):,}: the few are seen "
            "again and again and may be learned by heart."
        )
    if "kind" not in headers and a == b:
        return (
            "Both sides have equally many images and are taken to be unpaired. If row i of both "
            'belong together, say so with `kind="pairs"`, else with `kind="sides"`.'
            + hints.line(
                'np.savez("renamed.npz", **f, kind="pairs")', "With `f = np.load(...)` of this file"
            )
        )
    return ""
