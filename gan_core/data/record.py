"""What a run keeps of its data, as JSON in its config.json: enough for all that needs no image.

    {"title", "kind", "image_shape", "labels", "class_names", "num_train", "num_held_out",
     "licence", "origin", "digest"}

and of pairs and two sides also "target_shape", of two sides "num_train_b" and "num_held_out_b".
A run from elsewhere is a stranger's file, so whatever is read is checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np

from gan_core.data.base import KINDS, Dataset, DatasetSpec
from gan_core.data.checks import MIN_SIDE
from gan_core.data.classes import MAX_CLASSES, MAX_LABEL, MAX_NAME_CHARS

MOST_SIDE = 1024  # of a picture that is restyled; images of data sets are smaller
MAX_TEXT = 300  # characters of a title, a licence or an origin
_DIGEST = re.compile("[0-9a-f]{32}|")


def record(spec: DatasetSpec) -> dict[str, Any]:
    """The record of a data set; of a file only its name is told, not where it lies."""
    more = _MORE.get(spec.kind, {})
    found = {
        "title": spec.title,
        "kind": spec.kind,
        "image_shape": list(spec.image_shape),
        "labels": list(spec.labels),
        "class_names": list(spec.class_names),
        "num_train": spec.num_train,
        "num_held_out": spec.num_held_out,
        "licence": spec.licence,
        "origin": _origin(spec),
        "digest": spec.digest,
    }
    return found | {
        name: list(value) if isinstance(value := getattr(spec, name), tuple) else value
        for name in more
    }


def _origin(spec: DatasetSpec) -> str:
    """In words, or the name of its file without the folders of this machine."""
    path = PurePath(spec.origin)
    return path.name if spec.source == "file" and path.is_absolute() else spec.origin


def checked(found: Any) -> dict[str, Any] | None:
    """A record that can be relied on, without keys that are not known; None where it cannot."""
    if not _keeps(found, _RULES) or not _keeps(found, more := _MORE.get(found["kind"], {})):
        return None
    kept = {name: found[name] for name in (*_RULES, *more)}
    fits = len(kept["labels"]) == len(kept["class_names"]) and (
        (kept["image_shape"] == [2]) == (kept["kind"] == "points")
    )
    return kept if fits else None


def _keeps(found: Any, rules: Mapping[str, Any]) -> bool:
    return isinstance(found, Mapping) and all(
        name in found and good(found[name]) for name, good in rules.items()
    )


def spec_of(name: str, found: Mapping[str, Any]) -> DatasetSpec:
    """The metadata in a checked record; the images may be anywhere."""
    own: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in found.items()}
    num_classes = len(own["labels"])
    return DatasetSpec(name=name, num_classes=num_classes, source="run", available=False, **own)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _is_name(value: Any) -> bool:
    return _is_text(value) and bool(value.strip()) and len(value) <= MAX_NAME_CHARS


def _is_whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_shape(value: Any) -> bool:
    return value == [2] or _is_image_shape(value)


def _is_image_shape(value: Any) -> bool:
    whole = isinstance(value, list) and len(value) == 3 and value[2] in (1, 3)
    return whole and all(_is_whole(side, MIN_SIDE, MOST_SIDE) for side in value[:2])


def _are_labels(value: Any) -> bool:
    if not isinstance(value, list) or len(value) > MAX_CLASSES:
        return False
    whole = all(_is_whole(label, 0, MAX_LABEL) for label in value)
    return whole and all(a < b for a, b in zip(value, value[1:], strict=False))


_RULES = {
    "title": _is_text,
    "kind": lambda value: isinstance(value, str) and value in KINDS,
    "image_shape": _is_shape,
    "labels": _are_labels,
    "class_names": lambda value: isinstance(value, list) and all(map(_is_name, value)),
    "num_train": lambda value: _is_whole(value, 1, 10**12),
    "num_held_out": lambda value: _is_whole(value, 0, 10**12),
    "licence": _is_text,
    "origin": _is_text,
    "digest": lambda value: isinstance(value, str) and bool(_DIGEST.fullmatch(value)),
}
_SHAPE_OF_TARGET = {"target_shape": _is_image_shape}
_COUNTS_OF_B = {
    "num_train_b": lambda value: _is_whole(value, 1, 10**12),
    "num_held_out_b": lambda value: _is_whole(value, 0, 10**12),
}
_MORE = {"pairs": _SHAPE_OF_TARGET, "sides": _SHAPE_OF_TARGET | _COUNTS_OF_B}


# ---- runs from before there were records ----


def numbered(spec: DatasetSpec) -> DatasetSpec:
    """Its classes as older runs have them: every number up to the largest label, also unused ones."""
    if not spec.labels or spec.labels[-1] == len(spec.labels) - 1:
        return spec
    names = dict(zip(spec.labels, spec.class_names, strict=True))
    labels = tuple(range(spec.labels[-1] + 1))
    return replace(
        spec,
        num_classes=len(labels),
        labels=labels,
        class_names=tuple(names.get(label, str(label)) for label in labels),
    )


def numbered_set(dataset: Dataset) -> Dataset:
    """The same for a whole data set: its labels are those of the file again."""
    spec = numbered(dataset.spec)
    if spec is dataset.spec:
        return dataset
    own = np.array(dataset.spec.labels, np.int32)
    splits = {
        split: {k: own[array] if k.endswith("label") else array for k, array in arrays.items()}
        for split, arrays in dataset.splits.items()
    }
    return Dataset(spec, splits)
