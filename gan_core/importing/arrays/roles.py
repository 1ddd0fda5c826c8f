"""Which array of a file is what: images, labels, a test split, names; guessed from names and shapes."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from gan_core.data.hints import ALIASES, SIDES
from gan_core.importing.arrays import labels
from gan_core.importing.arrays.layouts import Layout, layouts
from gan_core.importing.arrays.stored import Stored

NONE = "none"
IMAGE_KINDS = "iufb"
CLASS_NAMES = ("class_names", "label_names", "fine_label_names", "classes", "names", "label_name")
PLAIN = {"images": "x_train", "labels": "y_train", "test_images": "x_test", "test_labels": "y_test"}


@dataclass(frozen=True)
class Candidates:
    """What each array of a file may be.

    Attributes:
        images: name to its layouts, the likeliest first.
        labels: names of what may be labels of some of the images.
        texts: names of arrays of text.
    """

    images: Mapping[str, list[Layout]]
    labels: tuple[str, ...]
    texts: tuple[str, ...]


def candidates(arrays: Mapping[str, Stored], *, last: bool = False) -> Candidates:
    """By types and shapes alone; `last`: see layouts."""
    lengths = frozenset(n for stored in arrays.values() for n in _lengths(stored))
    images = {}
    for name, stored in arrays.items():
        shape = stored.squeezed().shape
        if stored.dtype.kind not in IMAGE_KINDS or len(shape) < 2 or _is_one_hot(stored, arrays):
            continue
        if found := layouts(shape, lengths, last=last):
            images[name] = found
    counts = {way.count(arrays[n].squeezed().shape) for n, ways in images.items() for way in ways}
    named = tuple(
        name
        for name, stored in arrays.items()
        if name not in images and any(labels.may_be(stored, count) for count in counts)
    )
    texts = tuple(name for name, stored in arrays.items() if stored.dtype.kind in "US")
    return Candidates(images, named, texts)


def _lengths(stored: Stored) -> tuple[int, ...]:
    """How many labels an array may hold."""
    shape = stored.squeezed().shape
    return shape if len(shape) == 1 else ()


def _is_one_hot(stored: Stored, arrays: Mapping[str, Stored]) -> bool:
    """Whether two axes are rather labels: as long as an array of more numbers, and named so."""
    shape = stored.squeezed().shape
    larger = any(
        other.squeezed().shape[:1] == shape[:1] and math.prod(other.shape) > math.prod(shape)
        for other in arrays.values()
    )
    return len(shape) == 2 and larger and _alias(stored.name, "y_train", "y_test") is not None


def _words(name: str) -> set[str]:
    """What a name may be known as: itself, and the last parts of `dataset.train.images`."""
    parts = [part for part in re.split(r"[./]", name.lower()) if part]
    return {name.lower(), "_".join(parts[-2:]), parts[-1] if len(parts) < 3 else ""}


def _alias(name: str, *keys: str) -> tuple[int, str] | None:
    """(how far down in the list, key) of the first of our keys that a name is known for."""
    words = _words(name)
    found = [
        (rank, key)
        for key in keys
        for rank, alias in enumerate((key, *ALIASES[key], *_tests(key)))
        if alias in words
    ]
    return min(found, default=None)


def _tests(key: str) -> tuple[str, ...]:
    """What a test split is called after the training split: `test_data`."""
    train = {"x_test": "x_train", "y_test": "y_train"}.get(key)
    return tuple(f"test_{alias}" for alias in ALIASES[train]) if train else ()


def best(key: str, names: list[str], arrays: Mapping[str, Stored]) -> str | None:
    """The likeliest of some arrays to be what we call `x_train` and so on; None where none is called so."""
    ranked = [(_alias(name, key), name) for name in names]
    known = [(rank, name) for rank, name in ranked if rank is not None]
    return min(known)[1] if known else None


def largest(names: list[str], arrays: Mapping[str, Stored]) -> str:
    return max(names, key=lambda name: math.prod(arrays[name].shape))


def class_names(
    found: Candidates, labels_: str, count: int, arrays: Mapping[str, Stored]
) -> str | None:
    """The array of text that names the classes of some labels, of which there are `count`.

    By its name, where it has enough of them; else the only one with just as many.
    """
    own = labels_.lower().removesuffix("s") + "_names"
    sizes = {name: arrays[name].squeezed().shape for name in found.texts if name != labels_}
    several = {
        name: shape[0] for name, shape in sizes.items() if len(shape) == 1 and shape[0] >= count
    }
    for alias in (own, *CLASS_NAMES):
        if named := next((name for name in several if alias in _words(name)), None):
            return named
    fitting = [name for name, size in several.items() if size == count]
    return fitting[0] if len(fitting) == 1 else None


def second(found: Candidates) -> tuple[str, str] | None:
    """(a, b) where the names say that a file holds pairs or two sides, of images of one size."""
    two = _two(list(found.images), "a_train", "b_train")
    if two is None:
        return None
    a, b = ({way.sides for way in found.images[name]} for name in two)
    return two if a & b else None


def test_of_second(images: list[str]) -> tuple[str, str] | None:
    """The same of the test split."""
    return _two(images, "a_test", "b_test")


def _two(images: list[str], a: str, b: str) -> tuple[str, str] | None:
    """Two names that go together: `trainA` and `trainB`, `inputs` and `outputs`."""
    lower = {name.lower(): name for name in images}
    ways = [(a, b), *zip(SIDES[a], SIDES[b], strict=True), *_INWARDS]
    return next(((lower[x], lower[y]) for x, y in ways if x in lower and y in lower), None)


_INWARDS = (
    ("inputs", "outputs"),
    ("input", "output"),
    ("sources", "targets"),
    ("source", "target"),
)
