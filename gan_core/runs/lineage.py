"""The line of a run: the rows of its ancestors up to each fork, then its own, read as one.

Reads like a MetricsReader (rows, window, names, first_step, last_step), at the same cost: what is
read depends on the points asked for, not on the length of the run or of its ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from gan_core.errors import RunError
from gan_core.runs import run_ids
from gan_core.runs.metrics.reader import MetricsReader, Window
from gan_core.runs.run import Run

MOST = 32  # generations that are followed
POSITION = ("step", "images_seen", "wall_time")


class Part(NamedTuple):
    """The steps of one run that belong to the line: up to `stop` (None: all it has)."""

    run_id: str
    reader: MetricsReader
    stop: int | None

    @property
    def last(self) -> int:
        """The newest step of this part."""
        return self.reader.last_step if self.stop is None else min(self.reader.last_step, self.stop)


def ancestors(run: Run) -> list[tuple[Run, int]]:
    """[(parent, step of the fork), (grandparent, ...)], as far as they are still in the folder."""
    found: list[tuple[Run, int]] = []
    seen = {run.id}
    while (link := run.parent) and len(found) < MOST:
        try:
            run = Run(run_ids.find(run.path.parent, link["run"]))
            step = int(link["step"])
            _ = run.header
        except (RunError, KeyError, TypeError, ValueError):
            break
        if run.id in seen:
            break
        seen.add(run.id)
        found.append((run, step))
    return found


def line_of(run: Run) -> MetricsReader | Line | None:
    """The line of a run; None where neither it nor an ancestor has a row yet."""
    if not run.parent:
        return run.metrics()
    parts = []
    stop = None
    for each, fork in [(run, None), *ancestors(run)]:
        stop = fork if stop is None or fork is None else min(stop, fork)
        try:
            reader = each.metrics()
        except RunError:
            if each is run:
                raise
            reader = None  # an ancestor's damage is not ours
        if reader is not None:
            parts.append(Part(each.id, reader, stop))
    return Line(parts[::-1]) if parts else None


class Line:
    """Parts of several runs, the oldest first."""

    def __init__(self, parts: list[Part]):
        self._parts = parts

    @property
    def names(self) -> tuple[str, ...]:
        """Metric names, those of the youngest run first."""
        return tuple(dict.fromkeys(n for part in self._parts[::-1] for n in part.reader.names))

    @property
    def first_step(self) -> int:
        """The first step of the oldest part."""
        return self._parts[0].reader.first_step

    @property
    def last_step(self) -> int:
        """The newest step, 0 if there is none."""
        return max(part.last for part in self._parts)

    def _within(self, start: int, stop: int | None) -> Iterator[tuple[Part, int, int]]:
        """(part, first, last) of every part that has steps of this range."""
        before = start - 1
        for part in self._parts:
            first = max(before + 1, part.reader.first_step)
            last = part.last if stop is None else min(part.last, stop)
            if first <= last:
                yield part, first, last
                before = last

    def rows(
        self, start_step: int, stop_step: int | None = None, limit: int = 10_000
    ) -> np.ndarray:
        """Rows of start_step to stop_step as MetricsReader.rows gives them; at most `limit`."""
        names = self.names
        found: list[np.ndarray] = []
        for part, first, last in self._within(start_step, stop_step):
            rows = part.reader.rows(first, last, limit=limit - sum(len(rows) for rows in found))
            found.append(_with_names(rows, names))
        return np.concatenate(found) if found else np.empty(0, _dtype(names))

    def window(
        self, start_step: int, stop_step: int | None = None, max_points: int = 2000
    ) -> Window:
        """MetricsReader.window over all parts; each gets points by its share of the steps."""
        ranges = list(self._within(start_step, stop_step))
        total = sum(last - first + 1 for _, first, last in ranges)
        shares = [max(2, max_points * (last - first + 1) // total) for _, first, last in ranges]
        windows = [
            part.reader.window(first, last, points)
            for (part, first, last), points in zip(ranges, shares, strict=True)
        ]
        return _joined(windows, self.names)


def _dtype(names: tuple[str, ...]) -> np.dtype:
    head = [("step", "<u4"), ("images_seen", "<f8"), ("wall_time", "<f8")]
    return np.dtype([*head, *((name, "<f4") for name in names)])


def _with_names(rows: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    out = np.empty(len(rows), _dtype(names))
    known = rows.dtype.names or ()
    for name in out.dtype.names or ():
        out[name] = rows[name] if name in known else np.nan
    return out


def _joined(windows: list[Window], names: tuple[str, ...]) -> Window:
    def column(values: list[np.ndarray], dtype: Any) -> np.ndarray:
        return np.concatenate(values).astype(dtype) if values else np.empty(0, dtype)

    def stats(name: str, which: int) -> np.ndarray:
        missing = [np.full(len(w), np.nan, "f4") for w in windows]
        pairs = zip(windows, missing, strict=True)
        return column([w.metrics[name][which] if name in w.metrics else m for w, m in pairs], "f4")

    return Window(
        column([w.step for w in windows], "i8"),
        column([w.images_seen for w in windows], "f8"),
        column([w.wall_time for w in windows], "f8"),
        {name: (stats(name, 0), stats(name, 1), stats(name, 2)) for name in names},
        max((w.steps_per_point for w in windows), default=1),
    )
