"""What a data set looks like: a few images of each class, its mean images, how bright its pixels are.

Made from all of its images once, and small enough to be kept while they change no more.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_core.data import catalogue
from gan_core.data.base import Dataset
from gan_core.errors import DataError

MOST_GROUPS = 40  # classes that are shown
POOL, LEAST, POOL_BYTES = 96, 12, 32 << 20  # images a class and split, at least, of all together
BINS = 32  # of pixel values
PIECE = 1024  # images that are counted at once
KEPT = 6  # portraits
ARRAYS = {"images": ("image",), "points": ("image",), "pairs": ("input", "target")}
SPLITS = ("train", "held_out")


@dataclass(frozen=True)
class Group:
    """A class, a side, or all there is.

    Attributes:
        name: of the class or side; "" where there is one group only.
        counts: how many there are by split.
        pools: by split some of them, in the order of the set; one array, of pairs two with the same
            rows: uint8 [n, H, W, C], of points float32 [n, 2].
        mean: of those to learn from, float32 [H, W, C] in 0..255; of pairs two; () of points.
    """

    name: str
    counts: Mapping[str, int]
    pools: Mapping[str, tuple[np.ndarray, ...]]
    mean: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Portrait:
    """Groups in their order, at most MOST_GROUPS of `num_groups`, the mean of all, and the shares of
    pixels to learn from in BINS equal parts of 0..255 ([] of points)."""

    groups: tuple[Group, ...]
    num_groups: int
    mean: tuple[np.ndarray, ...]
    bins: tuple[float, ...]

    def some(self, group: int, split: str, turn: int, count: int) -> tuple[np.ndarray, ...]:
        """`count` images of a group, others at every turn; fewer where it has no more."""
        pools = self.groups[group].pools[split]
        size = len(pools[0])
        order = np.random.default_rng([turn, group]).permutation(size)[:count]
        rows = np.sort(order) if turn else np.arange(min(count, size))
        return tuple(pool[rows] for pool in pools)


def of(dataset: Dataset) -> Portrait:
    """The portrait of a set in memory."""
    found = list(_groups(dataset))
    shown = found[:MOST_GROUPS]
    size = _pool_size(dataset, len(shown))
    groups = tuple(
        Group(name, {s: len(r) for s, (_, r) in parts.items()}, _pools(parts, size), _mean(parts))
        for name, parts in shown
    )
    whole = _mean({"train": _all(dataset, ARRAYS.get(dataset.spec.kind, ("a",)))})
    return Portrait(groups, len(found), whole, _bins(dataset))


Part = tuple[tuple[np.ndarray, ...], np.ndarray]  # arrays, and which rows of them


def _all(dataset: Dataset, names: tuple[str, ...], split: str = "train") -> Part:
    arrays = tuple(dataset.splits[split][name] for name in names)
    return arrays, np.arange(len(arrays[0]))


def _groups(dataset: Dataset) -> Iterator[tuple[str, dict[str, Part]]]:
    """Name and rows by split of each class; of two sides, of each side."""
    spec = dataset.spec
    if spec.kind == "sides":
        for side in ("a", "b"):
            yield side, {split: _all(dataset, (side,), split) for split in SPLITS}
        return
    parts = {split: _all(dataset, ARRAYS[spec.kind], split) for split in SPLITS}
    if spec.num_classes < 1:
        yield "", parts
        return
    for label, name in enumerate(spec.class_names):
        yield (
            name,
            {
                split: (arrays, np.flatnonzero(dataset.splits[split]["label"] == label))
                for split, (arrays, _) in parts.items()
            },
        )


def _pool_size(dataset: Dataset, num_groups: int) -> int:
    row = sum(a[:1].nbytes for arrays in dataset.splits.values() for a in arrays.values())
    return max(LEAST, min(POOL, POOL_BYTES // max(1, row * num_groups)))


def _pools(parts: dict[str, Part], size: int) -> dict[str, tuple[np.ndarray, ...]]:
    pools = {}
    for split, (arrays, rows) in parts.items():
        chosen = rows[np.linspace(0, len(rows) - 1, min(size, len(rows))).astype(int)]
        pools[split] = tuple(array[chosen] for array in arrays)
    return pools


def _mean(parts: dict[str, Part]) -> tuple[np.ndarray, ...]:
    arrays, rows = parts["train"]
    if arrays[0].ndim < 3 or not len(rows):
        return ()
    return tuple(_mean_of(array, rows) for array in arrays)


def _mean_of(array: np.ndarray, rows: np.ndarray) -> np.ndarray:
    total = np.zeros(array.shape[1:], np.float64)
    for start in range(0, len(rows), PIECE):
        total += array[rows[start : start + PIECE]].sum(0, dtype=np.float64)
    return (total / len(rows)).astype(np.float32)


def _bins(dataset: Dataset) -> tuple[float, ...]:
    counts = np.zeros(256, np.int64)
    for name, array in dataset.splits["train"].items():
        if array.dtype == np.uint8 and not name.endswith("label"):
            for start in range(0, len(array), PIECE):
                counts += np.bincount(array[start : start + PIECE].reshape(-1), minlength=256)
    if not counts.sum():
        return ()
    return tuple(counts.reshape(BINS, -1).sum(1) / counts.sum())


class Portraits:
    """Portraits of the sets of a data folder: one is made at a time, the newest are kept."""

    def __init__(self, data_dir: Path):
        self._data_dir = data_dir
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str, tuple[str, ...]], Portrait] = OrderedDict()

    def get(self, name: str) -> Portrait:
        """The portrait of the set of this name.

        Raises:
            DataError: there is none, it cannot be used, or it has not been downloaded yet.
        """
        spec = catalogue.spec(name, self._data_dir)
        if spec.download_bytes:
            raise DataError(f"`{spec.name}` has not been downloaded yet.")
        with self._lock:
            key = spec.name, spec.digest, spec.class_names
            if key not in self._kept:
                self._kept[key] = of(catalogue.load(spec.name, self._data_dir))
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key]
