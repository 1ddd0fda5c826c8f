"""Reading the metrics of a run, also while another process writes them (format: metrics.py)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import RunError, in_brief
from gan_core.runs.metrics.pyramid import (
    FACTOR,
    FORMAT,
    FORMAT_1_COUNTERS,
    HEAD,
    LEVELS,
    Layout,
    as_stats,
    merge,
)
from gan_core.runs.values import is_step
from gan_core.storage.files import check_format, read_json


@dataclass(frozen=True)
class Window:
    """At most `max_points` points [P] over a range of steps, each of up to `steps_per_point`."""

    step: np.ndarray  # int64 [P], the first step of each point
    images_seen: np.ndarray  # float64 [P], at the last step of each point
    wall_time: np.ndarray  # float64 [P], seconds, at the last step of each point
    metrics: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]  # min, max, mean: float32 [P]
    steps_per_point: int = 1

    def __len__(self) -> int:
        return len(self.step)

    def __getitem__(self, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.metrics[name]


def level_path(directory: Path, level: int) -> Path:
    """metrics.bin for level 0, metrics.l1.bin for level 1, ..."""
    return directory / (f"metrics.l{level}.bin" if level else "metrics.bin")


def layout_of(header: Any, path: Path) -> Layout:
    """The columns that a header declares; RunError if it is damaged or of a newer format."""
    try:
        check_format(header["format"], FORMAT, str(path))
        columns = [(str(name), str(dtype)) for name, dtype in header["columns"]]
        if not is_step(header["first_step"]):
            raise ValueError("the first step is no step")
        names, counters = _free(columns, header["format"])
        layout = Layout(names, header["first_step"], counters, header["format"])
        _ = layout.named_dtype  # refuses a name that comes twice
        return layout
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{path} is damaged: it is no header of metrics ({in_brief(error)})."
        ) from error


def _free(columns: list[tuple[str, str]], format: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of metrics and of counters behind the fixed columns; ValueError where they are others."""
    fixed, free = tuple(columns[: len(HEAD)]), columns[len(HEAD) :]
    counters = tuple(name for name, dtype in free if dtype == "<u4")
    metrics = tuple(name for name, dtype in free if dtype == "<f4")
    in_order = [*((n, "<u4") for n in counters), *((n, "<f4") for n in metrics)]
    if fixed != HEAD or free != in_order or (format == 1 and counters != FORMAT_1_COUNTERS):
        raise ValueError("unexpected columns")
    return metrics, counters


class MetricsReader:
    """The metrics in a run folder; every call sees what is on disk at that moment."""

    def __init__(self, directory: Path):
        self._directory = Path(directory)
        path = self._directory / "metrics.json"
        self._layout = layout_of(read_json(path), path)

    @property
    def names(self) -> tuple[str, ...]:
        """Metric names in the order of the columns."""
        return self._layout.names

    @property
    def counters(self) -> tuple[str, ...]:
        """Names of the counters in the order of the columns."""
        return self._layout.counters

    @property
    def first_step(self) -> int:
        """The step of row 0 (a branch begins after its parent's step)."""
        return self._layout.first_step

    @property
    def last_step(self) -> int:
        """The step of the newest whole row, 0 if there is none."""
        rows = len(self)
        return self.first_step + rows - 1 if rows else 0

    def __len__(self) -> int:
        return self._count(0)

    def _count(self, level: int) -> int:
        try:
            size = os.stat(level_path(self._directory, level)).st_size
        except FileNotFoundError:
            return 0
        return size // self._layout.dtype(level).itemsize

    def rows(
        self, start_step: int, stop_step: int | None = None, limit: int = 10_000
    ) -> np.ndarray:
        """Rows of start_step to stop_step (inclusive; None: the newest), at most the first `limit`.

        Structured array with the columns step, images_seen, wall_time, one uint32 a counter and one
        float32 a metric.
        """
        start, stop = self._range(start_step, stop_step)
        return self._read(0, start, min(stop, start + limit)).view(self._layout.named_dtype)

    def last(self) -> dict[str, float] | None:
        """The newest row by column name, None if there is none yet."""
        count = len(self)
        rows = self._read(0, count - 1, count).view(self._layout.named_dtype)
        if not len(rows):
            return None
        return {name: rows[name][-1].item() for name in rows.dtype.names or ()}

    def window(
        self, start_step: int, stop_step: int | None = None, max_points: int = 2000
    ) -> Window:
        """Minimum, maximum and mean over start_step to stop_step (inclusive; None: the newest).

        Each point covers `steps_per_point` steps of this range; no step outside it counts. What is
        read is bounded by 16 x max_points rows, however long the run is.
        """
        if max_points < 2:
            raise ValueError(f"max_points must be at least 2. Received: {max_points}")
        start, stop = self._range(start_step, stop_step)
        level, group = _resolution(stop - start, max_points)
        stats = np.concatenate(
            [as_stats(part, self._layout) for part in self._parts(level, start, stop)]
        )
        # Groups begin at whole multiples, so that points stay where they are as the run grows.
        index = (stats["step"].astype(np.int64) - self.first_step) // group
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        points = merge(stats, starts, self._layout)
        return self._as_window(points, group)

    def _as_window(self, points: np.ndarray, group: int) -> Window:
        metrics = {
            name: (points["min"][:, i], points["max"][:, i], points["mean"][:, i])
            for i, name in enumerate(self.names)
        }
        steps = points["step"].astype(np.int64)
        return Window(steps, points["images_seen"], points["wall_time"], metrics, group)

    def _range(self, start_step: int, stop_step: int | None) -> tuple[int, int]:
        """Row numbers [start, stop) of a range of steps, cut to the rows there are."""
        rows = len(self)
        stop = rows if stop_step is None else min(rows, stop_step - self.first_step + 1)
        return min(max(0, start_step - self.first_step), max(0, stop)), max(0, stop)

    def _parts(self, level: int, start: int, stop: int) -> list[np.ndarray]:
        """Rows that cover [start, stop) once: of `level` inside, of finer ones at both ends."""
        if level == 0:
            return [self._read(0, start, stop)]
        span = FACTOR**level
        first = -(-start // span)
        last = min(stop // span, self._count(level))
        if first >= last:
            return self._parts(level - 1, start, stop)
        inner = self._read(level, first, last)
        end = (first + len(inner)) * span
        return [
            *self._parts(level - 1, start, first * span),
            inner,
            *self._parts(level - 1, end, stop),
        ]

    def _read(self, level: int, start: int, stop: int) -> np.ndarray:
        dtype = self._layout.dtype(level)
        if stop <= start:
            return np.empty(0, dtype)
        try:
            with open(level_path(self._directory, level), "rb") as file:
                file.seek(max(0, start) * dtype.itemsize)
                return np.fromfile(file, dtype, stop - max(0, start))
        except FileNotFoundError:
            return np.empty(0, dtype)


def _resolution(rows: int, max_points: int) -> tuple[int, int]:
    """The level to read, and the steps in a point: a whole multiple of that level's."""
    if rows <= max_points:
        return 0, 1
    level = 0
    while level < LEVELS and rows > max_points * FACTOR ** (level + 1):
        level += 1
    group = FACTOR**level
    while rows > group * (max_points - 1):  # - 1: the first and the last point may be cut
        group *= 2  # doubling, so that a growing run seldom changes its points
    return level, group
