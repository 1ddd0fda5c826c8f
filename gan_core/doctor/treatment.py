"""What choosing a remedy needs to know of a run's record: what was healthy, turned and tried before."""

from __future__ import annotations

from typing import Any

from gan_core import recipes
from gan_core.config import LIVE_KNOBS
from gan_core.doctor import rulebook
from gan_core.doctor.doctor import HEALTHY, Verdict
from gan_core.doctor.record import KIND, evidence_of, first_step, logged
from gan_core.doctor.remedies import BLAMED, RESTORED, Situation
from gan_core.errors import RunError
from gan_core.runs import lineage, run_ids
from gan_core.runs.quality import best_quality
from gan_core.runs.records import LIVE
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints

RELATIVES = 64  # runs of a family that are asked
JUDGED = 8  # checkpoints that are judged again, the newest first


def knob_turns(run: Run) -> list[tuple[int, list[str]]]:
    """(step, names) of every knob event, oldest first."""
    found = [e for e in run.events() if e.get("kind") == "knob" and isinstance(e.get("step"), int)]
    return [(e["step"], list(e.get("changes") or ())) for e in found]


def knobs_of(run: Run) -> dict[str, float]:
    """Live settings as the run's events leave them."""
    knobs = {name: run.config[name] for name in LIVE_KNOBS if name in run.config}
    for event in run.events():
        if event.get("kind") == "knob":
            knobs |= {name: pair[1] for name, pair in event.get("changes", {}).items()}
    return knobs


def healthy_stretches(run: Run) -> list[tuple[int, int]]:
    """(first, last) steps between which the log calls the run healthy, oldest first.

    The end is before the step at which the next verdict was first seen; of the newest one, the
    run's present step.
    """
    found, log = [], logged(run)
    for i, event in enumerate(log):
        if event["name"] == HEALTHY:
            after = log[i + 1] if i + 1 < len(log) else None
            found.append((event["step"], after["since"] - 1 if after else run.status().step))
    return [(first, last) for first, last in found if first <= last]


def worth_keeping(run: Run, verdict: Verdict) -> list[int]:
    """Steps up to which the newest checkpoint may be gone back to; none for a healthy run."""
    if verdict.name == HEALTHY:
        return []
    well = [last for _, last in healthy_stretches(run)[-1:]]
    if not verdict.alarm:
        return well
    recent = range(verdict.since - BLAMED, verdict.since + 1)
    return [*well, verdict.since, *(step for step, _ in knob_turns(run) if step in recent)]


def healthy_step(run: Run, before: int, class_names=()) -> int | None:
    """The newest checkpoint up to a step at which the run was healthy; None without one.

    The log must have called it so, and what is on disk of that step must still say so: a run of an
    earlier version may have been praised too soon. A branch begins as its parent was there.
    """
    stretches = healthy_stretches(run)
    stored = [c.step for c in checkpoints.list_checkpoints(run.path) if 0 < c.step <= before]
    inside = [s for s in stored if any(first <= s <= last for first, last in stretches)]
    for step in inside[::-1][:JUDGED]:
        evidence = evidence_of(run, class_names, step=step)
        if not rulebook.get(evidence.rules).doubts(evidence):
            return step
    fork = first_step(run) - 1
    parents = lineage.ancestors(run)[:1] if fork in stored else []
    healthy = any(healthy_step(parent, fork, class_names) == fork for parent, _ in parents)
    return fork if healthy else None


def kinds_tried(run: Run, name: str) -> frozenset[str]:
    """Kinds of remedies that were tried in the run's family; of knobs, those against one ailment."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [_oldest(run)]
    while waiting and len(seen) < RELATIVES:
        member = waiting.pop()
        if member.id in seen:
            continue
        seen.add(member.id)
        events = member.events()
        found |= {kind for i, e in enumerate(events) if (kind := _remedy_kind(e, events[:i], name))}
        children = [e["child"] for e in events if _link(e) and isinstance(e.get("child"), str)]
        waiting.extend(c for name in children if (c := _relative(run, name)) is not None)
    return frozenset(found)


def _link(event: dict[str, Any]) -> bool:
    return event.get("kind") in ("branched", "restarted")


def _remedy_kind(event: dict[str, Any], earlier: list[dict[str, Any]], name: str) -> str:
    """The kind of remedy that a run's event tells of; "" if it is none.

    A branch is one if it goes back to before an alarm that was known by then, with other settings,
    a turned knob if that ailment was the verdict; whoever did it.
    """
    if event.get("kind") == "restarted":
        return "restart"
    if event.get("kind") == "knob":
        said = [e.get("name") for e in earlier if e.get("kind") == KIND]
        return "knobs" if said[-1:] == [name] else ""
    if event.get("kind") != "branched" or not isinstance(event.get("child"), str):
        return ""
    alarms = [e for e in earlier if e.get("kind") == KIND and e.get("alarm")]
    step, changed = event.get("step"), event.get("changes")
    ill = isinstance(step, int) and any(
        isinstance(e.get("step"), int) and e["step"] >= step for e in alarms
    )
    treated = isinstance(changed, dict) and bool({*RESTORED} & {*changed})
    return "branch" if ill and treated else ""


def _oldest(run: Run) -> Run:
    seen = {run.id}
    while len(seen) < RELATIVES:
        parent = _parent(run)
        if parent is None or parent.id in seen:
            break
        seen.add(parent.id)
        run = parent
    return run


def _parent(run: Run) -> Run | None:
    """The run that this one branched from, or was started instead of."""
    if run.parent:
        return next((parent for parent, _ in lineage.ancestors(run)[:1]), None)
    names = [e.get("parent") for e in run.events() if e.get("kind") == "restarted"]
    return next((_relative(run, name) for name in names if isinstance(name, str)), None)


def _relative(run: Run, name: str) -> Run | None:
    """A run of the same folder; None if it is gone or cannot be read."""
    try:
        found = Run(run_ids.find(run.path.parent, name))
        _ = found.header
    except RunError:
        return None
    return found


def situation_of(run: Run, verdict: Verdict, class_names=()) -> Situation:
    """What choosing a remedy needs to know."""
    best, status, turned = best_quality(run.path), run.status(), knob_turns(run)
    recipe, dataset = run.config["recipe"], run.config["dataset"]
    own = recipes.config(recipe, dataset, run).model_dump()
    turns = {n: step for step, names in turned if step <= verdict.since for n in names}
    return Situation(
        config=run.config, own=own, knobs=knobs_of(run), since=verdict.since, turns=turns,
        healthy=lambda before: healthy_step(run, before, class_names),
        turned=max((step for step, _ in turned if step >= _first_named(run, verdict)), default=None),
        used=kinds_tried(run, verdict.name) if verdict.alarm else frozenset(),
        step=status.step, best=best.step if best else None, live=status.state in LIVE,
        rules=rulebook.name_of(run),
    )  # fmt: skip


def _first_named(run: Run, verdict: Verdict) -> int:
    """The step at which this ailment was named first in the run: knobs since then did not help."""
    named = [event["step"] for event in logged(run) if event["name"] == verdict.name]
    return min([*named, verdict.step])
