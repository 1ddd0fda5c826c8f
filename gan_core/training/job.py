"""One run being advanced: by a thread in the app, by the main thread on the command line.

    READY --run--> RUNNING --pause--> PAUSED     terminal: FINISHED (limit reached), STOPPED, FAILED
                      ^------resume------'

Every end that is not a failure writes a checkpoint; a failure keeps the last good one.
"""

from __future__ import annotations

import contextlib
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from gan_core.config import PACE
from gan_core.errors import GanError, OpenFilesError, RunLockedError
from gan_core.runs.records import LIVE, State
from gan_core.runs.run import Run
from gan_core.storage import access
from gan_core.training import knobs, passing
from gan_core.training.commands import Commands
from gan_core.training.loop import NonFiniteError
from gan_core.training.observers import Observers
from gan_core.training.prepared import Prepared
from gan_core.training.snapshot import RunSnapshot, from_job, progress_of
from gan_core.training.status_file import StatusFile

NOBODY = Observers()


class TrainingJob:
    """Advances one run; commands return at once and take effect within one step.

    Args:
        run: the run's folder.
        open_session: (run, phase) -> training.session.Session; called by the worker.
        num_steps, num_minutes: limits; None is no limit.
        where: the worker of a cluster that this is, "" in a program of its own.
        observers: who looks on.
    """

    def __init__(
        self,
        run: Run,
        open_session: Callable[[Run, Callable[[str], None]], Any],
        *,
        num_steps: int | None,
        num_minutes: float | None,
        who: str = "page",
        where: str = "",
        observers: Observers = NOBODY,
    ):
        self.run_folder = run
        self._before = run.status()  # shown until the networks are there
        self.num_steps, self.num_minutes = num_steps, num_minutes
        self.who, self._where = who, where
        self._open_session, self._observers = open_session, observers
        self._state, self._phase, self._error = State.READY, "", ""
        self._wanted = Commands()
        self._thread: threading.Thread | None = None
        self._ready: Prepared | None = None  # as soon as it is prepared
        self._status = StatusFile(run, owner=who, where=where)

    # ---- commands, from any thread ----

    def start(self) -> None:
        """Train in a background thread."""
        self._thread = threading.Thread(target=self.run, name=self.run_folder.id, daemon=True)
        self._thread.start()

    @access.for_trainers
    def pause(self) -> None:
        """Hold after the current step; nothing is lost."""
        self._wanted.pause()

    @access.for_trainers
    def resume(self) -> None:
        """Go on from a pause."""
        self._error = ""
        self._wanted.resume()

    @access.for_trainers
    def stop(self) -> None:
        """End after the current step with a checkpoint; harmless when it has ended."""
        self._wanted.stop()

    def leave(self) -> None:
        """End after the current step with a checkpoint, because the program ends.

        The run reads interrupted afterwards, as after a crash: nobody wanted it to stop.
        """
        self._wanted.stop(leaving=True)

    @property
    def updates(self) -> tuple[str, ...]:
        """Networks that `step_once` can update alone; () until they are there."""
        return self._ready.session.algorithm.updates if self._ready else ()

    @access.for_trainers
    def step_once(self, which: str = "both") -> None:
        """Advance a paused run by one turn: of "both", or of one of the algorithm's `updates`."""
        self._wanted.send(lambda: self._single(which))

    @access.for_trainers
    def checkpoint_now(self) -> None:
        """Write a checkpoint and small weights before the next step."""
        self._wanted.send(self._checkpoint)

    @access.for_trainers
    def sample_now(self) -> None:
        """Draw the sample grid before the next step."""
        self._wanted.send(lambda: self._prepared.writers.samples.close())

    @access.for_trainers
    def measure_now(self) -> None:
        """Measure quality before the next step; nothing where quality is not measured."""
        self._wanted.send(lambda: self._prepared.writers.measure())

    @property
    def unmeasured(self) -> str:
        """Why quality cannot be measured; empty if it can, or if nobody knows yet."""
        return self._ready.writers.unmeasured if self._ready else ""

    @access.for_trainers
    def set_knobs(self, values: Mapping[str, float], *, who: str) -> None:
        """Change live settings before the next step; a checkpoint is written first."""
        self._wanted.send(lambda: self._turn_knobs(dict(values), who))

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread; whether it has ended."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def snapshot(self) -> RunSnapshot:
        """What is known now; never waits for the worker."""
        ready = self._ready
        return from_job(
            self.run_folder.id,
            self._state,
            ready.session if ready else None,
            ready.last if ready else None,
            self._before,
            num_steps=self.num_steps,
            num_minutes=self.num_minutes,
            phase=self._phase,
            error=self._error,
            knobs=ready.all_knobs if ready else {},
            steps_per_second=ready.steps_per_second if ready else 0.0,
            sample_step=ready.writers.samples.last_step if ready else None,
        )

    # ---- the worker ----

    @property
    def _prepared(self) -> Prepared:
        """What it works with, once `_prepare` is through."""
        if self._ready is None:
            raise RuntimeError("The run is not prepared yet.")
        return self._ready

    def run(self) -> State:
        """Train until a limit, a stop or a failure; returns the final state."""
        try:
            with self.run_folder.writer_lock():
                if self._observers.may_start():
                    self._work()
        except GanError as error:  # the lock is held elsewhere, or the folder is gone
            self._state, self._error = State.FAILED, str(error)
            if not isinstance(error, RunLockedError):  # then its status is its writer's
                self.run_folder.fail(str(error))
        return self._state

    def _work(self) -> None:
        try:
            self._set_state(State.RUNNING)
            self._prepare()
            self._train()
            self._end()
        except (NonFiniteError, GanError) as error:
            self._fail(str(error))
        except Exception as error:  # a bug: keep its traceback with the run
            self._fail(f"{type(error).__name__}: {error}", traceback.format_exc())

    def _prepare(self) -> None:
        session = self._open_session(self.run_folder, self._set_phase)
        ready = self._ready = Prepared(session, self._observers, num_steps=self.num_steps)
        self._log("resumed" if session.wall_time else "started", device=session.device)
        for step, reason in session.skipped:
            self._log("warning", text=f"Checkpoint {step} was skipped: {reason}")
        ready.writers.when_measurable(self._wanted.send)
        self._set_phase("drawing the first samples")
        ready.writers.start()
        self._set_phase("compiling the first step")

    def _train(self) -> None:
        ready, wanted = self._prepared, self._wanted
        while not ready.last.settled or not (wanted.stopping or self._limit_reached()):
            try:
                if not ready.last.settled:  # the rest of one call; commands wait for its end
                    self._advance(None)
                    continue
                wanted.obey()
                if wanted.paused and not wanted.stopping:
                    self._hold()
                elif not wanted.stopping:
                    self._go_on()
                    if ready.pace.wait(wanted.wake):
                        self._advance(None)
                        ready.writers.follow(slowly=ready.pace.steps_per_second > 0)
            except passing.CAUGHT as error:
                self._wait_for_room(passing.in_words(error, self.run_folder))

    def _wait_for_room(self, error: GanError) -> None:
        """Paused with a notice instead of being lost; what cannot be written now is left out."""
        alone = isinstance(error, OpenFilesError) and not self._wanted.paused
        self._error = str(error)
        self._wanted.pause(until_files=alone)
        if self._state != State.PAUSED:
            self._state = State.PAUSED  # in memory: the page shows it, whatever the disk takes
            with contextlib.suppress(*passing.PASSING):
                self._write_status()
                self._log("warning", text=f"Paused: {error}")

    def _limit_reached(self) -> bool:
        step, wall_time = self._prepared.last.step, self._prepared.session.wall_time
        return progress_of(step, self.num_steps, wall_time, self.num_minutes) >= 1.0

    def _advance(self, network: str | None) -> None:
        self._prepared.advance(network)
        self._observers.on_result(self._prepared.last)
        if self._phase:
            self._set_phase("")
        if self._status.due:
            self._write_status()

    def _single(self, which: str) -> None:
        """One turn by hand; what it changed is drawn at once, and it is in the log."""
        self._advance(which if which in self.updates else None)
        self._prepared.writers.samples.close()
        self._log("stepped", network=which)

    def _hold(self) -> None:
        """Wait in PAUSED until a command, a resume or a stop comes."""
        wanted = self._wanted
        if self._state != State.PAUSED:
            self._prepared.writers.checkpoint()
            self._set_state(State.PAUSED)
            self._log("paused")
        if not wanted.until_files:
            wanted.wake.wait()
        elif not wanted.wake.wait(passing.EVERY) and wanted.until_files and passing.can_open():
            self.run_folder.clear_remains()
            self.resume()

    def _go_on(self) -> None:
        if self._state == State.PAUSED:
            self._set_state(State.RUNNING)
            self._log("resumed")

    def _checkpoint(self) -> None:
        self._prepared.writers.checkpoint(weights=True)
        self._log("snapshot")

    def _turn_knobs(self, values: dict[str, float], who: str) -> None:
        ready = self._prepared
        if PACE in values:
            ready.pace.turn(values.pop(PACE))
        if values:
            ready.knobs = knobs.turn(ready.session, ready.writers, values, who)
        if self._where:  # whoever turned them looks there
            self._write_status()

    def _end(self) -> None:
        stopping, writers = self._wanted.stopping, self._prepared.writers
        if not stopping:
            writers.measure(last=True)
        passing.when_files_open(writers.close, self.run_folder)
        if self._wanted.leaving:  # on disk it still says running, and nobody holds the lock then
            self._write_status()
            self._log("interrupted")
            self._state = State.INTERRUPTED
            return
        self._set_state(State.STOPPED if stopping else State.FINISHED)
        self._log(self._state.value)

    def _fail(self, error: str, trace: str = "") -> None:
        self._error = error
        if trace:
            self.run_folder.log(trace)
        if self._ready is not None:
            self._ready.writers.close_logs()
        self._set_state(State.FAILED)
        self._log("failed", error=error)

    def _log(self, kind: str, **details) -> None:
        step = self._ready.last.step if self._ready else 0
        self.run_folder.log_event(kind, step=step, who=self.who, **details)

    def _set_phase(self, phase: str) -> None:
        self._phase = phase
        self._observers.on_phase(phase)
        self._write_status()

    def _set_state(self, state: State) -> None:
        self._state = state
        if state not in LIVE:
            self._phase = ""
        self._write_status()

    def _write_status(self) -> None:
        """How far it is, as soon as that is known; until then what is on disk stays."""
        self._status.write(
            state=self._state,
            phase=self._phase,
            error=self._error,
            num_steps=self.num_steps,
            num_minutes=self.num_minutes,
            knobs=self._ready.all_knobs if self._ready and self._where else None,
            **(self._ready.progress if self._ready else {}),
        )
