"""What was measured of held-out images beside a training, for the charts of its own metrics."""

from __future__ import annotations

from typing import Any

from gan_core.doctor.record import probes
from gan_core.evaluation.run_evals import evals
from gan_core.runs.run import Run

NAMES = ("l1",)  # measures that have a chart of the same name at every step
MOST = 400  # points of an answer


def measures(run: Run) -> dict[str, dict[str, Any]]:
    """Measure -> {"steps", "values", "input": that of the input as it is}, of those that were taken.

    By the quick looks, which are many and always at the same images; where a run has none, by its
    measurements.
    """
    looks = [(line["step"], line.get("values") or {}) for line in probes(run)]
    lines = evals(run)
    measured = [(line["step"], line["values"]) for line in lines]
    beside = (lines[-1].get("beside") or {}).get("input", {}) if lines else {}
    found = {}
    for name in NAMES:
        first = _of(name, looks)
        series = first or _of(name, measured)
        level = looks[-1][1].get(f"{name}_input") if first else beside.get(name)
        if series:
            found[name] = _thinned(series) | {"input": level}
    return found


def _of(name: str, lines) -> list[tuple[int, float]]:
    return [(step, values[name]) for step, values in lines if name in values]


def _thinned(series: list[tuple[int, float]]) -> dict[str, list]:
    """At most MOST points, always the last one."""
    step = -(-len(series) // MOST)
    kept = series[::-1][::step][::-1]
    return {"steps": [s for s, _ in kept], "values": [v for _, v in kept]}
