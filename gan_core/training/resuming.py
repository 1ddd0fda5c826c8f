"""Going on with a run: checks that it can, and its new limit."""

from __future__ import annotations

import dataclasses
from typing import Any

from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import CheckpointError, ConfigError, RunError
from gan_core.runs.records import LIVE, Status
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.startup import runtime


def prepare(
    run: Run,
    *,
    who: str,
    num_steps: int | None,
    num_minutes: float | None,
    settings: dict[str, Any],
) -> None:
    """Set a run's new limit where one is given; None of both leaves the old one.

    Raises:
        RunError: it is being trained, or it has reached its limit and none larger was given.
        CheckpointError: it is a branch without the checkpoint that it began with.
        ConfigError: `settings` differ from the run's own; the text lists the differences.
    """
    status = run.status()
    if status.state in LIVE:
        raise RunError(f"{run.id} is {status.state} already.")
    _refuse_changes(TrainConfig.from_dict(run.config), settings)
    refuse_without_start(run)
    if num_steps or num_minutes:
        limit = {"num_steps": num_steps, "num_minutes": num_minutes}
        _refuse_end(run.id, dataclasses.replace(status, **limit))
        run.write_status(**limit)
    else:
        _refuse_end(run.id, status)
    _note_other_versions(run, status.step, who)


def refuse_without_start(run: Run) -> None:
    """CheckpointError if a branch has no checkpoint: from noise it would not be that branch."""
    link = run.parent
    if link and not checkpoints.has_any(run.path):
        raise CheckpointError(
            f"{run.id} branched from {link.get('run')} at step {link.get('step')}, and that "
            "checkpoint is missing in it. Branch again and delete this run."
        )


def _refuse_end(run_id: str, status: Status) -> None:
    has = ""
    if status.num_steps is not None and status.step >= status.num_steps:
        has, limit = f"{status.step} steps", f"{status.num_steps} steps"
    elif status.num_minutes and status.wall_time >= 60 * status.num_minutes:
        has, limit = f"{status.wall_time / 60:.1f} minutes", f"{status.num_minutes:g} minutes"
    if has:
        raise RunError(
            f"{run_id} has trained {has} already, and its limit is {limit}. "
            "Give a larger total to train on."
        )


def _refuse_changes(config: TrainConfig, settings: dict[str, Any]) -> None:
    wanted = config.replace(**settings)
    changed = {n: v for n, v in config.differences(wanted).items() if not SETTINGS[n].resume}
    if changed:
        rows = ", ".join(
            f"{n}: {own} in the run, {new} received" for n, (own, new) in changed.items()
        )
        raise ConfigError(
            f"A resumed run keeps its settings. Different: {rows}. "
            "Branch from a checkpoint to change them, or turn a live knob."
        )


def _note_other_versions(run: Run, step: int, who: str) -> None:
    """Say so where the numbers may differ from those of a run that never stopped."""
    now = runtime.versions()
    changed = [f"{n} {v} → {now[n]}" for n, v in run.versions.items() if n in now and now[n] != v]
    if changed:
        text = f"Numbers may differ from an unbroken run: {', '.join(changed)}."
        run.log_event("warning", step=step, who=who, text=text)
