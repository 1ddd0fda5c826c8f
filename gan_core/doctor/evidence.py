"""What the doctor has seen of a run: the newest metrics, probes and measurements, as plain arrays.

The same evidence is made from memory while a run trains and from its folder in any other process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gan_core.doctor import limits
from gan_core.doctor.thresholds import HISTORY, WARM_UP, WINDOW
from gan_core.metric_table import names_of

BASELINE = (200, WARM_UP)  # steps whose medians later gradient norms are compared with
START = 1  # first steps, with whose losses later ones are compared: the second may have exploded
NORMS, LOSSES = names_of("gradients"), names_of("loss")


@dataclass(frozen=True)
class Evidence:
    """A frozen look at one run.

    Attributes:
        metrics: name -> float32 [T] of the newest steps, oldest first; NaN: not measured.
        steps: int64 [T].
        baseline: median gradient norms after the warm-up; empty before.
        start: median size of each loss in the first steps; empty where they are not known.
        probes: newest last, as `probe_line` makes them.
        evals: measurements, newest last: {"step", "values", "missing", "floor"}.
        class_names: empty without labels.
        first: the first step of the run, that of a branch is later than 1.
        rules: name of those it is judged by (doctor.rulebook).
    """

    loss: str
    steps: np.ndarray
    metrics: Mapping[str, np.ndarray]
    baseline: Mapping[str, float] = field(default_factory=dict)
    probes: Sequence[dict[str, Any]] = ()
    evals: Sequence[dict[str, Any]] = ()
    class_names: Sequence[str] = ()
    start: Mapping[str, float] = field(default_factory=dict)
    first: int = 1
    rules: str = limits.ADVERSARIAL

    @property
    def early(self) -> bool:
        """Whether the newest step is too early for anything but an explosion."""
        return self.step < silent_until(self.first, self.rules)

    @property
    def step(self) -> int:
        """The newest step; 0 before the first."""
        return int(self.steps[-1]) if len(self.steps) else 0

    def as_of(self, step: int) -> Evidence:
        """The same as it was at an earlier step; what was forgotten since then is missing."""
        count = int(np.searchsorted(self.steps, step, side="right"))
        return replace(
            self,
            steps=self.steps[:count],
            metrics={name: values[:count] for name, values in self.metrics.items()},
            probes=[p for p in self.probes if p["step"] <= step],
            evals=[line for line in self.evals if line["step"] <= step],
        )

    def limit_if_any(self, name: str) -> float | None:
        """A threshold under this run's loss; None where the loss has no such sign."""
        return limits.of(self.rules).limit(name, self.loss)

    def limit(self, name: str) -> float:
        """The same of a sign that every loss has; LookupError where this one has it not."""
        found = self.limit_if_any(name)
        if found is None:
            raise LookupError(f"`{name}` has no limit under the loss {self.loss}.")
        return found

    def last(self, name: str, count: int = WINDOW) -> np.ndarray:
        """The newest measured values of a metric; empty if there are none."""
        values = self.metrics.get(name, np.empty(0))[-count:]
        return values[np.isfinite(values)]

    def mean(self, name: str, count: int = WINDOW) -> float:
        """Mean over the newest steps; NaN if it was not measured."""
        values = self.last(name, count)
        return float(values.mean()) if len(values) else float("nan")

    def median(self, name: str, count: int = 20) -> float:
        """Median over the newest steps; NaN if it was not measured."""
        values = np.sort(self.last(name, count))  # np.median takes ten times as long on so few
        half = len(values) // 2
        return float(values[half] + values[~half]) / 2 if len(values) else float("nan")

    def growth(self, name: str, count: int = 20) -> float:
        """How many times the median is what it was after the warm-up; NaN where that is not known."""
        before = self.baseline.get(name, 0.0)
        return self.median(name, count) / before if before > 0.0 else float("nan")


def silent_until(first: int, rules: str = limits.ADVERSARIAL) -> int:
    """The first step at which all signs are looked for, in a run that begins at step `first`."""
    warm_up = limits.of(rules).warm_up
    return max(warm_up, first - 1 + min(WINDOW, warm_up))


def counted(
    probes: Sequence[dict[str, Any]], step: int, first: int, rules: str = limits.ADVERSARIAL
) -> list[dict[str, Any]]:
    """The probes that tell of the run at a step: those of the warm-up do not count after it."""
    if step < silent_until(first, rules):
        return list(probes)
    since = limits.of(rules).warm_up - 100 if first == 1 else first - 100
    return [p for p in probes if p["step"] >= since]


def start_of(steps: np.ndarray, metrics: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Median size of each loss in the first START steps, of those that are there."""
    found = {}
    for name in LOSSES:
        values = metrics.get(name, np.empty(0))
        values = values[steps <= START] if len(values) == len(steps) else np.empty(0)
        values = np.abs(values[np.isfinite(values)])
        if len(values):
            found[name] = float(np.median(values))
    return found


def baseline_of(steps: np.ndarray, metrics: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Median gradient norms of the steps in BASELINE that are there; empty without any."""
    inside = (steps > BASELINE[0]) & (steps <= BASELINE[1])
    found = {}
    for name in NORMS:
        values = metrics.get(name, np.empty(0))
        values = values[inside] if len(values) == len(steps) else np.empty(0)
        values = values[np.isfinite(values)]
        if len(values):
            found[name] = float(np.median(values))
    return found


def probe_line(step: int, probe) -> dict[str, Any]:
    """A probe (evaluation.measure.Probe) as one line of probes.jsonl."""
    line = {
        "step": step, "class_counts": list(probe.class_counts), "class_kl": probe.class_kl,
        "diversity": probe.diversity, "class_diversity": probe.class_diversity,
        "duplicates": probe.duplicates,
        "missing": list(probe.missing), "count": probe.count, "seconds": probe.seconds,
    }  # fmt: skip
    if probe.near is not None:
        line |= {"modes": list(probe.modes), "near": probe.near}
    if probe.values:
        line |= {"values": dict(probe.values)}
    return line if probe.gap is None else line | {"gap": dict(vars(probe.gap))}


class Memory:
    """The newest steps of a run in fixed arrays; gives evidence at any time."""

    def __init__(self, names: Sequence[str]):
        self.names = tuple(names)
        self._rows = np.full((2 * HISTORY, len(names)), np.nan, np.float32)
        self._steps = np.zeros(2 * HISTORY, np.int64)
        self._count = 0
        self.baseline: dict[str, float] = {}
        self.start: dict[str, float] = {}

    def add(self, step: int, values: np.ndarray) -> None:
        """One step's metrics, in the order of `names`."""
        if self._count == len(self._steps):
            keep = slice(self._count - HISTORY, self._count)
            self._rows[:HISTORY], self._steps[:HISTORY] = self._rows[keep], self._steps[keep]
            self._count = HISTORY
        self._rows[self._count], self._steps[self._count] = values, step
        self._count += 1
        if step == START:
            self.start = start_of(*self.columns())
        if step == WARM_UP:
            self.baseline = baseline_of(*self.columns())

    def columns(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Steps [T] and each metric [T]."""
        part = slice(max(0, self._count - HISTORY), self._count)
        rows = self._rows[part]
        return self._steps[part], {name: rows[:, i] for i, name in enumerate(self.names)}
