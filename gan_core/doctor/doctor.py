"""Watches one run and gives a verdict: never at the first sign, and no praise while one shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_core.doctor import rulebook
from gan_core.doctor.evidence import Evidence, Memory, counted, silent_until
from gan_core.doctor.thresholds import EARLY, EVERY, RECOVER

KEPT_PROBES = 60
KEPT_EVALS = 200
HEALTHY, WARMING_UP, UNSURE = "healthy", "warming_up", "unsure"
UNSEEN = "healthy/probes"  # nothing is wrong but that samples were not looked at yet


@dataclass(frozen=True)
class Verdict:
    """What the doctor says: an ailment's name (rulebook.Rules.signs), "healthy", "unsure" or "warming_up".

    `step` is when it was said, `since` when it was first seen, `rule` by which.
    """

    name: str
    step: int
    since: int
    rule: str = ""

    @property
    def alarm(self) -> bool:
        """Whether it needs a decision; a stalled run does no harm."""
        return self.name not in (HEALTHY, WARMING_UP, UNSURE, "stalled")


class Doctor:
    """Follows a run step by step.

    Args:
        names: of the metrics, in their order.
        first_step: the first step it will see; a branch or a resumed run begins later than 1.
        verdict: the last one of the run so far, if it is resumed.
        rules: name of those it judges by (doctor.rulebook).
    """

    def __init__(
        self,
        loss: str,
        names: Sequence[str],
        *,
        class_names: Sequence[str] = (),
        first_step: int = 1,
        verdict: Verdict | None = None,
        rules: str = rulebook.ADVERSARIAL,
    ):
        self.loss, self.class_names = loss, tuple(class_names)
        self.rules_name, self.rules = rules, rulebook.get(rules)
        self.memory = Memory(names)
        self.first_step = first_step
        self.verdict = verdict or Verdict(WARMING_UP, first_step - 1, first_step - 1)
        self.probes: list[dict[str, Any]] = []
        self.evals: list[dict[str, Any]] = []
        self._seen: dict[str, tuple[int, int]] = {}  # ailment: (looks in a row, first step)
        self._well = self._clear = 0

    @property
    def silent_until(self) -> int:
        """The first step at which it may name more than an explosion."""
        return silent_until(self.first_step, self.rules_name)

    def see_probe(self, line: dict[str, Any]) -> None:
        """A probe, as evidence.probe_line makes it."""
        self.probes = [*self.probes, line][-KEPT_PROBES:]

    def see_eval(self, line: dict[str, Any]) -> None:
        """A measurement: {"step", "values", "missing", "floor"}."""
        self.evals = [*self.evals, line][-KEPT_EVALS:]

    def see(self, step: int, values: np.ndarray) -> Verdict | None:
        """One step's metrics; a new verdict if it changed, else None."""
        self.memory.add(step, values)
        if step < self.first_step - 1 + EARLY or step % EVERY:
            return None
        return self._look(step)

    def evidence(self) -> Evidence:
        """What it knows now."""
        steps, metrics = self.memory.columns()
        step = int(steps[-1]) if len(steps) else 0
        return Evidence(
            loss=self.loss,
            steps=steps,
            metrics=metrics,
            baseline=self.memory.baseline,
            start=self.memory.start,
            probes=counted(self.probes, step, self.first_step, self.rules_name),
            evals=self.evals,
            class_names=self.class_names,
            first=self.first_step,
            rules=self.rules_name,
        )

    def _look(self, step: int) -> Verdict | None:
        evidence = self.evidence()
        found = self.rules.showing(evidence)
        self._seen = {
            name: (self._seen.get(name, (0, step))[0] + 1, self._seen.get(name, (0, step))[1])
            for name in found
        }
        shown = list(found.values()) or self.rules.doubts(evidence, found)
        few = len(evidence.probes) < self.rules.probes.get(
            self.verdict.name, 0
        )  # nothing denies it
        self._well = 0 if few or self.verdict.name in found else self._well + 1
        self._clear = self._clear + 1 if set(shown) <= {UNSEEN} else 0
        name = self._next(found, shown, evidence.early)
        if name == self.verdict.name:
            return None
        self.verdict = Verdict(name, step, self._since(name, step), _rule(name, found, shown))
        return self.verdict

    def _since(self, name: str, step: int) -> int:
        since = self._seen[name][1] if name in self._seen else step
        agreeing = self.rules.probes.get(name, 0)
        if agreeing and self.probes:  # since the first of the probes that agree
            since = min(since, self.probes[-agreeing:][0]["step"])
        return since

    def _next(self, found: dict[str, str], shown: list[str], early: bool) -> str:
        """The ailment that stays until it is over, the first that is sure, or how sure health is."""
        now, names = self.verdict.name, list(self.rules.signs)
        sure = [name for name in found if self._seen[name][0] >= self.rules.confirm[name]]
        if now in names and self._well < RECOVER:
            earlier = names[: names.index(now)]
            return next((name for name in sure if name in earlier), now)
        if sure:
            return sure[0]
        if shown or (now == UNSURE and self._clear < RECOVER):
            return UNSURE
        return WARMING_UP if early else HEALTHY


def _rule(name: str, found: dict[str, str], shown: list[str]) -> str:
    if name == UNSURE:
        return shown[0] if shown else ""
    return found.get(name, "")
