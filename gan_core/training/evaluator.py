"""Measures quality while a run trains: a full measurement now and then, a quick probe more often.

What is measured, and how often, is for the task's way of measuring to say (evaluation.measuring);
both look at the averaged networks as they are at that step, and together cost a small share of the
training time. What they took does not count as training: the job asks `take_uncounted`.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gan_core.evaluation import measuring
from gan_core.evaluation.features import cache_folder
from gan_core.evaluation.measure import Measurement, Probe
from gan_core.evaluation.measuring import Beside, Measuring
from gan_core.evaluation.run_evals import keep_eval
from gan_core.runs import searches
from gan_core.runs.quality import best_quality, decider_of
from gan_core.training.schedule import Schedule

SEED = 0
WARM_UP = 15.0  # seconds of training before anything is prepared: first digits come first
LEAVE = 20.0  # seconds that the end of the process waits for what is being prepared


class Evaluator:
    """A writer for a TrainingJob; silent until the real statistics are ready.

    They are prepared in a thread of their own, because a new judge takes up to 90 s. If that fails
    the run goes on unmeasured, with a warning in its events. A process that ends meanwhile waits
    for the thread to notice: TensorFlow crashes when Python goes while it computes.

    Args:
        session: training.session.Session.
        data_dir: where judges and real statistics are kept.
        way: of measuring (evaluation.measuring.of_session).
        count: outputs a measurement takes; None: as many as usual.
        every: measure at the multiples of this many steps instead of by time; 0: by time.
        on_best: called with the step when a measurement is the best so far, so that its weights
            can be kept.
        on_probe: called with (step, Probe), for the doctor.
        on_measure: called with each measurement as it is kept, for the doctor.
        on_ready: called from the preparing thread if somebody asked before all was ready; `answer`
            is then due, even in a run that takes no steps.
    """

    def __init__(
        self,
        session,
        data_dir: Path | str,
        way: Measuring,
        *,
        count: int | None = None,
        every: int = 0,
        on_best: Callable[[int], None] = lambda step: None,
        on_probe: Callable[[int, Probe], None] = lambda step, probe: None,
        on_measure: Callable[[dict], None] = lambda line: None,
    ):
        self.session, self.way = session, way
        usual = way.usual_count(session.dataset.spec)
        self.count = usual if count is None else count
        self.cache = cache_folder(data_dir)
        rhythm, stride = way.rhythm, session.config.steps_per_call
        self.measurements = Schedule(
            rhythm.measure, share=rhythm.measure_share, every=every, stride=stride
        )
        self.probes = Schedule(rhythm.probe, share=rhythm.probe_share)
        self.on_best, self.on_probe, self.on_measure = on_best, on_probe, on_measure
        self.on_ready: Callable[[], None] = lambda: None
        self.reference: Any = None  # the real side, as soon as it is prepared
        self._beside: Beside | None = None
        self.last: Measurement | None = None
        self.last_probe: Probe | None = None
        self.best_step: int | None = None
        self._best = float("inf")
        self._uncounted = 0.0
        self._wanted = False  # somebody asked before the real statistics were there
        self.problem = self._untold = ""
        self._thread: threading.Thread | None = None
        self._leaving = False  # the process ends: what is being prepared is of no use any more

    def start(self) -> None:
        """Prepare the real statistics once: in the background, or at once if that is quick."""
        if self.way.rhythm.at_once:
            self._prepare()
        elif self._thread is None:
            atexit.register(self._leave)
            self._thread = threading.Thread(target=self._prepare, name="evaluator", daemon=True)
            self._thread.start()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the real statistics; whether measuring is possible now."""
        self.start()
        if self._thread is not None:
            self._thread.join(timeout)
        return self.reference is not None

    def _prepare(self) -> None:
        try:
            reference = self.way.open_reference(
                self.session.config,
                self.session.dataset,
                self.cache,
                count=self.count,
                phase=self._go_on,
            )
            best = best_quality(self.session.run.path, (reference.extractor, reference.count))
            if best is not None:
                self.best_step, self._best = best.step, best.rank
            self.measurements.done(self.session.wall_time, reference.seconds)
            self._beside = self.way.beside(self.session, reference, seed=SEED)
            self.reference = reference
        except Exception as error:  # measuring must never end the training
            self.problem = self._untold = f"Quality is not measured: {error}"
        finally:
            atexit.unregister(self._leave)
        if self._wanted:
            self.on_ready()

    def _go_on(self, phase: str) -> None:
        """Prepare no further when the process ends; told what would come next."""
        if self._leaving:
            raise RuntimeError(f"The process ended before {phase}.")

    def _leave(self) -> None:
        self._leaving = True
        if self._thread is not None:
            self._thread.join(LEAVE)

    def on_result(self, result) -> None:
        self._tell()
        wall_time, rhythm = self.session.wall_time, self.way.rhythm
        if self.reference is None:
            if rhythm.at_once or wall_time >= WARM_UP:
                self.start()
            return
        young = not self.measurements.every and result.step < rhythm.first_step
        if self._wanted or (not young and self.measurements.due(result.step, wall_time)):
            self._wanted = False
            first = rhythm.at_once and self.last is None  # also measures the real side, once
            cost = self._timed(self.measure_now)
            self.measurements.done(wall_time, 0.0 if first else cost)
        elif self.probes.due(result.step, wall_time):
            first = self.last_probe is None  # compiles the sampling, once
            cost = self._timed(self.probe_now)
            self.probes.done(wall_time, 0.0 if first else cost)

    def _tell(self) -> None:
        """Put into the events, once, why nothing is measured."""
        if self._untold:
            step, text = self.session.algorithm.counters()["step"], self._untold
            self.session.run.log_event("warning", step=step, who="evaluator", text=text)
            self._untold = ""

    def answer(self) -> None:
        """What was asked for too early: the measurement, or in the events why there is none."""
        self._tell()
        if self._wanted and self.reference is not None:
            self._wanted = False
            self.measure_now()

    def _timed(self, action: Callable[[], object]) -> float:
        started = time.perf_counter()
        action()
        seconds = time.perf_counter() - started
        self._uncounted += seconds
        return seconds

    def take_uncounted(self) -> float:
        """Seconds of measuring since the last call, which are no training time."""
        seconds, self._uncounted = self._uncounted, 0.0
        return seconds

    def measure_last(self) -> None:
        """Measure the last step if that is possible: no later one could use what is prepared."""
        if self.reference is not None:
            self.measure_now()

    def measure_now(self) -> Measurement | None:
        """Measure this step, keep the result, and say so if it is the best.

        None if the real statistics are not ready: the step at which they are is then measured.
        """
        if self.reference is None:
            self._wanted = True  # first: the thread that prepares them looks at it last
            self.start()
        if self.reference is None or self._beside is None:
            return None
        self._wanted = False
        self.last = self._beside.measure()
        step = self.session.algorithm.counters()["step"]
        line = keep_eval(self.session.run, step, self.last, self.reference, seed=SEED)
        self.on_measure(line)
        score = line["values"].get(decider_of(line["extractor"], line["values"]))
        if score is not None and score < self._best:
            self.best_step, self._best = step, score
            self.on_best(step)
        return self.last

    def probe_now(self) -> Probe | None:
        """Probe this step; None if not ready."""
        if self.reference is None or self._beside is None:
            return None
        self.last_probe = self._beside.probe()
        self.on_probe(self.session.algorithm.counters()["step"], self.last_probe)
        return self.last_probe

    def close(self) -> None:
        """Nothing is open: results were stored as they came."""


def evaluator_of(session, data_dir: Path | str) -> Evaluator | None:
    """What measures a training; None where its task has no measure on its data.

    A run of a search is measured at the images at which the others are, the first ones too: it waits
    for the real statistics.
    """
    way, every = measuring.of_session(session), searches.rhythm(session.run)
    if not way:
        return None
    evaluator = Evaluator(session, data_dir, way, every=every)
    if every:
        evaluator.wait()
    return evaluator
