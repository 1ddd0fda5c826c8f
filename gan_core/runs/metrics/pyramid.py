"""The levels above a table of metrics: minimum, maximum and mean of ever larger groups of steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Floats

FACTOR = 16  # rows of a level that one row of the next level summarises
LEVELS = 6  # 16^6 = 16.8 million steps a row at the top

HEAD = (("step", "<u4"), ("images_seen", "<f8"), ("wall_time", "<f8"))
FORMAT = 2  # of what is written; format 1 is read, and goes on where a run has it
FORMAT_1_COUNTERS = ("g_updates", "d_updates")  # the only ones that it can hold


@dataclass(frozen=True)
class Layout:
    """The columns of a run's metrics; M = len(names).

    Attributes:
        names: of the metrics, which the levels summarise.
        counters: what only level 0 has, between HEAD and the metrics.
    """

    names: tuple[str, ...]
    first_step: int = 1
    counters: tuple[str, ...] = ()
    format: int = FORMAT

    def dtype(self, level: int) -> np.dtype:
        """A row of a level: `values` [M] at level 0, else min, max, mean, count [M] each."""
        return self._level_0 if level == 0 else self._level_n

    @cached_property
    def _level_0(self) -> np.dtype:
        return np.dtype([*self._fixed, ("values", "<f4", (len(self.names),))])

    @property
    def _fixed(self) -> list[tuple[str, str]]:
        return [*HEAD, *((name, "<u4") for name in self.counters)]

    @cached_property
    def _level_n(self) -> np.dtype:
        shape = (len(self.names),)
        stats = [(name, "<f4", shape) for name in ("min", "max", "mean")]
        return np.dtype([*HEAD, *stats, ("count", "<u4", shape)])

    @cached_property
    def named_dtype(self) -> np.dtype:
        """Level 0 with one named column a metric (same bytes)."""
        return np.dtype([*self._fixed, *((name, "<f4") for name in self.names)])


def as_stats(rows: np.ndarray, layout: Layout) -> np.ndarray:
    """Rows of level 0 as statistics of groups of one; rows of other levels unchanged."""
    if rows.dtype != layout.dtype(0):
        return rows
    stats = np.empty(len(rows), layout.dtype(1))
    for name, _ in HEAD:
        stats[name] = rows[name]
    for name in ("min", "max", "mean"):
        stats[name] = rows["values"]
    stats["count"] = ~np.isnan(rows["values"])
    return stats


def summarise(rows: np.ndarray, layout: Layout) -> np.ndarray:
    """Statistics of each 16 rows, [16 B] -> [B].

    Adds up in the order of the rows, each group for itself: a level that is rebuilt at once has the
    same bytes as one that grew row by row.
    """
    groups = as_stats(rows, layout).reshape(-1, FACTOR)
    merged = np.empty(len(groups), layout.dtype(1))
    _copy_head(merged, groups[:, 0], groups[:, -1])
    merged["min"] = np.fmin.reduce(groups["min"], axis=1)
    merged["max"] = np.fmax.reduce(groups["max"], axis=1)
    merged["count"] = groups["count"].sum(axis=1)
    total = np.zeros(merged["mean"].shape)
    with np.errstate(invalid="ignore"):  # infinity - infinity
        for row in range(FACTOR):
            total += _sums(groups[:, row])
    merged["mean"] = _divide(total, merged["count"])
    return merged


def merge(stats: np.ndarray, starts: np.ndarray, layout: Layout) -> np.ndarray:
    """Statistics of groups of any size that begin at the rows `starts` (ascending, first 0).

    A group of nothing but NaN has count 0 and NaN for minimum, maximum and mean.
    """
    merged = np.empty(len(starts), layout.dtype(1))
    if not len(starts):
        return merged
    lasts = np.append(starts[1:], len(stats)) - 1
    _copy_head(merged, stats[starts], stats[lasts])
    merged["min"] = np.fmin.reduceat(stats["min"], starts, axis=0)
    merged["max"] = np.fmax.reduceat(stats["max"], starts, axis=0)
    merged["count"] = np.add.reduceat(stats["count"], starts, axis=0)
    with np.errstate(invalid="ignore"):
        total = np.add.reduceat(_sums(stats), starts, axis=0)
    merged["mean"] = _divide(total, merged["count"])
    return merged


def _copy_head(merged: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
    merged["step"] = first["step"]
    merged["images_seen"] = last["images_seen"]
    merged["wall_time"] = last["wall_time"]


def _sums(stats: np.ndarray) -> Floats:
    """Sum of the values behind each mean, float64; 0 where there are none."""
    with np.errstate(invalid="ignore"):
        sums: np.ndarray = stats["mean"].astype(np.float64) * stats["count"]
    sums[stats["count"] == 0] = 0.0
    return sums


def _divide(total: np.ndarray, count: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: np.ndarray = (total / count).astype(np.float32)
        return found
