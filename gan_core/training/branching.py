"""Branches: a child run that starts bit-equal to a checkpoint of its parent, with other settings."""

from __future__ import annotations

from typing import Any

from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import ConfigError
from gan_core.runs import inputs
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.runs.store import RunStore
from gan_core.startup import runtime
from gan_core.tasks import run_data


def branch(store: RunStore, run_id: str, step: int, *, who: str, changes: dict[str, Any]) -> Run:
    """Copy one checkpoint of `run_id` into a new run whose settings differ by `changes`.

    The child appears whole or not at all, and the parent stays untouched. Live knobs among the
    changes are turned before the first step.

    Raises:
        RunError, CheckpointError: no such run or checkpoint, or it is damaged.
        DiskFullError: there is no room for the child; nothing of it stays.
        ConfigError: a change that the checkpoint cannot take, or a value out of range.
    """
    parent = store.get(run_id)
    config = TrainConfig.from_dict(parent.config)
    child_config = config.replace(**changes)
    for name in config.differences(child_config):
        if not SETTINGS[name].branch:
            raise ConfigError(
                f"`{name}` cannot change in a branch: the checkpoint holds its networks. "
                f"Received: `{name}={changes[name]}`. Start a new run instead."
            )
    arrays, meta = checkpoints.load_checkpoint(parent.path, step)
    link = {"run": run_id, "step": step, "changes": changes}

    def fill(child: Run) -> None:
        inputs.copy(parent.path, child.path)
        checkpoints.save_checkpoint(child.path, step, arrays, _own_meta(meta))
        child.write_status(
            state=State.STOPPED, step=step, num_steps=child_config.num_steps,
            num_minutes=child_config.num_minutes, images_seen=meta.get("images_seen", 0),
            wall_time=meta.get("wall_time", 0.0), owner=who,
        )  # fmt: skip
        child.log_event("branched", step=step, who=who, parent=run_id, changes=changes)

    child = store.create_branch(
        child_config.model_dump(),
        versions=runtime.versions(),
        parent=link,
        data=run_data.for_branch(parent, step),
        fill=fill,
    )
    parent.log_event("branched", step=step, who=who, child=child.id, changes=changes)
    return child


def _own_meta(meta: dict[str, Any]) -> dict[str, Any]:
    """A manifest's free entries, without those that the new checkpoint writes itself."""
    return {k: v for k, v in meta.items() if k not in ("format", "step", "created_at", "files")}
