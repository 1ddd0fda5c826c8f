"""The doctor's findings in a run's folder: probes.jsonl and "verdict" events; any process reads them.

The name of the verdict is the last one that was logged, so that every process agrees, but nobody is
called healthy whose newest metrics show otherwise. A run that was trained without a doctor is followed
through its newest metrics, so that a page of a long run costs what that of a short one does.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import numpy as np

from gan_core.doctor import rulebook
from gan_core.doctor.doctor import HEALTHY, KEPT_PROBES, UNSURE, Doctor, Verdict
from gan_core.doctor.evidence import BASELINE, START, Evidence, baseline_of, counted, start_of
from gan_core.doctor.thresholds import HISTORY
from gan_core.doctor.words import numbers, sentence
from gan_core.runs import values
from gan_core.runs.lineage import line_of
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.storage import files

PROBES = "probes.jsonl"
KIND = "verdict"
REPLAYED = 2000  # newest steps that are followed where no doctor was there


def keep_probe(run: Run, line: dict[str, Any]) -> None:
    """Append a probe (evidence.probe_line) to the run."""
    files.append_jsonl(run.path / PROBES, line)


def probes(run: Run) -> list[dict[str, Any]]:
    """The kept probes, oldest first; steps that were trained again count once, the later time."""
    path = run.path / PROBES
    stored = files.read_jsonl(path) if path.exists() else []
    lines = values.read_all(stored, values.PROBE)
    found: list[dict[str, Any]] = []
    for line in lines:
        while found and found[-1]["step"] >= line["step"]:
            found.pop()
        found.append(line)
    return found


def log_verdict(run: Run, verdict: Verdict, evidence: Evidence) -> None:
    """Put a new verdict into the run's events, with the sentence and numbers of its rule."""
    said = (verdict.name, evidence, verdict.rule)
    run.log_event(
        KIND, step=verdict.step, who="doctor", name=verdict.name,
        word=rulebook.get(evidence.rules).words[verdict.name].word,
        alarm=verdict.alarm, since=verdict.since, rule=verdict.rule, text=sentence(*said),
        numbers=[list(pair) for pair in numbers(*said)],
    )  # fmt: skip


def logged(run: Run) -> list[dict[str, Any]]:
    """The verdicts that were logged, oldest first; those beyond the present step were taken back."""
    step = run.status().step
    found: list[dict[str, Any]] = []
    names = rulebook.of_run(run).words
    for event in run.events():
        if not _is_verdict(event, names):
            continue
        while found and found[-1]["step"] >= event["step"]:
            found.pop()
        found.append(event)
    return [event for event in found if event["step"] <= step] if step else found


def _is_verdict(event: dict[str, Any], names: Container[str]) -> bool:
    """Whether an event is a verdict as `log_verdict` writes it; runs may come from elsewhere."""
    known = event.get("kind") == KIND and event.get("name") in names
    whole = all(isinstance(event.get(name), int) for name in ("step", "since"))
    return known and whole and all(isinstance(event.get(n), str) for n in ("word", "text"))


def last_verdict(run: Run) -> Verdict | None:
    """The last logged verdict; None for a run without."""
    found = logged(run)
    if not found:
        return None
    last = found[-1]
    rule = last.get("rule")
    known = rule if isinstance(rule, str) else ""
    return Verdict(last["name"], int(last["step"]), int(last["since"]), known)


def stored_baseline(reader) -> dict[str, float]:
    """The baseline (evidence.baseline_of) of the metrics on disk; empty without any."""
    if reader is None:
        return {}
    early = reader.rows(*BASELINE)
    return baseline_of(early["step"].astype(np.int64), {n: early[n] for n in reader.names})


def stored_start(reader) -> dict[str, float]:
    """The start (evidence.start_of) of the metrics on disk; empty without any."""
    if reader is None:
        return {}
    first = reader.rows(1, START)
    return start_of(first["step"].astype(np.int64), {n: first[n] for n in reader.names})


def first_step(run: Run) -> int:
    """The first step of the run's own: after the fork, for a branch."""
    return (run.parent["step"] if run.parent else 0) + 1


def evidence_of(run: Run, class_names=(), *, step: int | None = None) -> Evidence:
    """The evidence from the run's folder, as it was at a step (None: the newest)."""
    from gan_core.evaluation.run_evals import evals

    reader, first = run.metrics(), first_step(run)
    steps, metrics = np.empty(0, np.int64), {}
    if reader is not None and len(reader):
        last = reader.last_step if step is None else min(step, reader.last_step)
        rows = reader.rows(max(reader.first_step, last - HISTORY + 1), last)
        steps = rows["step"].astype(np.int64)
        metrics = {name: rows[name] for name in reader.names}
    now = int(steps[-1]) if len(steps) else 0
    looked = [p for p in probes(run) if first <= p["step"] <= (step or p["step"])]
    measured = [e for e in evals(run) if first <= e["step"] <= (step or e["step"])]
    return Evidence(
        loss=run.config.get("loss", ""), steps=steps, metrics=metrics, evals=measured,
        baseline=stored_baseline(line_of(run)), start=stored_start(line_of(run)),
        probes=counted(looked[-KEPT_PROBES:], now, first, rulebook.name_of(run)),
        class_names=class_names, first=first, rules=rulebook.name_of(run),
    )  # fmt: skip


def replay(run: Run, class_names=()) -> Doctor:
    """A doctor that has followed the newest REPLAYED steps of the run's folder."""
    from gan_core.evaluation.run_evals import evals

    reader = run.metrics()
    names = reader.names if reader else ()
    first = first_step(run)
    start = max(first, reader.last_step - REPLAYED + 1) if reader else first
    doctor = Doctor(
        run.config.get("loss", ""),
        names,
        class_names=class_names,
        first_step=start,
        rules=rulebook.name_of(run),
    )
    doctor.memory.baseline = stored_baseline(line_of(run))
    doctor.memory.start = stored_start(line_of(run))
    waiting = sorted(
        [(p["step"], 0, doctor.see_probe, p) for p in probes(run)]
        + [(e["step"], 1, doctor.see_eval, e) for e in evals(run)],
        key=lambda item: item[:2],
    )
    while reader and (rows := reader.rows(start)).size:
        for row in rows:
            step = int(row["step"])
            while waiting and waiting[0][0] <= step:
                _, _, tell, line = waiting.pop(0)
                tell(line)
            doctor.see(step, np.array([row[name] for name in names], np.float32))
        start = int(rows["step"][-1]) + 1
    return doctor


def verdict_of(run: Run, evidence: Evidence, class_names=()) -> Verdict:
    """The verdict on a run: the last logged one, else what following its metrics gives.

    It is not healthy while the newest evidence says otherwise, and has diverged if that ended it.
    """
    found = last_verdict(run) or replay(run, class_names).verdict
    if not found.alarm and blown_up(run):
        step = run.status().step
        return Verdict("divergence", step, step, "divergence/finite")
    rules = rulebook.get(evidence.rules)
    shown = rules.doubts(evidence) if found.name == HEALTHY else []
    return Verdict(UNSURE, evidence.step, evidence.step, shown[0]) if shown else found


def blown_up(run: Run) -> bool:
    """Whether a number that is not finite ended the run (training.loop.NonFiniteError)."""
    status = run.status()
    ended = status.state == State.FAILED
    return ended and any(f" became {word}" in status.error for word in ("NaN", "infinite"))
