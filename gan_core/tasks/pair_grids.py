"""The grid of a run that translates: held-out images beside what becomes of them, and real ones.

A row holds one or more groups of columns: of pairs *input | output | target*, three times; of two
sides *a | to b | back to a* and *b | to a | back to b*, or, where there is no way back, *a | to b*.
Large images are made smaller by averaging whole blocks of pixels, so that a grid stays a small file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.storage import images

if TYPE_CHECKING:
    from gan_core.algorithms.base import Algorithm
    from gan_core.data.base import DatasetSpec
    from gan_core.types import Answer, Array, Floats, Labels, Pixels

MOST_SIDE = 128  # pixels of a tile; larger images are averaged down to at most this
WIDE_SIDE = 64  # tiles up to this stand in three groups a row
PAIR_ROWS = 7
SIDE_ROWS = 8
REAL_ROWS = 1
SEED = 2200
LABELS = {"input": "label", "target": "label", "a": "a_label", "b": "b_label"}
INPUT, OUTPUT, TARGET = "input", "output", "target"


@dataclass(frozen=True)
class Column:
    """One column of a group.

    Attributes:
        word: what stands over it.
        source: array of the held-out split that it shows; "" where a network makes it.
        way: "b", "a" or "target": towards what the network makes it; "" where it is real.
        of: number of the column in the same group that the network is given.
    """

    word: str
    source: str = ""
    way: str = ""
    of: int = 0

    def told(self) -> dict[str, Any]:
        """For samples/grid.json."""
        return {"word": self.word, "made": bool(self.way), "towards": self.way}


def columns_of(kind: str, ways: Mapping[str, Any]) -> list[tuple[Column, ...]]:
    """The groups of a row, by the kind of data and the ways there are."""
    if kind == "pairs":
        return [(Column(INPUT, INPUT), Column(OUTPUT, way="target", of=0), Column(TARGET, TARGET))]
    return [_there(way, back=_other(way) in ways) for way in ways]


def _there(way: str, *, back: bool) -> tuple[Column, ...]:
    home = _other(way)
    there = (Column(home, home), Column(f"to {way}", way=way, of=0))
    return (*there, Column(f"back to {home}", way=home, of=1)) if back else there


def _other(way: str) -> str:
    return "a" if way == "b" else "b"


@dataclass(frozen=True)
class PairPlan:
    """What the grids of a run show; samples/grid.json tells a viewer.

    Attributes:
        groups: of columns, in a row of each.
        repeat: how often all groups stand beside each other in a row.
        shown: by source, uint8 [rows x repeat, H, W, C]: the fixed held-out images.
        tile: height and width of a tile; factor: pixels of an image a side that became one of it.
        channels: of the grid, the most that any column has.
        told: the header, as `layout` has it.
    """

    kind: str
    groups: list[tuple[Column, ...]]
    repeat: int
    rows: int
    shown: Mapping[str, np.ndarray]
    tile: tuple[int, int]
    factor: int
    channels: int
    told: dict[str, Any]

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return self.repeat * sum(map(len, self.groups))

    def header(self) -> dict[str, Any]:
        """The JSON that tells a viewer how to cut the grid."""
        return self.told


def layout(spec: DatasetSpec, ways: Mapping[str, Any]) -> dict[str, Any]:
    """How a viewer cuts the grids of a run, and what stands in each column; from the data alone."""
    groups, (repeat, rows), factor = columns_of(spec.kind, ways), _layout(spec), _factor(spec)
    told = [column.told() for group in groups for column in group] * repeat
    return {
        "columns": len(told), "rows": rows, "real_rows": REAL_ROWS, "labels": [],
        "names": [column["word"] for column in told], "tile": list(_tile(spec, factor)),
        "points": False, "kind": spec.kind, "parts": told, "repeat": repeat, "shrunk": factor,
        "ends": list(side_names(spec.name, spec.kind)), "held_out": spec.num_held_out,
    }  # fmt: skip


def side_names(name: str, kind: str) -> tuple[str, str]:
    """What both ends of a set are called: ("edges", "digits") of `edges_to_digits`."""
    between = "_to_" if kind == "pairs" else "_and_"
    first, found, second = name.partition(between)
    if found:
        return first.replace("_", " "), second.replace("_", " ")
    return ("input", "target") if kind == "pairs" else ("a", "b")


def _tile(spec: DatasetSpec, factor: int) -> tuple[int, int]:
    height, width = spec.image_shape[:2]
    return math.ceil(height / factor), math.ceil(width / factor)


def plan(
    spec: DatasetSpec, held_out: Mapping[str, np.ndarray], ways: Mapping[str, Any]
) -> PairPlan:
    """The fixed grid of a run: the first held-out images, of all classes where there are some."""
    groups = columns_of(spec.kind, ways)
    repeat, rows = _layout(spec)
    shapes = [spec.image_shape, spec.target_shape]
    factor = _factor(spec)
    sources = {column.source for group in groups for column in group if column.source}
    shown = {
        source: held_out[source][
            chosen(len(held_out[source]), rows * repeat, held_out.get(LABELS[source]))
        ]
        for source in sources
    }
    tile, most = _tile(spec, factor), max(shape[2] for shape in shapes)
    told = layout(spec, ways)
    return PairPlan(spec.kind, groups, repeat, rows, shown, tile, factor, most, told)


def _layout(spec: DatasetSpec) -> tuple[int, int]:
    """(groups side by side, rows)."""
    if spec.kind == "sides":
        return 1, SIDE_ROWS
    wide = max(spec.image_shape[:2]) <= WIDE_SIDE
    return (3 if wide else 1), PAIR_ROWS


def _factor(spec: DatasetSpec) -> int:
    return math.ceil(max(spec.image_shape[:2]) / MOST_SIDE)


def chosen(count: int, wanted: int, labels: Labels | None) -> np.ndarray:
    """Indices of so many images in a fixed random order, evenly over the classes where there are some.

    All of them again where there are too few.
    """
    order = np.random.default_rng(SEED).permutation(count)
    if labels is not None:
        nth = np.zeros(count, int)  # how many of its class come before it
        for label in np.unique(labels):
            mine = labels == label
            nth[mine] = np.arange(mine.sum())
        order = np.lexsort((labels, nth))  # the first of each class, the second of each, and so on
    return np.resize(order, wanted)


def shrunk(pixels: Pixels, factor: int) -> Pixels:
    """uint8 [N, H, W, C] with blocks of factor x factor averaged; the last ones may be smaller."""
    if factor == 1:
        return pixels
    sums: Floats = pixels.astype(np.float32)
    for axis in (1, 2):
        starts = np.arange(0, pixels.shape[axis], factor)
        sizes = np.diff(np.append(starts, pixels.shape[axis]))
        shape = [-1 if k == axis else 1 for k in range(4)]
        sums = np.add.reduceat(sums, starts, axis=axis) / sizes.reshape(shape)
    return np.rint(sums).astype(np.uint8)


def with_channels(pixels: Array, channels: int) -> Array:
    """Grey as RGB, or RGB as grey (its brightness, ITU-R BT.601); of uint8 or floats [..., C]."""
    if pixels.shape[-1] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=-1)
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    grey = grey[..., None]
    return np.rint(grey).astype(np.uint8) if pixels.dtype == np.uint8 else grey


def drawn(plan: PairPlan, answer: Answer) -> np.ndarray:
    """The grid as pixels; `answer(images in [-1, 1], way)` is what a network makes of them."""
    tiles = []
    for group in plan.groups:
        made: list[np.ndarray] = []
        for column in group:
            if column.way:
                outputs = answer(images.to_float(made[column.of]), column.way)
                made.append(images.to_uint8(outputs))
            else:
                made.append(plan.shown[column.source])
        tiles += [_tiles(plan, pixels) for pixels in made]
    rows = np.stack(tiles, axis=1)  # [rows x repeat, columns of a group, H, W, C]
    return images.grid(rows.reshape(-1, *rows.shape[2:]), plan.columns)


def _tiles(plan: PairPlan, pixels: Pixels) -> np.ndarray:
    return shrunk(with_channels(pixels, plan.channels), plan.factor)


@dataclass(frozen=True)
class Previews:
    """What training shows of a run that translates.

    Args:
        answer: (algorithm) -> what `drawn` asks.
    """

    plan: PairPlan
    train: Mapping[str, np.ndarray]
    answer: Any

    def header(self) -> dict[str, Any]:
        """samples/grid.json: how a viewer cuts a grid, and what stands in each column."""
        return self.plan.header()

    def like(self, header: dict[str, Any]) -> Previews:
        """In the size of grids that are there already: it has one size only."""
        del header
        return self

    def reals(self) -> bytes:
        """PNG of training images that a network should make the like of."""
        plan = self.plan
        if plan.kind == "pairs":
            shown = self._some("target", plan.columns)
        else:
            half = plan.columns // 2
            sides = [self._some(name, half) for name in ("b", "a")]
            sides = sides if len(plan.groups) > 1 else [self._some("b", plan.columns)]
            shown = np.concatenate([with_channels(side, plan.channels) for side in sides])
        return images.png(images.grid(_tiles(plan, shown), plan.columns))

    def _some(self, source: str, count: int) -> np.ndarray:
        images = self.train[source]
        found: np.ndarray = images[chosen(len(images), count, self.train.get(LABELS[source]))]
        return found

    def draw(self, algorithm: Algorithm) -> bytes:
        """PNG of what the networks make now."""
        return images.png(drawn(self.plan, self.answer(algorithm)))


def most_bytes(spec: DatasetSpec, ways: Mapping[str, Any]) -> int:
    """Of one stored grid: PNG cannot make noise smaller."""
    repeat, rows = _layout(spec)
    count = repeat * rows * sum(map(len, columns_of(spec.kind, ways)))
    factor = _factor(spec)
    return count * math.prod(_tile(spec, factor)) * max(spec.image_shape[2], spec.target_shape[2])
