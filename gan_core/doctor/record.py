"""The doctor's findings in a run's folder: probes.jsonl and "verdict" events; any process reads them.

The name of the verdict is the last one that was logged, so that every process agrees; its numbers are
worked out anew from the newest metrics on disk. A run that was trained without a doctor is followed
through its newest metrics, so that a page of a long run costs what that of a short one does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gan_core import checkpoints, files, recipes, run_values
from gan_core.best import best_quality
from gan_core.config import LIVE_KNOBS
from gan_core.doctor.doctor import KEPT_PROBES, Doctor, Verdict
from gan_core.doctor.evidence import BASELINE, Evidence, baseline_of
from gan_core.doctor.remedies import BLAMED, Situation
from gan_core.doctor.thresholds import HISTORY
from gan_core.doctor.words import WORDS, numbers, sentence
from gan_core.records import LIVE
from gan_core.run import Run

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
    lines = run_values.read_all(stored, run_values.PROBE)
    found: list[dict[str, Any]] = []
    for line in lines:
        while found and found[-1]["step"] >= line["step"]:
            found.pop()
        found.append(line)
    return found


def log_verdict(run: Run, verdict: Verdict, evidence: Evidence) -> None:
    """Put a new verdict into the run's events."""
    run.log_event(
        KIND, step=verdict.step, who="doctor", name=verdict.name, word=WORDS[verdict.name].word,
        alarm=verdict.alarm, since=verdict.since, text=sentence(verdict.name, evidence),
        numbers=[list(pair) for pair in numbers(verdict.name, evidence)],
    )  # fmt: skip


def logged(run: Run) -> list[dict[str, Any]]:
    """The verdicts that were logged, oldest first; those beyond the present step were taken back."""
    step = run.status().step
    found: list[dict[str, Any]] = []
    for event in run.events():
        if not _is_verdict(event):
            continue
        while found and found[-1]["step"] >= event["step"]:
            found.pop()
        found.append(event)
    return [event for event in found if event["step"] <= step] if step else found


def _is_verdict(event: dict[str, Any]) -> bool:
    """Whether an event is a verdict as `log_verdict` writes it; runs may come from elsewhere."""
    known = event.get("kind") == KIND and event.get("name") in WORDS
    whole = all(isinstance(event.get(name), int) for name in ("step", "since"))
    return known and whole and all(isinstance(event.get(n), str) for n in ("word", "text"))


def last_verdict(run: Run) -> Verdict | None:
    """The last logged verdict; None for a run without."""
    found = logged(run)
    if not found:
        return None
    return Verdict(found[-1]["name"], int(found[-1]["step"]), int(found[-1]["since"]))


def stored_baseline(reader) -> dict[str, float]:
    """The baseline (evidence.baseline_of) of the metrics on disk; empty without any."""
    if reader is None:
        return {}
    early = reader.rows(*BASELINE)
    return baseline_of(early["step"].astype(np.int64), {n: early[n] for n in reader.names})


def evidence_of(run: Run, class_names=()) -> Evidence:
    """The newest evidence from the run's folder."""
    from gan_core.evaluation.run_evals import evals

    reader = run.metrics()
    steps, metrics = np.empty(0, np.int64), {}
    if reader is not None and len(reader):
        rows = reader.rows(max(reader.first_step, reader.last_step - HISTORY + 1))
        steps = rows["step"].astype(np.int64)
        metrics = {name: rows[name] for name in reader.names}
    first = run.parent["step"] if run.parent else 0
    return Evidence(
        loss=run.config.get("loss", ""), steps=steps, metrics=metrics, baseline=stored_baseline(reader),
        probes=[p for p in probes(run)[-KEPT_PROBES:] if p["step"] > first],
        evals=[e for e in evals(run) if e["step"] > first], class_names=class_names,
    )  # fmt: skip


def replay(run: Run, class_names=()) -> Doctor:
    """A doctor that has followed the newest REPLAYED steps of the run's folder."""
    from gan_core.evaluation.run_evals import evals

    reader = run.metrics()
    names = reader.names if reader else ()
    first = run.parent["step"] + 1 if run.parent else 1
    start = max(first, reader.last_step - REPLAYED + 1) if reader else first
    doctor = Doctor(run.config.get("loss", ""), names, class_names=class_names, first_step=start)
    doctor.memory.baseline = stored_baseline(reader)
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


def verdict_of(run: Run, class_names=()) -> Verdict:
    """The verdict on a run: the last logged one, else what following its metrics gives."""
    return last_verdict(run) or replay(run, class_names).verdict


def knob_turns(run: Run) -> list[tuple[int, list[str]]]:
    """(step, names) of every knob event, oldest first."""
    found = [e for e in run.events() if e.get("kind") == "knob" and isinstance(e.get("step"), int)]
    return [(e["step"], list(e.get("changes") or ())) for e in found]


def worth_keeping(run: Run, verdict: Verdict) -> list[int]:
    """Steps up to which the newest checkpoint may be gone back to; none for a healthy run."""
    if not verdict.alarm:
        return []
    recent = range(verdict.since - BLAMED, verdict.since + 1)
    return [verdict.since, *(step for step, _ in knob_turns(run) if step in recent)]


def knobs_of(run: Run) -> dict[str, float]:
    """Live settings as the run's events leave them."""
    knobs = {name: run.config[name] for name in LIVE_KNOBS if name in run.config}
    for event in run.events():
        if event.get("kind") == "knob":
            knobs |= {name: pair[1] for name, pair in event.get("changes", {}).items()}
    return knobs


def situation_of(run: Run, verdict: Verdict) -> Situation:
    """What choosing a remedy needs to know."""
    best, status = best_quality(run.path), run.status()
    own = recipes.config(run.config["recipe"], run.config["dataset"]).model_dump()
    turned = [step for step, _ in knob_turns(run)]
    turns = {n: step for step, names in knob_turns(run) if step <= verdict.since for n in names}
    stored = tuple(info.step for info in checkpoints.list_checkpoints(run.path))
    return Situation(
        config=run.config, own=own, knobs=knobs_of(run), since=verdict.since, checkpoints=stored,
        turns=turns,
        turned=max((step for step in turned if step >= verdict.step), default=None),
        step=status.step, best=best.step if best else None, live=status.state in LIVE,
    )  # fmt: skip
