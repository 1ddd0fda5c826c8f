"""Classes are the labels that occur: reading them, and the names they get."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import hints, npz
from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Labels

MAX_CLASSES, MAX_LABEL = 1000, 999_999
MAX_NAME_CHARS = 64
IMAGES = {
    "y_train": "x_train", "y_test": "x_test",
    "a_labels": "a_train", "b_labels": "b_train",
    "a_test_labels": "a_test", "b_test_labels": "b_test",
}  # fmt: skip
"""Which images the labels of a name belong to."""


def read(archive: zipfile.ZipFile, key: str, *, pairs: bool = False) -> Labels:
    """Labels as they are, int64 [N], none below 0."""
    labels = npz.read_array(archive, key).reshape(-1)
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high > MAX_LABEL:
        told = f"`{key}` has labels from {low} to {high}. Allowed: 0 to {MAX_LABEL}."
        rest = hints.only(_together(key, pairs), f"{key} >= 0")
        raise DataError(
            told + (f" Leave images without a label out.{rest}" if low < 0 <= high else "")
        )
    return labels.astype(np.int64)


def check(
    own: tuple[int, ...],
    test: np.ndarray | None,
    train_key: str = "y_train",
    key: str = "y_test",
    *,
    pairs: bool = False,
) -> None:
    """DataError if there are too many classes, or labels of the test split [N] that none has."""
    if len(own) > MAX_CLASSES:
        raise DataError(
            f"`{train_key}` has {len(own):,} different labels. Allowed: up to {MAX_CLASSES} "
            f"classes.{hints.fewer(_together(train_key, pairs), train_key, own, MAX_CLASSES)}"
        )
    unknown = [] if test is None else np.setdiff1d(test, own).tolist()
    if unknown:
        known = hints.only(_together(key, pairs), f"np.isin({key}, {train_key})")
        raise DataError(
            f"`{key}` holds the label {unknown[0]}, which `{train_key}` does not have. "
            f"Allowed: {named(own)}.{known}"
        )


def _together(key: str, pairs: bool) -> tuple[str, ...]:
    """The arrays with a row for each of these labels."""
    images = IMAGES[key]
    return (images, f"b{images[1:]}", key) if pairs else (images, key)


def named(labels: tuple[int, ...]) -> str:
    """Labels in words: "0 to 9", or "3, 8" where some are left out."""
    if len(labels) > 2 and labels[-1] - labels[0] == len(labels) - 1:
        return f"{labels[0]} to {labels[-1]}"
    return ", ".join(map(str, labels[:12])) + (", ..." if len(labels) > 12 else "")


def names(archive: zipfile.ZipFile, own: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the labels that occur; the file may also name those that do not."""
    header = npz.read_headers(archive, ("class_names",))["class_names"]
    count, numbered = len(own), own[-1] + 1
    if header.dtype.kind != "U" or header.shape not in ((count,), (numbered,)):
        or_all = f" (or {numbered}, from label 0 to {own[-1]})" if numbered != count else ""
        raise DataError(
            f"`class_names` must be text, one name for each of the {count} classes{or_all}. "
            f"Received: {header.dtype} {list(header.shape)}.{hints.class_names(header.dtype)}"
        )
    if header.dtype.itemsize > 4 * MAX_NAME_CHARS:
        raise DataError(f"`class_names` has long names. Allowed: {MAX_NAME_CHARS} characters.")
    found = [str(name) for name in npz.read_array(archive, "class_names")]
    found = found if len(found) == count else [found[label] for label in own]
    if not all(name.strip() and name.isprintable() for name in found):
        raise DataError("`class_names` has an empty or unprintable name. Allowed: plain text.")
    return tuple(found)


def dense(labels: dict[str, np.ndarray], own: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Labels as places among the classes' own numbers, int32 [N] in 0..K-1."""
    return {k: np.searchsorted(own, found).astype(np.int32) for k, found in labels.items()}
