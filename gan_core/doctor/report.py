"""A verdict with everything a person wants to know, the same for the page and the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gan_core.doctor.doctor import Verdict
from gan_core.doctor.record import evidence_of, situation_of, verdict_of
from gan_core.doctor.remedies import CHOICES, Remedy, remedy
from gan_core.doctor.thresholds import TABLE, limit
from gan_core.doctor.words import WORDS, numbers, sentence
from gan_core.run import Run


@dataclass(frozen=True)
class Report:
    """What the doctor says of a run now.

    Attributes:
        numbers: (label, value) pairs that led to the verdict, from the newest metrics.
        limits: one line for each threshold of this verdict, with its source.
        remedy: the one thing to do; None where there is none, or while a turned knob is given time.
        waiting: the step until which it is.
    """

    run: str
    verdict: Verdict
    word: str
    sentence: str
    numbers: tuple[tuple[str, str], ...]
    cause: str
    limits: tuple[str, ...]
    remedy: Remedy | None
    waiting: int | None = None

    @property
    def command(self) -> str:
        """The remedy on the command line; empty where there is no command for it."""
        if self.remedy is None or self.remedy.kind != "branch":
            return ""
        sets = " ".join(f"--set {name}={value}" for name, value in self.remedy.changes.items())
        return f"python -m gan_core branch {self.run} --step {self.remedy.step} {sets}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = asdict(self)
        flat = found.pop("verdict")
        return {"run": found.pop("run"), **flat, "alarm": self.verdict.alarm, **found}


def report_of(run: Run, class_names=()) -> Report:
    """The doctor's report on a run, from its folder alone; any process gives the same name."""
    verdict = verdict_of(run, class_names)
    evidence = evidence_of(run, class_names)
    situation = situation_of(run, verdict)
    return Report(
        run=run.id,
        verdict=verdict,
        word=WORDS[verdict.name].word,
        sentence=sentence(verdict.name, evidence),
        numbers=tuple(numbers(verdict.name, evidence)),
        cause=WORDS[verdict.name].cause,
        limits=limits_of(verdict.name, evidence.loss),
        remedy=remedy(verdict.name, situation),
        waiting=situation.waiting if verdict.name in CHOICES else None,
    )


def limits_of(name: str, loss: str) -> tuple[str, ...]:
    """The thresholds of a verdict under a loss, in words."""
    rows = []
    for key, row in TABLE.items():
        value = limit(key, loss)
        if key.startswith(f"{name}/") and value is not None:
            rows.append(f"{row.meaning[0].upper()}{row.meaning[1:]}: {value:g} ({row.source}).")
    return tuple(rows)
