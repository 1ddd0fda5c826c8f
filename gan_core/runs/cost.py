"""What it took a run to reach a quality: steps, images and seconds of training, its parents' too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gan_core.errors import RunError
from gan_core.runs.lineage import ancestors, line_of
from gan_core.runs.quality import Quality, qualities
from gan_core.runs.run import Run

FAR = 4.0  # times the lowest distance; a run beyond it is in another class


class Cost(NamedTuple):
    """Where a run was when it was first measured at the quality, or better."""

    step: int
    images: float
    seconds: float  # of training, without measuring
    at_most: bool = False  # nothing worse was measured before: it may have been that good earlier


def line_qualities(run: Run) -> list[Quality]:
    """The measurements of a run and, up to each fork, of its ancestors, by ascending step."""
    found, stop = list(qualities(run.path)), None
    for parent, fork in ancestors(run):
        stop = fork if stop is None else min(stop, fork)
        found += [m for m in qualities(parent.path) if m.step <= stop]
    return sorted(found, key=lambda m: m.step)


def cost_to(run: Run, target: float, kind: tuple[str, int] | None = None) -> Cost | None:
    """The cost of the first measurement with a distance of at most `target`; None if there is none.

    Args:
        kind: (extractor, count) of the measurements that count; None: any.
    """
    same = [m for m in line_qualities(run) if kind in (None, m.kind)]
    for index, measured in enumerate(same):
        if measured.value <= target:
            return _cost_at(run, measured.step, at_most=index == 0)
    return None


def _cost_at(run: Run, step: int, at_most: bool) -> Cost | None:
    try:
        line = line_of(run)
    except RunError:
        return None
    rows = None if line is None else line.rows(step, step)
    if rows is None or not len(rows):
        return Cost(step, float("nan"), float("nan"), at_most)
    return Cost(step, float(rows["images_seen"][0]), float(rows["wall_time"][0]), at_most)


def common_target(best: list[float]) -> float | None:
    """A round distance to ask the cost of: just above the worst of the bests that are near the best.

    Runs that are more than FAR times as far away do not count: what they reached tells nothing of
    the others. None without a measurement.
    """
    if not best:
        return None
    worst = max(value for value in best if value <= FAR * max(min(best), 0) or value == min(best))
    if worst <= 0:
        return 1.0
    unit = 10.0 ** np.floor(np.log10(worst)) / 10
    return float(round(np.ceil(worst / unit) * unit, 6))
