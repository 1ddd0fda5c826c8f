"""Going on with a run: checks that it can, its new limit, and the settings that may change then."""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from gan_core import recipes
from gan_core.config import LIMITS, SETTINGS, TrainConfig
from gan_core.errors import CheckpointError, ConfigError, RunError
from gan_core.runs.records import LIVE, Status
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.startup import runtime

KIND = "settings"  # of the event that keeps what was changed
FREE = tuple(s.name for s in SETTINGS.values() if s.resume and not s.limit)


def config_of(run: Run) -> TrainConfig:
    """The settings a run goes on with: those it was made with, and what was changed on resume.

    What an event of a run from elsewhere says that no setting can be is passed over.
    """
    config = TrainConfig.from_dict(run.config)
    for event in run.events():
        changes = event.get("changes") if event.get("kind") == KIND else None
        for name, pair in (changes if isinstance(changes, dict) else {}).items():
            if name in FREE and isinstance(pair, list) and len(pair) == 2:
                with contextlib.suppress(ConfigError):
                    config = config.replace(**{name: pair[1]})
    return config


def prepare(
    run: Run,
    *,
    who: str,
    num_steps: int | None,
    num_minutes: float | None,
    settings: dict[str, Any],
) -> None:
    """Set a run's new limit where one is given; None of both leaves the old one.

    Args:
        settings: also limits, and those that are free on resume: an event keeps these.

    Raises:
        RunError: it is being trained, or it has reached its limit and none larger was given.
        CheckpointError: it is a branch without the checkpoint that it began with.
        ConfigError: others of `settings` differ from the run's own; the text lists the differences.
    """
    status = run.status()
    if status.state in LIVE:
        raise RunError(f"{run.id} is {status.state} already.")
    config = config_of(run)
    changes = _allowed_changes(config, settings)
    refuse_without_start(run)
    limit = _limit(status, {"num_steps": num_steps, "num_minutes": num_minutes}, config, settings)
    if limit:
        _refuse_end(run.id, dataclasses.replace(status, **limit))
        run.write_status(**limit)
    else:
        _refuse_end(run.id, status)
    if changes:
        run.log_event(KIND, step=status.step, who=who, changes=changes)
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


def _limit(status: Status, given: dict, config: TrainConfig, settings: dict) -> dict[str, Any]:
    """The new limits; empty where none was given. One that is given takes the other's place."""
    typed = config.replace(**settings)
    wanted = {n: v for n, v in given.items() if v} | {
        n: getattr(typed, n) for n in LIMITS if n in settings
    }
    if not wanted:
        return {}
    before = (
        dict.fromkeys(LIMITS) if any(wanted.values()) else {n: getattr(status, n) for n in LIMITS}
    )
    return before | wanted


def _allowed_changes(config: TrainConfig, settings: dict[str, Any]) -> dict[str, list]:
    """{name: [old, new]} of what is free on resume; ConfigError if anything else differs."""
    wanted = config.replace(**settings)
    found = config.differences(wanted)
    changed = {n: v for n, v in found.items() if not SETTINGS[n].resume}
    if changed:
        rows = ", ".join(
            f"{n}: {own} in the run, {new} received" for n, (own, new) in changed.items()
        )
        raise ConfigError(
            f"A resumed run keeps its settings. Different: {rows}. "
            "Branch from a checkpoint to change them, or turn a live knob."
        )
    if "replicas" in found and (conflict := recipes.get(config.recipe).conflict(wanted)):
        raise ConfigError(f"{conflict}.")
    return {n: list(pair) for n, pair in found.items() if n in FREE}


def _note_other_versions(run: Run, step: int, who: str) -> None:
    """Say so where the numbers may differ from those of a run that never stopped."""
    now = runtime.versions()
    changed = [f"{n} {v} → {now[n]}" for n, v in run.versions.items() if n in now and now[n] != v]
    if changed:
        text = f"Numbers may differ from an unbroken run: {', '.join(changed)}."
        run.log_event("warning", step=step, who=who, text=text)
