"""The sample grid of a run: the same z at every step, one column a class, and real images beside.

Images larger than a page shows them in a grid are averaged down in it, so that it stays a small file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.storage import images
from gan_core.tasks import latent, pair_grids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gan_core.algorithms.base import Algorithm
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.types import Floats, Pixels

ROWS, COLUMNS, REAL_ROWS = 8, 10, 2
MOST_SIDE = 64  # pixels of a tile: ten stand beside each other
POINTS = 2000
PLOT_TILE = (280, 280)
PLOT = 3 * 280 * 280  # bytes of a plot of points


@dataclass(frozen=True)
class GridPlan:
    """What a run's grids show; stored beside them as samples/grid.json.

    Attributes:
        labels: class of each column; empty without classes.
        each: columns of one class, beside each other; more than one where there are few classes.
        z: float32 [N, Z], the fixed noise, row by row.
        classes: float32 [N, K] one-hot, or None.
        factor: pixels of an image a side that became one of its tile.
    """

    columns: int
    rows: int
    labels: tuple[int, ...]
    z: Floats
    classes: np.ndarray | None
    tile: tuple[int, int]
    points: bool = False
    factor: int = 1
    each: int = 1

    def header(self, class_names: Sequence[str]) -> dict[str, Any]:
        """The JSON that tells a viewer how to cut the grid."""
        return {
            "columns": self.columns,
            "rows": self.rows,
            "real_rows": REAL_ROWS,
            "labels": list(self.labels),
            "names": _names(self.labels, class_names),
            "tile": list(self.tile),
            "points": self.points,
            "each": self.each,
        }

    @property
    def narrow(self) -> GridPlan:
        """The same with one column a class, as it was before there were more; of the first z."""
        if self.each == 1 or self.classes is None:
            return self
        labels, count = self.labels[:: self.each], self.columns // self.each
        z = self.z.reshape(self.rows, count, self.each, -1)[:, 0].reshape(-1, self.z.shape[1])
        wide = self.classes.reshape(self.rows, count, self.each, -1)[:, :, 0]
        return replace(
            self,
            columns=count,
            labels=labels,
            z=np.repeat(z[: self.rows], count, axis=0),
            classes=wide.reshape(self.rows * count, -1),
            each=1,
        )


def plan(config: TrainConfig, spec: DatasetSpec, *, labels_used: bool, prior: str) -> GridPlan:
    """The fixed grid of a run, made from its seed.

    Rows share z over all classes where there are classes, and in the columns of one class each has its
    own; without classes every tile has.
    """
    if spec.kind == "points":
        z = latent.sample(POINTS, config.latent_dim, seed=config.seed, prior=prior)
        return GridPlan(1, 1, (), z, None, PLOT_TILE, points=True)
    factor = _factor(spec)
    tile = _tile(spec, factor)
    if not labels_used:
        z = latent.sample(ROWS * COLUMNS, config.latent_dim, seed=config.seed, prior=prior)
        return GridPlan(COLUMNS, ROWS, (), z, None, tile, factor=factor)
    count, each = len(column_labels(spec.num_classes)), _each(spec.num_classes)
    labels = tuple(np.repeat(column_labels(spec.num_classes), each).tolist())
    z = latent.sample(ROWS * each, config.latent_dim, seed=config.seed, prior=prior)
    z = np.repeat(z.reshape(ROWS, 1, each, -1), count, axis=1).reshape(-1, config.latent_dim)
    classes = latent.one_hot(np.tile(labels, ROWS), spec.num_classes)
    return GridPlan(len(labels), ROWS, labels, z, classes, tile, factor=factor, each=each)


def _each(num_classes: int) -> int:
    return max(COLUMNS // max(num_classes, 1), 1)


def _factor(spec: DatasetSpec) -> int:
    return math.ceil(max(spec.image_shape[:2]) / MOST_SIDE)


def _tile(spec: DatasetSpec, factor: int) -> tuple[int, int]:
    height, width, _ = spec.image_shape
    return math.ceil(height / factor), math.ceil(width / factor)


def layout(spec: DatasetSpec, *, labels_used: bool) -> dict[str, Any]:
    """The size of a run's grids as their header will tell it, from the data alone."""
    if spec.kind == "points":
        return {"tile": PLOT_TILE, "points": True}
    labels = column_labels(spec.num_classes) if labels_used else ()
    each = _each(spec.num_classes) if labels_used else 1
    columns = np.repeat(labels, each).astype(int).tolist()
    return {
        "each": each,
        "tile": _tile(spec, _factor(spec)),
        "columns": len(columns) or COLUMNS,
        "rows": ROWS,
        "names": _names(columns, spec.class_names),
    }


def _names(labels: Sequence[int], class_names: Sequence[str]) -> list[str]:
    return [class_names[k] if k < len(class_names) else str(k) for k in labels]


def column_labels(num_classes: int) -> tuple[int, ...]:
    """Up to ten classes, evenly chosen where there are more."""
    count = min(num_classes, COLUMNS)
    return tuple(int(k) for k in np.linspace(0, num_classes - 1, count).round())


def fake_grid(algorithm: Algorithm, grid: GridPlan) -> bytes:
    """PNG of the averaged generator's answers to the fixed noise."""
    fakes = algorithm.sample(grid.z, grid.classes)
    if grid.points:
        return images.png(images.plot_points(fakes))
    return _png(images.to_uint8(fakes), grid)


def _png(pixels: Pixels, grid: GridPlan) -> bytes:
    return images.png(images.grid(pair_grids.shrunk(pixels, grid.factor), grid.columns))


def real_grid(dataset: Dataset, grid: GridPlan, seed: int) -> bytes:
    """PNG of real training images: the classes of the columns, or any where there are none."""
    if grid.points:
        return images.png(images.plot_points(dataset.train[:POINTS]))
    rng = np.random.default_rng(seed)
    if grid.labels:
        shown = [dataset.one_of(k, rng) for _ in range(REAL_ROWS) for k in grid.labels]
        return _png(np.stack(shown), grid)
    count = REAL_ROWS * grid.columns
    picks = rng.choice(len(dataset.train), min(count, len(dataset.train)), replace=False)
    return _png(dataset.train[np.resize(picks, count)], grid)


@dataclass(frozen=True)
class Previews:
    """What training shows of a run: its grid at a step, and real images beside it.

    Args:
        seed: of the choice of real images.
    """

    plan: GridPlan
    dataset: Any
    seed: int

    def header(self) -> dict[str, Any]:
        """samples/grid.json: how a viewer cuts a grid."""
        return self.plan.header(self.dataset.spec.class_names)

    def like(self, header: dict[str, Any]) -> Previews:
        """In the size of grids that are there already, which may be of another version."""
        plan, whole = self.plan, self.dataset.spec.image_shape[:2]
        if header.get("columns") != plan.columns:
            plan = plan.narrow
        if not plan.points and header.get("tile") == list(whole):
            plan = replace(plan, tile=whole, factor=1)
        return replace(self, plan=plan)

    def reals(self) -> bytes:
        """PNG of real images."""
        return real_grid(self.dataset, self.plan, self.seed)

    def draw(self, algorithm: Algorithm) -> bytes:
        """PNG of what the networks make now."""
        return fake_grid(algorithm, self.plan)


def most_bytes(spec: DatasetSpec) -> int:
    """Of one stored grid: PNG cannot make noise smaller."""
    if spec.kind == "points":
        return PLOT
    return ROWS * COLUMNS * math.prod(_tile(spec, _factor(spec))) * spec.image_shape[2]
