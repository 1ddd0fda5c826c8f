"""The queue on a cluster: what waits is handed to Dask's scheduler, which finds a worker for it.

The order is that of queue.json as ever: no more runs are handed over than there are places for, so
that those behind can still be moved and cancelled. A run leaves the queue when a worker has its lock.
Any number of programs may hand over at once, and end while runs go on: the key of a task follows from
the run and the moment at which it was queued, and a task that comes twice does nothing (work.py).
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any

from gan_core.cluster import facts, shared
from gan_core.cluster.address import Address, parse, security
from gan_core.cluster.told import in_words, quiet, why
from gan_core.errors import ClusterError, GanError, RunError
from gan_core.runs import orders
from gan_core.runs.records import LIVE, State, stored_status
from gan_core.storage import access
from gan_core.training.job import TrainingJob
from gan_core.training.manager import JobManager

if TYPE_CHECKING:
    from pathlib import Path

    from distributed import Future

    from gan_core.lab import Lab

EVERY = 0.5  # seconds between two looks at the cluster and the queue
CONNECT = 5.0  # seconds until a scheduler must answer
LOST = ("cancelled", "lost")  # states of a task that nobody will do any more


def join(lab: Lab, address: str, tls: str | Path | None = None) -> ClusterJobs:
    """Let the Lab train on the cluster from now on instead of in a thread; returns its jobs.

    Args:
        address: tls://host:port of a scheduler, or tcp:// on this machine.
        tls: folder of the certificate; None: see address.tls_folder.

    Raises:
        ClusterError: the address, the certificate or the runs folder cannot be used, or the package
            is missing. A scheduler that does not answer is waited for.
    """
    require()
    where = parse(address)
    lab.jobs = ClusterJobs(lab, where, security(where, tls))
    return lab.jobs


def require() -> None:
    """ClusterError in words where Dask distributed is not installed."""
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ClusterError("A cluster needs a package: `pip install distributed`.") from error


class ClusterJobs(JobManager):
    """Hands the queue to a scheduler; whatever trains is commanded through its run's folder.

    Attributes:
        address: of the scheduler.
        problem: why nothing can be handed over now, in words; "" if it can.
        workers: those that the scheduler knows.
        trained: name of a worker -> the run that it trains.
        looked: set once the cluster was asked, whether or not it answered.
    """

    def __init__(self, lab: Lab, address: Address, secure):
        super().__init__(lab.store, lab.make_job)
        self.address, self._security = address, secure
        self.cluster, self.trained, self.looked = str(address), {}, threading.Event()
        self._client: Any = None  # distributed.Client while there is a connection
        self._handed: dict[str, Future] = {}  # run id -> its task
        self._orphans: set[str] = set()  # runs whose task is lost, while their worker may still end
        self._checked: dict[str, str] = {}  # address of a worker -> what is wrong with its folder
        self._exit = contextlib.ExitStack()
        shared.require_locks(self.store.root)
        self._token = self._exit.enter_context(shared.probe(self.store.root))
        self._thread = threading.Thread(target=self._watch, name="cluster", daemon=True)
        self._thread.start()

    # ---- as the pages ask ----

    def take_turn(self) -> bool:
        """Any number of programs hand over runs of one folder."""
        return not self._closing

    def active(self) -> str | None:
        """The run that has been training longest on the cluster, or None."""
        return next(iter(self.trained.values()), None)

    def _trained(self) -> dict[str, str]:
        """Which run each worker trains, the oldest first."""
        live = [run.id for run in self.store.summaries()[::-1] if run.state in LIVE]
        found = {}
        for run_id in live:
            with contextlib.suppress(RunError):
                found[stored_status(self.store.root / run_id).where] = run_id
        found.pop("", None)  # by a program of its own
        return found

    def paused(self) -> str | None:
        """A paused run holds its worker, not the queue."""
        return None

    def job(self, run_id: str) -> TrainingJob | None:
        """None is trained in this process."""
        del run_id
        return None

    @access.for_trainers
    def submit(self, run_id: str) -> None:
        """Put a run at the end of the queue and hand it over when a place is free."""
        run = self.store.get(run_id)
        orders.clear(run)
        run.write_status(state=State.QUEUED)
        self._change_queue(lambda ids: [*(i for i in ids if i != run_id), run_id])
        self.start_next()

    @access.for_trainers
    def start_first(self, run_id: str) -> None:
        """Put a waiting run at the front of the queue."""

        def to_the_front(ids: list[str]) -> list[str]:
            self._place(run_id, ids)
            return [run_id, *(i for i in ids if i != run_id)]

        self._change_queue(to_the_front)

    @access.for_trainers
    def cancel(self, run_id: str) -> None:
        """Take a run out of the queue, also one that was handed over and has not begun."""
        super().cancel(run_id)
        with self._lock:
            task = self._handed.pop(run_id, None)
        if task is not None:
            task.cancel()

    def shutdown(self, timeout: float = 20.0) -> None:
        """Go; what is trained and what was handed over goes on. Harmless when repeated."""
        self._closing = True
        self._ended.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)
        with self._lock:
            self._disconnect()
            self._exit.close()

    @property
    def places(self) -> int:  # type: ignore[override]  # as workers come; nobody sets it
        """Runs that can be trained at once, by workers whose folder was tried."""
        return sum(worker.places for worker in self.workers if worker.ready)

    # ---- handing over ----

    def start_next(self) -> None:
        """Hand over from the front of the queue as much as there are places for."""
        with self._lock:
            if self._closing or self._client is None:
                return
            busy = {*self._handed, *self.trained.values()}
            for run_id in self.queue():
                if len(busy) >= self.places:
                    return
                if run_id not in busy:
                    self._hand_over(run_id)
                    busy.add(run_id)

    def _hand_over(self, run_id: str) -> None:
        from distributed import fire_and_forget

        from gan_core.cluster.work import train

        try:
            moment = stored_status(self.store.root / run_id).updated_at
            wants_gpu = self.store.get(run_id).config.get("device") == "gpu"
        except GanError as error:
            self._change_queue(lambda ids: [i for i in ids if i != run_id])
            self.store.run(run_id).fail(str(error))
            return
        task = self._client.submit(
            train, run_id,
            key=f"{run_id} {moment}", pure=False,
            resources={facts.RUN: 1, **({facts.GPU: 1} if wants_gpu else {})},
        )  # fmt: skip
        fire_and_forget(task)
        self._handed[run_id] = task

    # ---- watching, in a thread of its own ----

    def _watch(self) -> None:
        while not self._ended.wait(EVERY if self._client else 0.0):
            try:
                if self._client is None:
                    self._connect()
                else:
                    self._look()
            except (OSError, GanError) as error:  # no scheduler, a full disk: try again
                self._say(why(error))
                self._ended.wait(EVERY)
            except Exception as error:  # of Dask's: an ended connection has many names
                self._say(why(error))
                self._disconnect()
                self._ended.wait(EVERY)

    def _say(self, reason: str) -> None:
        self.problem = f"The scheduler at {self.address} does not answer: {reason}"
        self.looked.set()

    def _connect(self) -> None:
        from distributed import Client

        with quiet():
            self._client = Client(
                str(self.address), security=self._security, timeout=CONNECT, name="ganscope",
                set_as_default=False, heartbeat_interval="5s",
            )  # fmt: skip
        self._checked.clear()

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        self._orphans |= self._handed.keys()
        self._handed.clear()
        self.workers, self.trained = (), {}
        if client is not None:
            with quiet(), contextlib.suppress(Exception):  # it may be half gone
                client.close(timeout=2)

    def _look(self) -> None:
        if self._client.status != "running":
            self._say("the connection ended")
            if self._client.status == "closed":  # else Dask tries by itself
                self._disconnect()
            return
        info = self._client.scheduler_info(n_workers=-1)
        self._check(info.get("workers", {}))
        self.workers, self.trained = facts.workers_of(info, self._checked), self._trained()
        self.problem = ""
        self.looked.set()
        self._settle()
        self._adopt()
        self.start_next()

    def _check(self, workers: dict) -> None:
        """Try the folder of each worker that is new; its tasks wait for that."""
        from gan_core.cluster.work import check

        self._checked = {a: words for a, words in self._checked.items() if a in workers}
        new = [a for a, w in workers.items() if facts.RUN in (w.get("resources") or {})]
        new = [address for address in new if address not in self._checked]
        if new:
            root = str(self.store.root)
            found = self._client.run(check, self._token, root, workers=new, on_error="return")
            self._checked |= {a: w if isinstance(w, str) else repr(w) for a, w in found.items()}

    def _settle(self) -> None:
        """Tasks that have ended; one that nobody will do any more is queued again."""
        with self._lock:
            done = {i: t for i, t in self._handed.items() if t.status != "pending"}
            for run_id in done:
                del self._handed[run_id]
        for run_id, task in done.items():
            with contextlib.suppress(GanError):
                self._end(run_id, task)

    def _end(self, run_id: str, task: Future) -> None:
        run = self.store.run(run_id)
        left = run.status().state == State.INTERRUPTED or run_id in self.queue()
        if task.status == "error" and left:
            self._change_queue(lambda ids: [i for i in ids if i != run_id])
            run.fail(in_words(task.exception()))
        elif task.status in LOST:
            self._orphans.add(run_id)

    def _adopt(self) -> None:
        """Queue again what was lost with its scheduler, as soon as its worker has ended."""
        for run_id in list(self._orphans):
            with contextlib.suppress(GanError):
                state = self.store.run(run_id).status().state
                if state in LIVE:
                    continue
                if state == State.INTERRUPTED:
                    self.submit(run_id)
            self._orphans.discard(run_id)
