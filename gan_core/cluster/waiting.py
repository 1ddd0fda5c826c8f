"""Waiting for runs on a cluster, at a terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gan_core.runs.records import LIVE, State

if TYPE_CHECKING:
    from gan_core.lab import Lab

EVERY = 0.5  # seconds


def follow(
    lab: Lab,
    run_ids: Iterable[str],
    tell: Callable[[str], None],
    told_to_end: threading.Event | None = None,
) -> dict[str, State]:
    """Wait until none of these runs waits or trains any more; returns how each stands.

    Args:
        tell: told in words where a run is trained and how it ended, and what holds all of them up.
        told_to_end: stop waiting when it is set.
    """
    ended = told_to_end or threading.Event()
    seen: dict[str, str] = {}
    while True:
        left, waiting = 0, lab.queue()
        for run_id in run_ids:
            snapshot = lab.snapshot(run_id)
            left += snapshot.state in LIVE or run_id in waiting
            words = f"on {snapshot.where}" if snapshot.where else str(snapshot.state)
            if words != seen.get(run_id) and (snapshot.where or snapshot.state not in LIVE):
                seen[run_id] = words
                tell(f"{run_id}: {words}")
        problem = lab.jobs.problem
        if problem and seen.get("") != problem:
            tell(problem)
        seen[""] = problem
        if not left or ended.wait(EVERY):
            return {run_id: lab.snapshot(run_id).state for run_id in run_ids}
