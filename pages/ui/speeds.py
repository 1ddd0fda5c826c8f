"""How fast recipes train on this machine, from the runs so far; nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass

ENOUGH = 10.0  # seconds of training before a speed counts


@dataclass(frozen=True)
class Speed:
    """Steps per second, and the run that showed it."""

    steps_per_second: float
    run_id: str


def measured(summaries) -> dict[tuple[str, str], Speed]:
    """(recipe, data set) -> speed of the newest run of both that trained long enough."""
    found: dict[tuple[str, str], Speed] = {}
    for run in summaries:  # newest first
        if run.wall_time >= ENOUGH and run.step > 0:
            found.setdefault((run.recipe, run.dataset), Speed(run.step / run.wall_time, run.id))
    return found


def planned_steps(config, speed: Speed | None) -> float | None:
    """Steps until the run ends; None where that depends on a speed nobody has measured."""
    by_time = None
    if config.num_minutes is not None:
        if speed is None:
            return config.num_steps
        by_time = config.num_minutes * 60 * speed.steps_per_second
    limits = [n for n in (config.num_steps, by_time) if n is not None]
    return min(limits) if limits else None


def planned_seconds(config, speed: Speed | None) -> float | None:
    """Training time until the run ends; None where it is unknown or has no end."""
    by_steps = None
    if config.num_steps is not None and speed is not None:
        by_steps = config.num_steps / speed.steps_per_second
    by_time = None if config.num_minutes is None else config.num_minutes * 60
    limits = [s for s in (by_steps, by_time) if s is not None]
    return min(limits) if limits else None
