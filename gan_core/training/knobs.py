"""Turning live settings: a checkpoint first, so that the change can be taken back, and a note of it."""

from __future__ import annotations

from collections.abc import Mapping


def turn(session, writers, values: Mapping[str, float], who: str) -> dict[str, float]:
    """Change live settings of a training before its next step; all of them as they are now."""
    writers.checkpoint()
    before = session.algorithm.knobs()
    session.algorithm.set_knobs(values)
    writers.checkpoints.outdated()
    now = session.algorithm.knobs()
    changes = {name: [before[name], now[name]] for name in values if before[name] != now[name]}
    if changes:
        step = session.algorithm.counters()["step"]
        session.run.log_event("knob", step=step, who=who, changes=changes)
    return now
