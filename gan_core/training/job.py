"""One run being advanced: by a thread in the app, by the main thread on the command line.

    READY --run--> RUNNING --pause--> PAUSED     terminal: FINISHED (limit reached), STOPPED, FAILED
                      ^------resume------'

Every end that is not a failure writes a checkpoint; a failure keeps the last good one.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from gan_core.config import PACE
from gan_core.errors import GanError, OpenFilesError, RunLockedError
from gan_core.runs.records import LIVE, State
from gan_core.runs.run import Run
from gan_core.training import knobs, passing
from gan_core.training.loop import NonFiniteError, StepResult, train_loop
from gan_core.training.observers import Observers
from gan_core.training.pace import Pace
from gan_core.training.snapshot import RunSnapshot, from_job, progress_of
from gan_core.training.speed import Speed, Usual
from gan_core.training.status_file import StatusFile
from gan_core.training.writers import Writers

NOBODY = Observers()


class TrainingJob:
    """Advances one run; commands return at once and take effect within one step.

    Args:
        run: the run's folder.
        open_session: (run, phase) -> training.session.Session; called by the worker.
        num_steps, num_minutes: limits; None is no limit.
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
        observers: Observers = NOBODY,
    ):
        self.run_folder = run
        self._before = run.status()  # shown until the networks are there
        self.num_steps, self.num_minutes, self.who = num_steps, num_minutes, who
        self._open_session, self._observers = open_session, observers
        self._state, self._phase, self._error = State.READY, "", ""
        self._commands: queue.SimpleQueue = queue.SimpleQueue()
        self._wake = threading.Event()
        self._paused = self._stopping = self._leaving = False
        self._until_files = False  # paused by itself, until it may open files again
        self._thread: threading.Thread | None = None
        self._session: Any = None
        self._last: StepResult | None = None
        self._knobs: dict[str, float] = {}
        self._writers: Writers | None = None
        self._loop, self._speed, self._writing = None, Speed(), Usual(floor=4.0)
        self._pace = Pace()
        self._status = StatusFile(run, owner=who)

    # ---- commands, from any thread ----

    def start(self) -> None:
        """Train in a background thread."""
        self._thread = threading.Thread(target=self.run, name=self.run_folder.id, daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Hold after the current step; nothing is lost."""
        self._paused, self._until_files = True, False
        self._wake.set()

    def resume(self) -> None:
        """Go on from a pause."""
        self._paused = self._until_files = False
        self._error = ""
        self._wake.set()

    def stop(self) -> None:
        """End after the current step with a checkpoint; harmless when it has ended."""
        self._stopping = True
        self._wake.set()

    def leave(self) -> None:
        """End after the current step with a checkpoint, because the program ends.

        The run reads interrupted afterwards, as after a crash: nobody wanted it to stop.
        """
        self._leaving = True
        self.stop()

    @property
    def updates(self) -> tuple[str, ...]:
        """Networks that `step_once` can update alone; () until they are there."""
        return self._session.algorithm.updates if self._session else ()

    def step_once(self, which: str = "both") -> None:
        """Advance a paused run by one turn: of "both", or of one of the algorithm's `updates`."""
        self._send(lambda: self._single(which))

    def checkpoint_now(self) -> None:
        """Write a checkpoint and small weights before the next step."""
        self._send(self._checkpoint)

    def sample_now(self) -> None:
        """Draw the sample grid before the next step."""
        self._send(lambda: self._writers.samples.close())

    def measure_now(self) -> None:
        """Measure quality before the next step; nothing where quality is not measured."""
        self._send(lambda: self._writers.measure())

    @property
    def unmeasured(self) -> str:
        """Why quality cannot be measured; empty if it can, or if nobody knows yet."""
        evaluator = self._writers.evaluator if self._writers else None
        return evaluator.problem if evaluator is not None else ""

    def set_knobs(self, values: Mapping[str, float], *, who: str) -> None:
        """Change live settings before the next step; a checkpoint is written first."""
        self._send(lambda: self._turn_knobs(dict(values), who))

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the thread; whether it has ended."""
        if self._thread is None:
            return True
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _send(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.set()

    def snapshot(self) -> RunSnapshot:
        """What is known now; never waits for the worker."""
        return from_job(
            self.run_folder.id, self._state, self._session, self._last, self._before,
            num_steps=self.num_steps, num_minutes=self.num_minutes, phase=self._phase,
            error=self._error, knobs=self._knobs | self._paced(),
            steps_per_second=self._pace.shown(self._speed.steps_per_second),
            sample_step=self._writers.samples.last_step if self._writers else None,
        )  # fmt: skip

    def _paced(self) -> dict[str, float]:
        """The pace as a knob; a run whose networks are not there yet has none."""
        return {PACE: self._pace.steps_per_second} if self._knobs else {}

    # ---- the worker ----

    def run(self) -> State:
        """Train until a limit, a stop or a failure; returns the final state."""
        try:
            with self.run_folder.writer_lock():
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
        self._session = session
        self._pace = Pace(session.config.steps_per_second, session.config.steps_per_call)
        self._last = StepResult.of(session.algorithm.counters())
        self._knobs = session.algorithm.knobs()
        self._log("resumed" if session.wall_time else "started", device=session.device)
        for step, reason in session.skipped:
            self._log("warning", text=f"Checkpoint {step} was skipped: {reason}")
        self._writers = Writers(
            session,
            self._observers.extra_writers(session),
            self._observers.make_evaluator(session),
            self._observers.make_doctor(session),
        )
        self._writers.when_measurable(lambda: self._send(self._writers.evaluator.answer))
        self._set_phase("drawing the first samples")
        self._writers.start()
        self._set_phase("compiling the first step")

    def _train(self) -> None:
        while not self._last.settled or not (self._stopping or self._limit_reached()):
            try:
                if not self._last.settled:  # the rest of one call; commands wait for its end
                    self._advance(None)
                    continue
                self._obey()
                if self._paused and not self._stopping:
                    self._hold()
                elif not self._stopping:
                    self._go_on()
                    if self._pace.wait(self._wake):
                        self._advance(None)
                        self._writers.follow(slowly=self._pace.steps_per_second > 0)
            except passing.CAUGHT as error:
                self._wait_for_room(passing.in_words(error, self.run_folder))

    def _wait_for_room(self, error: GanError) -> None:
        """Paused with a notice instead of being lost; what cannot be written now is left out."""
        self._until_files = isinstance(error, OpenFilesError) and not self._paused
        self._error, self._paused = str(error), True
        if self._state != State.PAUSED:
            self._state = State.PAUSED  # in memory: the page shows it, whatever the disk takes
            with contextlib.suppress(*passing.PASSING):
                self._write_status()
                self._log("warning", text=f"Paused: {error}")

    def _limit_reached(self) -> bool:
        wall_time = self._session.wall_time
        return progress_of(self._last.step, self.num_steps, wall_time, self.num_minutes) >= 1.0

    def _advance(self, network: str | None) -> None:
        if self._loop is None:
            self._loop = train_loop(
                self._session.algorithm, network,
                steps_per_call=self._session.config.steps_per_call, num_steps=self.num_steps,
            )  # fmt: skip
            result = next(self._loop)
        else:
            result = self._loop.send(network)
        self._last, done = result, time.perf_counter()
        self._session.wall_time += result.seconds
        self._writers.on_result(result)
        spent = time.perf_counter() - done - self._writers.take_uncounted()
        writing = self._writing.counted(spent)
        self._session.wall_time += writing
        self._speed.add(result.seconds + writing)
        self._observers.on_result(result)
        if self._phase:
            self._set_phase("")
        if self._status.due:
            self._write_status()

    def _single(self, which: str) -> None:
        """One turn by hand; what it changed is drawn at once, and it is in the log."""
        self._advance(which if which in self.updates else None)
        self._writers.samples.close()
        self._log("stepped", network=which)

    def _obey(self) -> None:
        self._wake.clear()
        while not self._commands.empty():
            self._commands.get()()

    def _hold(self) -> None:
        """Wait in PAUSED until a command, a resume or a stop comes."""
        if self._state != State.PAUSED:
            self._writers.checkpoint()
            self._set_state(State.PAUSED)
            self._log("paused")
        if not self._until_files:
            self._wake.wait()
        elif not self._wake.wait(passing.EVERY) and self._until_files and passing.can_open():
            self.run_folder.clear_remains()
            self.resume()

    def _go_on(self) -> None:
        if self._state == State.PAUSED:
            self._set_state(State.RUNNING)
            self._log("resumed")

    def _checkpoint(self) -> None:
        self._writers.checkpoint(weights=True)
        self._log("snapshot")

    def _turn_knobs(self, values: dict[str, float], who: str) -> None:
        if PACE in values:
            self._pace.turn(values.pop(PACE))
        if values:
            self._knobs = knobs.turn(self._session, self._writers, values, who)

    def _end(self) -> None:
        if not self._stopping:
            self._writers.measure(last=True)
        passing.when_files_open(self._writers.close, self.run_folder)
        if self._leaving:  # what is on disk still says running, and nobody holds the lock then
            self._write_status()
            self._log("interrupted")
            self._state = State.INTERRUPTED
            return
        self._set_state(State.STOPPED if self._stopping else State.FINISHED)
        self._log(self._state.value)

    def _fail(self, error: str, trace: str = "") -> None:
        self._error = error
        if trace:
            self.run_folder.log(trace)
        if self._writers is not None:
            self._writers.close_logs()
        self._set_state(State.FAILED)
        self._log("failed", error=error)

    def _log(self, kind: str, **details) -> None:
        step = self._last.step if self._last else 0
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
        self._status.write(
            self._session, self._last, self._pace.shown(self._speed.steps_per_second),
            state=self._state,
            phase=self._phase, error=self._error, num_steps=self.num_steps,
            num_minutes=self.num_minutes,
        )  # fmt: skip
