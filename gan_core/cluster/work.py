"""In a worker's process: a run as a task, which takes the run's lock and goes on where the last one died.

Dask loads this module into each worker (`preload`); the folders are those of its environment. A task
trains only after somebody tried the folder (`check`), and only a run that waits in the queue or whose
worker died, which it finds out as the holder of the run's lock. So the same task twice, an old task
that comes late, or one for a run that was cancelled does nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from pathlib import Path

from distributed import Reschedule, get_worker

from gan_core.cluster import shared
from gan_core.errors import RunError, RunLockedError
from gan_core.lab import Lab
from gan_core.runs import queue
from gan_core.runs.records import LIVE, State, stored_status
from gan_core.runs.run import Run
from gan_core.runs.store import default_runs_dir
from gan_core.startup import runtime
from gan_core.training.job import TrainingJob
from gan_core.training.remote import Listener

MARK = "GAN_CLUSTER_MARK"  # environment: the file that says that the folder was tried
LOOK = 0.2  # seconds between two looks whether it was
LEAVE = 20.0  # seconds for checkpoints when the worker is told to end
PATIENCE = 600.0  # seconds that a run's lock may stay held by a worker that was given up
WHO = "cluster"

_jobs: dict[str, TrainingJob] = {}
_leaving = threading.Event()


def dask_setup(worker) -> None:
    """Ctrl-C at a terminal is for the process above, which ends this one in order."""
    del worker
    runtime.in_terminal()
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


async def dask_teardown(worker) -> None:
    """Told to end: what is trained here writes a checkpoint first, and goes on elsewhere."""
    del worker
    _leaving.set()
    jobs = list(_jobs.values())
    for job in jobs:
        job.leave()
    end = time.monotonic() + LEAVE
    while _jobs and time.monotonic() < end:
        await asyncio.sleep(0.05)


async def check(token: str, theirs: str) -> str:
    """Try this worker's runs folder (shared.problem_with); from now on it trains if all is well."""
    problem = await asyncio.to_thread(shared.problem_with, default_runs_dir(), token, theirs)
    if not problem:
        Path(os.environ[MARK]).touch()
    return problem


def train(run_id: str) -> str:
    """The task: train this run to its end; returns the state in which it is then.

    Raises:
        Reschedule: this worker ends, another one goes on.
        RunLockedError: another program has held the run's lock for PATIENCE seconds.
    """
    while not Path(os.environ[MARK]).exists() and not _leaving.is_set():
        time.sleep(LOOK)
    lab, end = Lab(), time.monotonic() + PATIENCE
    run = lab.store.run(run_id)
    while not _leaving.is_set():
        if not run.is_locked():
            claim = Claim(run)
            state = _advance(lab, run, claim)
            if claim.asked and not (state == State.INTERRUPTED and _leaving.is_set()):
                return str(state)
        elif time.monotonic() > end:
            raise RunLockedError(f"{run_id} is being written by another process.")
        time.sleep(LOOK)
    raise Reschedule


class Claim:
    """Whether a task may train a run; asked by the job, which holds the run's lock by then."""

    def __init__(self, run: Run):
        self.run, self.asked = run, False

    def __call__(self) -> bool:
        """Take the run out of the queue; False if it neither waits nor was interrupted."""
        self.asked = True
        root, status = self.run.path.parent, stored_status(self.run.path)
        if self.run.id not in queue.waiting(root) and status.state not in LIVE:
            return False
        if status.state not in LIVE:  # first: killed in between, it was begun
            self.run.write_status(state=State.READY)
        queue.leave(root, self.run.id)
        return True


def _advance(lab: Lab, run: Run, claim: Claim) -> State:
    job = lab.make_job(run.id, who=WHO, where=str(get_worker().name), may_start=claim)
    with contextlib.suppress(RunError):
        if stored_status(run.path).state == State.PAUSED:  # it stays what somebody made it
            job.pause()
    _jobs[run.id] = job
    try:
        with Listener(job):
            return job.run()
    finally:
        del _jobs[run.id]
