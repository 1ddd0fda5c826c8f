"""Sweeps through the queue of a server: started, watched, stopped, and taken up again.

What a sweep is follows from its runs (sweep.py): each carries its name. So a restart loses nothing:
what waited still waits, what was training is interrupted, and `go_on` takes up both.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from gan_core.errors import ConfigError, RunError
from gan_core.runs.records import LIVE, State
from gan_core.runs.searches import PRUNED
from gan_core.storage import access
from gan_core.sweeps.plan import Sweep, runs_of

if TYPE_CHECKING:
    from gan_core.lab import Lab
    from gan_core.runs.summaries import RunSummary

ENDED = frozenset({State.FINISHED, State.FAILED})


class Progress(NamedTuple):
    """Where a sweep stands: its runs, the oldest first, and how many are in which state."""

    name: str
    runs: tuple[RunSummary, ...]
    waiting: frozenset[str]  # ids in the queue

    def count(self, *states: State) -> int:
        """How many runs are in one of these states."""
        return sum(run.state in states for run in self.runs)

    @property
    def done(self) -> int:
        """Runs that have nothing left to do; those that a search ended early are of them."""
        return sum(run.state in ENDED or run.id in self.pruned for run in self.runs)

    @property
    def pruned(self) -> frozenset[str]:
        """Ids of runs that a search ended early."""
        found = (run for run in self.runs if run.state in (State.STOPPED, State.INTERRUPTED))
        return frozenset(run.id for run in found if PRUNED in run.tags)

    @property
    def going(self) -> bool:
        """Whether a run of it is training or waits its turn."""
        return any(run.state in LIVE or run.id in self.waiting for run in self.runs)

    @property
    def share(self) -> float:
        """Steps made of all steps, 0..1."""
        total = sum(run.num_steps or 0 for run in self.runs)
        made = sum(min(run.step, run.num_steps or 0) for run in self.runs)
        return made / total if total else 0.0


def sweeps(lab: Lab, summaries: Iterable[RunSummary]) -> list[Progress]:
    """All sweeps among the runs, the newest first."""
    groups: dict[str, list[RunSummary]] = {}
    for run in summaries:  # the newest first
        if run.sweep:
            groups.setdefault(run.sweep, []).append(run)
    waiting = frozenset(lab.queue()) if groups else frozenset()
    return [Progress(name, tuple(runs[::-1]), waiting) for name, runs in groups.items()]


@access.for_trainers
def start(lab: Lab, sweep: Sweep, *, who: str) -> list[str]:
    """Make the runs that are missing and queue all that are unfinished; returns their ids.

    Raises:
        ConfigError: the runs do not fit on the disk together.
        RunError: another server trains from this runs folder.
    """
    lab.jobs.require_turn()
    found = runs_of(lab, sweep)
    missing = [c for c, run in zip(sweep.configs, found, strict=True) if run is None]
    _check_disk(lab, missing)
    runs = []
    for config, run in zip(sweep.configs, found, strict=True):
        if run is None:
            run = lab.create(config, who=who, note=sweep.name)
            run.update_notes(who, tags=(sweep.name,))
        runs.append(run.id)
    for run_id in runs:
        _submit(lab, run_id, who)
    return runs


def _check_disk(lab: Lab, configs: list) -> None:
    needed = [lab.estimate(config) for config in configs]
    total = sum(each.disk_bytes for each in needed)
    if needed and total > needed[0].disk_free:
        raise ConfigError(
            f"These {len(configs)} runs need about {total / 1e6:,.0f} MB on the disk and "
            f"{needed[0].disk_free / 1e6:,.0f} MB are free. Plan fewer runs."
        )


def _submit(lab: Lab, run_id: str, who: str) -> bool:
    """Queue a run unless it has ended, trains already or waits already."""
    state = lab.store.get(run_id).status().state
    trains = state in LIVE or run_id == lab.active()  # the second before it has taken its lock
    if state in ENDED or trains or run_id in lab.queue():
        return False
    lab.resume(run_id, who=who)
    return True


@access.for_trainers
def go_on(lab: Lab, progress: Progress, *, who: str) -> int:
    """Queue every run that is unfinished again; returns how many."""
    lab.jobs.require_turn()
    count = 0
    for run in progress.runs:
        with contextlib.suppress(RunError):  # deleted meanwhile, or trained elsewhere
            count += _submit(lab, run.id, who)
    return count


@access.for_trainers
def stop(lab: Lab, progress: Progress) -> None:
    """Take what waits out of the queue and end what trains, with a checkpoint."""
    for run in progress.runs:
        with contextlib.suppress(RunError):  # it has just started, or ended
            lab.cancel(run.id)
    for run in progress.runs:
        with contextlib.suppress(RunError):
            lab.job(run.id).stop()
