"""Curves as bytes: new rows since a step, or any window as min, max and mean, at constant cost.

One answer (packed.py) has `count` rows in named columns: `step`, `images_seen` and `wall_time` as
float64, the metrics as float32 (NaN where a metric was not measured). A branch answers with the rows
of its ancestors up to each fork before its own (lineage.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gan_core.runs.lineage import line_of
from gan_core.runs.store import Run
from gan_core.web import packed

MAX_BYTES = 96_000  # of one answer: a live update stays under 100 KB whatever the run's length
MAX_ROWS = 2_000
POSITION = ("step", "images_seen", "wall_time")
STATS = ("min", "max", "mean")


def newer_rows(
    run: Run, since: int, mark: float | None, names: Sequence[str], limit: int, more: dict
) -> bytes:
    """The rows after step `since`, oldest first, at most `limit` and at most MAX_BYTES.

    `more` is added to the header.

    `mark` is the wall time of the row `since` as the caller knows it. When the stored row has
    another one (the run went back to a checkpoint and trained on from there), the header says
    `"reset": true` and no rows follow: the caller starts anew.
    """
    reader = line_of(run)
    if reader is None:
        return pack({"run": run.id, "reset": since > 0, "last": 0, "metrics": []} | more, {})
    names = _known(names, reader.names)
    header = {"run": run.id, "last": int(reader.last_step), "metrics": list(reader.names)} | more
    if _has_gone_back(reader, since, mark):
        return pack(header | {"reset": True}, {})
    limit = min(limit, MAX_ROWS, MAX_BYTES // (24 + 4 * max(1, len(names))))
    rows = reader.rows(max(since + 1, reader.first_step), None, limit=limit)
    columns = {name: rows[name].astype("<f8") for name in POSITION}
    columns |= {name: rows[name].astype("<f4") for name in names}
    return pack(header | {"reset": False}, columns)


def window(run: Run, start: int, stop: int | None, names: Sequence[str], points: int) -> bytes:
    """Steps `start` to `stop` (inclusive; None: the newest) as at most `points` points.

    Columns of metric `x` are `x:min`, `x:max`, `x:mean`; fewer points where MAX_BYTES asks for it.
    """
    reader = line_of(run)
    if reader is None:
        return pack({"run": run.id, "last": 0, "stop": 0, "metrics": []}, {})
    names = _known(names, reader.names)
    points = max(2, min(points, MAX_ROWS, MAX_BYTES // (24 + 12 * max(1, len(names)))))
    last = int(reader.last_step)
    stop = last if stop is None else min(stop, last)
    found = reader.window(start, stop, points)
    columns = {name: np.asarray(getattr(found, name)).astype("<f8") for name in POSITION}
    for name in names:
        stats = zip(STATS, found.metrics[name], strict=True)
        columns |= {f"{name}:{stat}": np.asarray(values).astype("<f4") for stat, values in stats}
    header = {"run": run.id, "last": last, "stop": stop, "metrics": list(reader.names)}
    return pack(header | {"steps_per_point": found.steps_per_point}, columns)


def pack(header: dict, columns: dict[str, np.ndarray]) -> bytes:
    """Header and columns as described at the top; all columns have the same length."""
    count = len(next(iter(columns.values()))) if columns else 0
    return packed.pack(header | {"count": count}, columns)


def _known(names: Sequence[str], available: Sequence[str]) -> list[str]:
    """The asked-for metrics that the run has, in the run's order; all when none is named."""
    return [name for name in available if name in names] if names else list(available)


def _has_gone_back(reader, since: int, mark: float | None) -> bool:
    if since == 0 or mark is None:
        return since > reader.last_step
    rows = reader.rows(since, None, limit=1)
    return len(rows) == 0 or int(rows["step"][0]) != since or float(rows["wall_time"][0]) != mark
