"""The family of a run: its oldest ancestor and everything that branched from it, as a tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from gan_core.errors import RunError

if TYPE_CHECKING:
    from gan_core.runs.store import RunStore
    from gan_core.runs.summaries import RunSummary

MOST = 24  # members that are shown
GENERATIONS = 64  # that are followed upwards


class Member(NamedTuple):
    """One run of a family.

    Attributes:
        parent: id of the run that it branched from, None for the oldest.
        fork: the step of that checkpoint.
        changes: setting -> (value in the parent, own value) of what was changed.
    """

    run: RunSummary
    parent: str | None
    fork: int
    changes: dict[str, tuple[Any, Any]]


def family(store: RunStore, summaries: Iterable[RunSummary], run_id: str) -> list[Member]:
    """All members, each followed by its branches in the order of their forks; at most MOST."""
    known = {run.id: run for run in summaries}
    if run_id not in known:
        return []
    children: dict[str, list[str]] = {}
    for each in known.values():
        parent, _ = link_of(each, known)
        if parent:
            children.setdefault(parent, []).append(each.id)
    found: list[Member] = []
    waiting, seen = [_oldest(run_id, known)], set()
    while waiting and len(found) < MOST:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        found.append(_member(store, known[current], known))
        later = sorted(children.get(current, []), key=lambda i: (link_of(known[i], known)[1], i))
        waiting.extend(reversed(later))
    return found


def link_of(run: RunSummary, known: dict[str, RunSummary]) -> tuple[str | None, int]:
    """(parent's id, step) if the parent is still here; links that make no sense are none."""
    link = run.parent if isinstance(run.parent, dict) else {}
    parent, step = link.get("run"), link.get("step")
    if not isinstance(parent, str) or parent not in known or parent == run.id:
        return None, 0
    return (parent, step) if isinstance(step, int) and step >= 0 else (None, 0)


def _oldest(run_id: str, known: dict[str, RunSummary]) -> str:
    seen = {run_id}
    for _ in range(GENERATIONS):
        parent, _step = link_of(known[run_id], known)
        if parent is None or parent in seen:
            break
        seen.add(parent)
        run_id = parent
    return run_id


def _member(store: RunStore, run: RunSummary, known: dict[str, RunSummary]) -> Member:
    parent, fork = link_of(run, known)
    changes = run.parent.get("changes") if run.parent else None
    if parent is None or not isinstance(changes, dict):
        return Member(run, parent, fork, {})
    before = _settings(store, parent)
    return Member(run, parent, fork, {n: (before.get(n), v) for n, v in changes.items()})


def _settings(store: RunStore, run_id: str) -> dict[str, Any]:
    try:
        return store.get(run_id).config
    except RunError:
        return {}
