"""A run that a worker of a cluster trains: the commands of a job, through the run's folder."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping

from gan_core.config import TrainConfig
from gan_core.errors import ConfigError
from gan_core.runs import orders
from gan_core.runs.run import Run
from gan_core.storage import access
from gan_core.training.job import TrainingJob

EVERY = 0.2  # seconds between two looks for commands


class RemoteJob:
    """Commands as those of TrainingJob; they take effect when the worker has looked.

    Args:
        run: its folder, in which the commands are left.
        who: sends them.
    """

    updates: tuple[str, ...] = ()  # only the worker knows

    def __init__(self, run: Run, *, who: str = "page"):
        self.run_folder, self.who = run, who

    @access.for_trainers
    def pause(self) -> None:
        """Hold after the current step; nothing is lost."""
        self._send("pause")

    @access.for_trainers
    def resume(self) -> None:
        """Go on from a pause."""
        self._send("resume")

    @access.for_trainers
    def stop(self) -> None:
        """End after the current step with a checkpoint."""
        self._send("stop")

    @access.for_trainers
    def step_once(self, which: str = "both") -> None:
        """Advance a paused run by one turn; see TrainingJob."""
        self._send("step", network=which)

    @access.for_trainers
    def checkpoint_now(self) -> None:
        """Write a checkpoint and small weights."""
        self._send("checkpoint")

    @access.for_trainers
    def sample_now(self) -> None:
        """Draw the sample grid."""
        self._send("sample")

    @access.for_trainers
    def measure_now(self) -> None:
        """Measure quality; nothing where it is not measured."""
        self._send("measure")

    @access.for_trainers
    def set_knobs(self, values: Mapping[str, float], *, who: str) -> None:
        """Change live settings; a checkpoint is written first."""
        orders.send(self.run_folder, "knobs", who=who, values=dict(values))

    def _send(self, do: str, **details: str) -> None:
        orders.send(self.run_folder, do, who=self.who, **details)


class Listener:
    """Hands the commands in a run's folder to the job that trains it, from a thread of its own."""

    def __init__(self, job: TrainingJob):
        self.job, self._ended = job, threading.Event()
        self._thread = threading.Thread(target=self._listen, name="commands", daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._ended.wait(EVERY):
            for order in orders.take(self.job.run_folder):
                obey(self.job, order)


def obey(job: TrainingJob, order: Mapping) -> None:
    """Hand one command to the job; one that makes no sense is left out."""
    do, values = order["do"], order.get("values")
    if do == "knobs":
        if usable := _usable(values, job.snapshot().knobs):
            job.set_knobs(usable, who=str(order.get("who", "")))
    elif do == "step":
        job.step_once(str(order.get("network", "both")))
    else:
        calls = {"checkpoint": "checkpoint_now", "sample": "sample_now", "measure": "measure_now"}
        getattr(job, calls.get(do, do))()


def _usable(values: object, knobs: Mapping[str, float]) -> dict[str, float]:
    """Those of the values that this training has and that are in range."""
    found = {}
    for name, value in values.items() if isinstance(values, dict) else ():
        with contextlib.suppress(ConfigError):
            if name in knobs:
                found[name] = getattr(TrainConfig.from_dict({name: value}), name)
    return found
