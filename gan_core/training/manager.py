"""Jobs of this process and the queue behind them: one trains, the others wait their turn."""

from __future__ import annotations

import contextlib
import functools
import threading
import traceback
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gan_core.errors import GanError, RunError, RunLockedError
from gan_core.runs import queue as run_queue
from gan_core.runs.records import State, stored_status
from gan_core.runs.store import RunStore
from gan_core.storage import access, locks
from gan_core.training.job import TrainingJob

RETRY = 5.0  # seconds until a queue that could not be written is tried again


class Place(NamedTuple):
    """Where a run stands in the queue.

    Attributes:
        position: 1 is the next to start.
        before: ids of the waiting runs that start earlier, the next one first.
        active: the run that this process trains now, or None.
        paused: whether that one is paused: then nothing starts until somebody acts.
    """

    position: int
    before: tuple[str, ...]
    active: str | None
    paused: bool


class JobManager:
    """Starts runs, one at a time, in the order of a queue that survives a restart.

    Args:
        make_job: run id -> TrainingJob, ready to start.

    Attributes:
        cluster: address of the scheduler that is asked for workers; "" where runs are trained here.
        problem, workers, trained: see gan_core.cluster.ClusterJobs; empty here.
        places: runs that are trained at once.
    """

    cluster = problem = ""
    places = 1
    workers: tuple = ()
    trained: Mapping[str, str] = MappingProxyType({})

    def __init__(self, store: RunStore, make_job: Callable[[str], TrainingJob]):
        self.store, self._make_job = store, make_job
        self._jobs: dict[str, TrainingJob] = {}
        self._lock = threading.RLock()
        self._closing, self._ended = False, threading.Event()
        self._turn = contextlib.ExitStack()
        self._has_turn = False

    def take_turn(self) -> bool:
        """Be the one server that trains from this runs folder; False while another one is.

        Held until `shutdown`. A second server watches; when the first ends it can take its turn.
        """
        with self._lock:
            if not self._has_turn and not self._closing:
                with contextlib.suppress(RunLockedError):
                    path = self.store.root / ".server.lock"
                    self._turn.enter_context(locks.hold(path, "another server"))
                    self._has_turn = True
            return self._has_turn

    def require_turn(self) -> None:
        """RunError in words if another server trains from this runs folder."""
        if not self._closing and not self.take_turn():
            raise RunError(
                f"Another GANscope server uses {self.store.root}: train there. Here its runs can "
                "be watched, explored and compared."
            )

    @property
    def closing(self) -> bool:
        """Whether `shutdown` was called: nothing starts any more."""
        return self._closing

    def queue(self) -> list[str]:
        """Ids of waiting runs, the next one first."""
        return run_queue.waiting(self.store.root)

    def place(self, run_id: str) -> Place | None:
        """Where a run stands in the queue, and what holds it; None if it does not wait."""
        waiting, active = self.queue(), self.active()
        waiting = [i for i in waiting if i != active]  # put aside, see `start_first`; still ending
        if run_id not in waiting:
            return None
        at = waiting.index(run_id)
        return Place(at + 1, tuple(waiting[:at]), active, self.paused() is not None)

    def paused(self) -> str | None:
        """The run of this process that is paused and so holds the queue, or None."""
        active = self.active()
        job = self._jobs.get(active) if active else None
        return active if job is not None and job.snapshot().state == State.PAUSED else None

    def active(self) -> str | None:
        """The run that this process is training, or None."""
        with self._lock:
            return next((i for i, j in self._jobs.items() if j.snapshot().active), None)

    def job(self, run_id: str) -> TrainingJob | None:
        """The job of a run that this process trains or trained, or None."""
        return self._jobs.get(run_id)

    @access.for_trainers
    def submit(self, run_id: str) -> None:
        """Start a run now, or put it at the end of the queue."""
        self.require_turn()
        with self._lock:
            if self.active() is None and not self.queue():
                self._start(run_id)
            else:
                self._change_queue(lambda ids: [*(i for i in ids if i != run_id), run_id])
                self.store.get(run_id).write_status(state=State.QUEUED)
        self.start_next()

    def start_next(self) -> None:
        """Start the first waiting run if none is training and no other server has the turn.

        One that cannot be started is marked failed, with its reason, and the next one is tried.
        """
        with self._lock:
            if self._closing or not self.take_turn():
                return
            while self.active() is None and (waiting := self.queue()):
                self._change_queue(functools.partial(_without, waiting[0]))
                self._start_or_fail(waiting[0])

    @access.for_trainers
    def start_first(self, run_id: str) -> None:
        """Start a waiting run before a paused one, which writes a checkpoint and waits behind it.

        Raises:
            RunError: the run does not wait, or one is training that is not paused.
        """
        with self._lock:
            active = self.active()
            if active is not None and self.paused() is None:
                raise RunError(f"{active} is training. Pause or stop it first.")
            behind = [] if active is None else [active]

            def to_the_front(ids: list[str]) -> list[str]:
                self._place(run_id, ids)
                return [run_id, *behind, *(i for i in ids if i not in (run_id, *behind))]

            self._change_queue(to_the_front)
            if active is not None:
                self._jobs[active].stop()
        self.start_next()

    @access.for_trainers
    def move_up(self, run_id: str) -> None:
        """One place nearer to the start of the queue."""

        def nearer(ids: list[str]) -> list[str]:
            at = self._place(run_id, ids)
            if at:
                ids[at - 1], ids[at] = ids[at], ids[at - 1]
            return ids

        self._change_queue(nearer)

    @access.for_trainers
    def cancel(self, run_id: str) -> None:
        """Take a run out of the queue; it reads stopped and can be resumed."""

        def without(ids: list[str]) -> list[str]:
            del ids[self._place(run_id, ids)]
            return ids

        self._change_queue(without)
        if self.active() != run_id:  # else its job says how it ends
            self.store.get(run_id).write_status(state=State.STOPPED)

    def shutdown(self, timeout: float = 20.0) -> None:
        """Every job writes a checkpoint and reads interrupted; waiting runs keep waiting.

        Harmless when repeated.
        """
        with self._lock:
            self._closing = True
            self._ended.set()
            jobs = list(self._jobs.values())
        for job in jobs:
            job.leave()
        for job in jobs:
            job.join(timeout)
        with self._lock:
            self._has_turn = False
            self._turn.close()

    def _place(self, run_id: str, waiting: list[str]) -> int:
        if run_id not in waiting:
            raise RunError(
                f"{run_id} is not waiting. In the queue: {', '.join(waiting) or 'none'}."
            )
        return waiting.index(run_id)

    def _change_queue(self, edit: Callable[[list[str]], list[str]]) -> None:
        with self._lock:
            run_queue.change(self.store.root, edit)

    def _start(self, run_id: str) -> None:
        job = self._make_job(run_id)
        self._jobs[run_id] = job
        job.start()
        threading.Thread(target=self._when_done, args=(job,), daemon=True).start()

    def _start_or_fail(self, run_id: str) -> None:
        """Start a run whose turn has come; one that cannot be read reads failed afterwards."""
        run = self.store.run(run_id)
        try:
            stored_status(run.path)  # without its limits it would train for ever
            self._start(run_id)
        except GanError as error:
            self._jobs.pop(run_id, None)
            run.fail(str(error))
        except Exception as error:  # a bug: the runs behind it are not to wait for ever
            self._jobs.pop(run_id, None)
            run.fail(f"{type(error).__name__}: {error}", traceback.format_exc())

    def _when_done(self, job: TrainingJob) -> None:
        job.join()
        self._requeue(job.run_folder.id)
        tried = False
        while not tried and not self._ended.is_set():
            try:
                self.start_next()
                tried = True
            except GanError:  # the disk takes no queue now: the next one starts when it does
                self._ended.wait(RETRY)

    def _requeue(self, run_id: str) -> None:
        """A run that was put aside for another one waits now (see `start_first`)."""
        with self._lock, contextlib.suppress(GanError):
            if run_id in self.queue() and self.active() != run_id:
                self.store.get(run_id).write_status(state=State.QUEUED)


def _without(run_id: str, ids: list[str]) -> list[str]:
    return [i for i in ids if i != run_id]
