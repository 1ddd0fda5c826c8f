"""A verdict with everything a person wants to know, the same for the page and the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.doctor import rulebook
from gan_core.doctor.doctor import HEALTHY, UNSURE, WARMING_UP, Verdict
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.record import blown_up, evidence_of, logged, verdict_of
from gan_core.doctor.remedies import Remedy, remedy
from gan_core.doctor.since import shown_since
from gan_core.doctor.thresholds import Threshold
from gan_core.doctor.treatment import situation_of
from gan_core.doctor.words import numbers, rule_now, sentence
from gan_core.runs.run import Run


@dataclass(frozen=True)
class Report:
    """What the doctor says of a run now.

    Attributes:
        verdict: its rule is the one that shows now, if one does, and since when that one shows.
        sentence, numbers: of that rule: as it shows now, else as it was when it fired.
        limits: one line for each threshold of this verdict, with its source.
        remedy: the one thing to do; None where there is none, or while a turned knob is given time.
        waiting: the step until which it is.
        tried: all that the doctor knows was tried in this family of runs.
        command: the remedy on the command line; empty where there is no command for it.
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
    tried: bool = False
    command: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = asdict(self)
        flat = found.pop("verdict")
        return {"run": found.pop("run"), **flat, "alarm": self.verdict.alarm, **found}


def report_of(run: Run, class_names=()) -> Report:
    """The doctor's report on a run, from its folder alone; any process gives the same name."""
    rules = rulebook.of_run(run)
    evidence = evidence_of(run, class_names)
    verdict = verdict_of(run, evidence, class_names)
    situation = situation_of(run, verdict, class_names)
    shown = _shown(run, verdict, evidence)
    text, facts = _said(run, shown, evidence)
    found = remedy(verdict.name, situation)
    waiting = situation.waiting if verdict.name in rules.remedies else None
    return Report(
        run=run.id,
        verdict=shown,
        word=rules.words[verdict.name].word,
        sentence=text,
        numbers=facts,
        cause=rules.words[verdict.name].cause,
        limits=limits_of(shown, evidence),
        remedy=found,
        waiting=waiting,
        tried=verdict.alarm and found is None and waiting is None,
        command=_command(run, found) if found is not None else "",
    )


def _command(run: Run, found: Remedy) -> str:
    """A remedy as a person would type it."""
    if found.kind == "branch":
        return f"python -m gan_core branch {run.id} --step {found.step}{_sets(found.changes)}"
    if found.kind != "restart":
        return ""
    recipe, dataset = run.config["recipe"], run.config["dataset"]
    own = recipes.config(recipe, dataset, run).model_dump()
    unsaid = {
        name: each.default for name, each in SETTINGS.items()
    }  # what runs of before are made with
    wanted = unsaid | run.config | found.changes
    others = {n: v for n, v in wanted.items() if n in own and own[n] != v and v is not None}
    return f"python -m gan_core train --recipe {recipe} --dataset {dataset}{_sets(others)}"


def _sets(changes: dict[str, Any]) -> str:
    return "".join(f" --set {name}={value}" for name, value in changes.items())


def _shown(run: Run, verdict: Verdict, e: Evidence) -> Verdict:
    """The verdict with the rule by which it shows now, and since when it shows by this one."""
    rule = rule_now(verdict.name, e)
    if not rule or rule == verdict.rule or _broke(run, verdict):
        return verdict
    return replace(verdict, rule=rule, since=shown_since(rule, e))


def _broke(run: Run, verdict: Verdict) -> bool:
    """Whether the verdict is that a number which is not finite ended the run."""
    return verdict.rule == "divergence/finite" and blown_up(run)


def _said(run: Run, verdict: Verdict, e: Evidence) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Sentence and numbers of the rule by which it shows now, else of the one that was logged."""
    name, rule = verdict.name, rule_now(verdict.name, e)
    if _broke(run, verdict):
        return run.status().error, (("at step", f"{verdict.step:,}"),)
    if not rule and name not in (HEALTHY, WARMING_UP):
        events = logged(run)
        if events and events[-1]["name"] == name:
            kept = [p for p in events[-1].get("numbers") or () if _is_pair(p)]
            facts = (*map(tuple, kept), ("at step", f"{events[-1]['step']:,}"))
            return events[-1]["text"], facts
    return sentence(name, e, verdict.rule), tuple(numbers(name, e, verdict.rule))


def _is_pair(found) -> bool:
    """Whether this is a label and a value; runs may come from elsewhere."""
    return isinstance(found, list) and len(found) == 2 and all(isinstance(x, str) for x in found)


def limits_of(verdict: Verdict, e: Evidence) -> tuple[str, ...]:
    """The thresholds behind a verdict under a loss, in words; those of its rule first."""
    name, rules = verdict.name, rulebook.get(e.rules)
    rule = verdict.rule if verdict.rule in rules.sentences else rule_now(name, e)
    heads = {rule.partition("/")[0] or "healthy"} if name == UNSURE else {name}
    rows = [key for key in rules.thresholds if key.partition("/")[0] in heads]
    rows = [k for k in sorted(rows, key=lambda k: k != rule) if e.limit_if_any(k) is not None]
    if name == UNSURE and rule.startswith("healthy/"):
        rows = rows[:1]  # the others are kept
    return tuple(_limit(rules.thresholds[k], e.limit(k), first=k == rule) for k in rows)


def _limit(threshold: Threshold, value: float, *, first: bool) -> str:
    """One threshold as a sentence; the first one needs no "or" before it."""
    text = threshold.meaning
    text = text.removeprefix("or: ") if first else text
    head = text if text.startswith(("g_", "d_")) else text[0].upper() + text[1:]
    return f"{head}: {value:g} ({threshold.source})."
