"""Watches one run and gives a verdict: silent in the warm-up, and never at the first sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_core.doctor.evidence import Evidence, Memory
from gan_core.doctor.signs import SIGNS
from gan_core.doctor.thresholds import CONFIRM, EVERY, RECOVER, WARM_UP, WINDOW, limit

KEPT_PROBES = 60
KEPT_EVALS = 200
PROBED = {name: int(limit(f"{name}/probes")) for name in ("mode_collapse", "d_overfits")}
HEALTHY, WARMING_UP = "healthy", "warming_up"


@dataclass(frozen=True)
class Verdict:
    """What the doctor says: an ailment's name (signs.SIGNS), "healthy" or "warming_up".

    `step` is when it was said, `since` when it was first seen.
    """

    name: str
    step: int
    since: int

    @property
    def alarm(self) -> bool:
        """Whether it needs a decision; a stalled run does no harm."""
        return self.name not in (HEALTHY, WARMING_UP, "stalled")


class Doctor:
    """Follows a run step by step.

    Args:
        names: of the metrics, in their order.
        first_step: the first step it will see; a branch or a resumed run begins later than 1.
        verdict: the last one of the run so far, if it is resumed.
    """

    def __init__(
        self,
        loss: str,
        names: Sequence[str],
        *,
        class_names: Sequence[str] = (),
        first_step: int = 1,
        verdict: Verdict | None = None,
    ):
        self.loss, self.class_names = loss, tuple(class_names)
        self.memory = Memory(names)
        self.first_step = first_step
        self.verdict = verdict or Verdict(WARMING_UP, first_step - 1, first_step - 1)
        self.probes: list[dict[str, Any]] = []
        self.evals: list[dict[str, Any]] = []
        self._seen: dict[str, tuple[int, int]] = {}  # ailment: (looks in a row, first step)
        self._well = 0

    @property
    def silent_until(self) -> int:
        """The first step at which it may speak."""
        return max(WARM_UP, self.first_step - 1 + WINDOW)

    def see_probe(self, line: dict[str, Any]) -> None:
        """A probe, as evidence.probe_line makes it."""
        self.probes = [*self.probes, line][-KEPT_PROBES:]

    def see_eval(self, line: dict[str, Any]) -> None:
        """A measurement: {"step", "values", "missing", "floor"}."""
        self.evals = [*self.evals, line][-KEPT_EVALS:]

    def see(self, step: int, values: np.ndarray) -> Verdict | None:
        """One step's metrics; a new verdict if it changed, else None."""
        self.memory.add(step, values)
        if step < self.silent_until or step % EVERY:
            return None
        return self._look(step)

    def evidence(self) -> Evidence:
        """What it knows now. Probes of the warm-up do not count."""
        steps, metrics = self.memory.columns()
        since = max(WARM_UP, self.first_step) if self.first_step == 1 else self.first_step
        return Evidence(
            loss=self.loss, steps=steps, metrics=metrics, baseline=self.memory.baseline,
            probes=[p for p in self.probes if p["step"] >= since - 100],
            evals=self.evals, class_names=self.class_names,
        )  # fmt: skip

    def _look(self, step: int) -> Verdict | None:
        evidence = self.evidence()
        found = [name for name, sign in SIGNS.items() if sign(evidence)]
        self._seen = {
            name: (self._seen.get(name, (0, step))[0] + 1, self._seen.get(name, (0, step))[1])
            for name in found
        }
        sure = [name for name in found if self._seen[name][0] >= CONFIRM[name]]
        self._well = 0 if found and self.verdict.name in found else self._well + 1
        name = self._next(sure)
        if name == self.verdict.name:
            return None
        since = self._seen[name][1] if name in self._seen else step
        if name in PROBED:  # it was there when the first of the probes that agree was taken
            since = min(since, self.probes[-PROBED[name] :][0]["step"])
        self.verdict = Verdict(name, step, since)
        return self.verdict

    def _next(self, sure: list[str]) -> str:
        """The ailment that stays until it is over, or the first of those that are sure."""
        now = self.verdict.name
        if now in SIGNS and self._well < RECOVER:
            earlier = list(SIGNS)[: list(SIGNS).index(now)]
            return next((name for name in sure if name in earlier), now)
        return sure[0] if sure else HEALTHY
