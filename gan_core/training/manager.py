"""Jobs of this process and the queue behind them: one trains, the others wait their turn."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from gan_core import files, locks
from gan_core.errors import RunError, RunLockedError
from gan_core.records import State
from gan_core.runs import RunStore
from gan_core.training.job import TrainingJob


class JobManager:
    """Starts runs, one at a time, in the order of a queue that survives a restart.

    Args:
        make_job: run id -> TrainingJob, ready to start.
    """

    def __init__(self, store: RunStore, make_job: Callable[[str], TrainingJob]):
        self.store, self._make_job = store, make_job
        self._jobs: dict[str, TrainingJob] = {}
        self._lock = threading.RLock()
        self._closing = False
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
    def _queue_path(self) -> Path:
        return self.store.root / "queue.json"

    def queue(self) -> list[str]:
        """Ids of waiting runs, the next one first."""
        try:
            waiting = files.read_json(self._queue_path)
        except RunError:
            return []
        known = set(self.store.ids())
        return [i for i in waiting if i in known] if isinstance(waiting, list) else []

    def active(self) -> str | None:
        """The run that this process is training, or None."""
        with self._lock:
            return next((i for i, j in self._jobs.items() if j.snapshot().active), None)

    def job(self, run_id: str) -> TrainingJob | None:
        """The job of a run that this process trains or trained, or None."""
        return self._jobs.get(run_id)

    def submit(self, run_id: str) -> None:
        """Start a run now, or put it at the end of the queue."""
        self.require_turn()
        with self._lock:
            if self.active() is None and not self.queue():
                self._start(run_id)
            else:
                self._write_queue([*(i for i in self.queue() if i != run_id), run_id])
                self.store.get(run_id).write_status(state=State.QUEUED)
        self.start_next()

    def start_next(self) -> None:
        """Start the first waiting run if none is training and no other server has the turn."""
        with self._lock:
            if not self.take_turn():
                return
            waiting = self.queue()
            if self._closing or self.active() is not None or not waiting:
                return
            self._write_queue(waiting[1:])
            self._start(waiting[0])

    def move_up(self, run_id: str) -> None:
        """One place nearer to the start of the queue."""
        with self._lock:
            waiting = self.queue()
            at = self._place(run_id, waiting)
            if at:
                waiting[at - 1], waiting[at] = waiting[at], waiting[at - 1]
                self._write_queue(waiting)

    def cancel(self, run_id: str) -> None:
        """Take a run out of the queue; it reads stopped and can be resumed."""
        with self._lock:
            waiting = self.queue()
            del waiting[self._place(run_id, waiting)]
            self._write_queue(waiting)
            self.store.get(run_id).write_status(state=State.STOPPED)

    def shutdown(self, timeout: float = 20.0) -> None:
        """Every job writes a checkpoint and reads interrupted; waiting runs keep waiting.

        Harmless when repeated.
        """
        with self._lock:
            self._closing = True
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

    def _write_queue(self, waiting: list[str]) -> None:
        files.write_json(self._queue_path, waiting)

    def _start(self, run_id: str) -> None:
        job = self._make_job(run_id)
        self._jobs[run_id] = job
        job.start()
        threading.Thread(target=self._when_done, args=(job,), daemon=True).start()

    def _when_done(self, job: TrainingJob) -> None:
        job.join()
        self.start_next()
