"""Doing what the doctor proposes, through the same calls a person would use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gan_core.config import TrainConfig
from gan_core.doctor.remedies import Remedy
from gan_core.errors import GanError, RunError
from gan_core.runs.records import LIVE
from gan_core.storage import access

if TYPE_CHECKING:
    from gan_core.lab import Lab


FURTHER = 2000  # steps beyond the checkpoint that the child of an ended run trains


@access.for_trainers
def apply(lab: Lab, run_id: str, remedy: Remedy, *, who: str) -> str:
    """Apply a remedy; returns the run to watch from now on: the same one, or its child.

    Raises:
        RunError: the run is trained by another program, or the remedy is only for looking.
        ConfigError, CheckpointError: the change or the checkpoint cannot be used.
    """
    if remedy.kind == "knobs" and lab.store.get(run_id).status().state in LIVE:
        lab.job(run_id).set_knobs(remedy.changes, who=who)
        return run_id
    if remedy.kind == "stop":
        lab.job(run_id).stop()
        return run_id
    if remedy.kind == "show":
        raise RunError("There is nothing to change: look at the nearest real images on Explore.")
    _stop(lab, run_id)
    if remedy.kind == "restart":
        config = TrainConfig.from_dict(lab.store.get(run_id).config).replace(**remedy.changes)
        return _start_anew(lab, run_id, config, remedy, who)
    step = remedy.step if remedy.kind == "branch" else None
    step = _newest(lab, run_id) if step is None else step
    child = lab.branch(run_id, step, who=who, **remedy.changes, **_further(lab, run_id, step))
    lab.resume(child.id, who=who)
    return child.id


def _start_anew(lab: Lab, run_id: str, config: TrainConfig, remedy: Remedy, who: str) -> str:
    """A new run instead of the ill one; both say so in their events."""
    child = lab.start(config, who=who, note=f"{remedy.label}, instead of {run_id}")
    changes = remedy.changes
    ill, new = lab.store.get(run_id), lab.store.get(child)
    ill.log_event("restarted", step=ill.status().step, child=child, who=who, changes=changes)
    new.log_event("restarted", step=0, parent=run_id, who=who, changes=changes)
    return child


def _further(lab: Lab, run_id: str, step: int) -> dict:
    """A later limit for the child of a run that has ended at its own."""
    run = lab.store.get(run_id)
    if run.status().state in LIVE:
        return {}
    return {"num_steps": max(run.config["num_steps"] or 0, step + FURTHER), "num_minutes": None}


def _newest(lab: Lab, run_id: str) -> int:
    """The checkpoint from which an ended run goes on with other knobs."""
    from gan_core.runs.saved import checkpoints

    found = checkpoints.list_checkpoints(lab.store.get(run_id).path)
    if not found:
        raise RunError(f"{run_id} has no checkpoint to go on from.")
    return found[-1].step


def _stop(lab: Lab, run_id: str) -> None:
    """End the ill run if it is ours, so that its child need not wait for it."""
    try:
        job = lab.job(run_id)
    except GanError:
        return
    job.stop()
