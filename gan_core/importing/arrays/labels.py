"""Labels as others store them, as the name of a class for each image."""

from __future__ import annotations

import numpy as np

from gan_core.data.classes import MAX_CLASSES, MAX_NAME_CHARS
from gan_core.errors import DataError
from gan_core.importing.arrays.stored import Stored, whole


def may_be(stored: Stored, count: int) -> bool:
    """Whether there is one for each of `count` images, by type and shape alone."""
    shape = stored.squeezed().shape
    if stored.dtype.kind not in "iufbUS" or count not in shape:
        return False
    one_hot = len(shape) == 2 and min(shape) <= MAX_CLASSES and stored.dtype.kind in "iufb"
    return len(shape) == 1 or one_hot


def classes(stored: Stored, count: int, names: list[str] | None = None) -> list[str]:
    """The class of each image.

    Args:
        names: of the classes: one for each number from 0, or for each that occurs, ascending.

    Raises:
        DataError: they are no labels of `count` images; the text says why.
    """
    values = whole(stored.squeezed())
    if values.ndim == 2:
        values = _of_one_hot(stored.name, values, count)
    if values.ndim != 1 or len(values) != count:
        raise DataError(
            f"`{stored.name}` must have one label an image. Received: {stored.told} for {count:,} images."
        )
    found = _texts(stored.name, values)
    _check(stored.name, found)
    return _named(stored.name, found, names) if names else found


def texts(stored: Stored) -> list[str]:
    """An array of text, whole."""
    return _texts(stored.name, whole(stored.squeezed()).reshape(-1))


def _of_one_hot(name: str, values: np.ndarray, count: int) -> np.ndarray:
    rows = values if values.shape[0] == count else values.T
    if rows.shape[0] != count or rows.dtype.kind not in "iufb":
        raise DataError(f"`{name}` has no row for each of {count:,} images: {list(values.shape)}.")
    ones = (rows == 1).sum(axis=1)
    if not ((ones == 1).all() and ((rows == 0).sum(axis=1) == rows.shape[1] - 1).all()):
        raise DataError(
            f"`{name}` has rows that are no one-hot labels: one 1 and else 0 in each. An image that is "
            "in several classes cannot be used with them; leave the labels out."
        )
    return rows.argmax(axis=1)


def _texts(name: str, values: np.ndarray) -> list[str]:
    """Numbers as digits, bytes as text."""
    if values.dtype.kind == "U":
        return [str(value).strip() for value in values]
    if values.dtype.kind == "S":
        return [bytes(value).decode("utf-8", "replace").strip() for value in values]
    if values.dtype.kind == "f":
        if not (np.isfinite(values).all() and (values == np.rint(values)).all()):
            raise DataError(f"`{name}` has numbers that are no labels, such as fractions.")
        values = values.astype(np.int64)
    elif values.dtype.kind == "b":
        values = values.astype(np.uint8)
    elif values.dtype.kind not in "iu":
        raise DataError(f"`{name}` holds {values.dtype}, which are no labels.")
    return [str(value) for value in values.tolist()]


def _check(name: str, found: list[str]) -> None:
    different = set(found)
    if len(different) > MAX_CLASSES:
        raise DataError(
            f"`{name}` has {len(different):,} different values. Allowed: up to {MAX_CLASSES:,} classes."
        )
    bad = next((text for text in different if not text or not text.isprintable()), None)
    if bad is not None:
        raise DataError(f"`{name}` has an empty or unprintable label: {bad[:20]!r}.")


def _named(name: str, found: list[str], names: list[str]) -> list[str]:
    """With names of classes in place of their numbers; as they are where they are text."""
    if not all(text.lstrip("-").isdigit() for text in found):
        return found
    own = sorted({int(text) for text in found})
    if len(names) == len(own):
        table = dict(zip(own, names, strict=True))
    elif own[0] >= 0 and len(names) > own[-1]:
        table = dict(enumerate(names))
    else:
        raise DataError(
            f"There are {len(names)} names of classes for the labels {own[0]} to {own[-1]} of `{name}`. "
            f"Allowed: {len(own)}, or {own[-1] + 1} from label 0 on."
        )
    cut = {number: text.strip()[:MAX_NAME_CHARS] for number, text in table.items()}
    return [cut[int(text)] or text for text in found]
