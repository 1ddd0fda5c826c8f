"""Measures quality while a run trains: a full measurement now and then, a quick probe more often.

Both look at the averaged generator as it is at that step, and together cost under 5 % of the
training time. What they took does not count as training: the job asks `take_uncounted`.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_core.evaluation import extremes, points
from gan_core.evaluation.features import cache_folder
from gan_core.evaluation.gap import GapProbe, ScoreGap
from gan_core.evaluation.gap import values as gap_values
from gan_core.evaluation.measure import PROBE_COUNT, Measurement, Probe, measure, probe
from gan_core.evaluation.reference import Reference, open_reference
from gan_core.evaluation.run_evals import keep_eval
from gan_core.runs.quality import best_quality, frechet_of
from gan_core.tasks.synthesis import inputs_of
from gan_core.training.schedule import Schedule

CHUNK = PROBE_COUNT  # fakes a call
SEED = 0
WARM_UP = 15.0  # seconds of training before anything is prepared: first digits come first
LEAVE = 20.0  # seconds that the end of the process waits for what is being prepared
POINT_STEPS = 400  # before them points are only probed, for a short run is over in no time
POINT_SHARES = (0.08, 0.05)  # of the training time for measuring and probing points: it is short


def eval_interval(wall_time: float) -> float:
    """Seconds between measurements: 20 at first, then 5 % of the time trained so far."""
    return max(20.0, 0.05 * wall_time)


def point_eval_interval(wall_time: float) -> float:
    """The same for points: 2 at first."""
    return max(2.0, 0.05 * wall_time)


def point_probe_interval(wall_time: float) -> float:
    """Seconds between probes of points: 0.2 at first, then 1 % of the time trained so far."""
    return min(max(0.2, 0.01 * wall_time), 30.0)


def probe_interval(wall_time: float) -> float:
    """Seconds between probes: 2 at first, then 1 % of the time trained so far, at most 30."""
    return min(max(2.0, 0.01 * wall_time), 30.0)


class Evaluator:
    """A writer for a TrainingJob; silent until the real statistics are ready.

    They are prepared in a thread of their own, because a new judge takes up to 90 s. If that fails
    the run goes on unmeasured, with a warning in its events. A process that ends meanwhile waits
    for the thread to notice: TensorFlow crashes when Python goes while it computes.

    Args:
        session: training.session.Session.
        data_dir: where judges and real statistics are kept.
        count: fakes a measurement.
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
        *,
        count: int = 2000,
        every: int = 0,
        on_best: Callable[[int], None] = lambda step: None,
        on_probe: Callable[[int, Probe], None] = lambda step, found: None,
        on_measure: Callable[[dict], None] = lambda line: None,
    ):
        self.session, self.count = session, count
        self.cache = cache_folder(data_dir)
        stride = session.config.steps_per_call
        self.inputs = inputs_of(
            session.config, session.dataset.spec, session.algorithm.networks["generator"]
        )
        self.points = session.dataset.spec.kind == "points"
        if self.points:
            often, shares = (point_eval_interval, point_probe_interval), POINT_SHARES
        else:
            often, shares = (eval_interval, probe_interval), (0.03, 0.02)
        self.measuring = Schedule(often[0], share=shares[0], every=every, stride=stride)
        self.probing = Schedule(often[1], share=shares[1])
        self.on_best, self.on_probe, self.on_measure = on_best, on_probe, on_measure
        self.on_ready: Callable[[], None] = lambda: None
        self.reference: Reference | None = None
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
        """Prepare the real statistics once: in the background, but of points at once."""
        if self.points:
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
            reference = open_reference(
                self.session.dataset,
                self.cache,
                count=self.count,
                phase=self._go_on,
            )
            best = best_quality(self.session.run.path, (reference.extractor, self.count))
            if best is not None:
                self.best_step, self._best = best.step, best.value
            self.measuring.done(self.session.wall_time, reference.seconds)
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
        self._thread.join(LEAVE)

    def on_result(self, result) -> None:
        self._tell()
        wall_time = self.session.wall_time
        if self.reference is None:
            if self.points or wall_time >= WARM_UP:
                self.start()
            return
        young = self.points and not self.measuring.every and result.step < POINT_STEPS
        if self._wanted or (not young and self.measuring.due(result.step, wall_time)):
            self._wanted = False
            first = self.points and self.last is None  # also measures real points, once
            cost = self._timed(self.measure_now)
            self.measuring.done(wall_time, 0.0 if first else cost)
        elif self.probing.due(result.step, wall_time):
            first = self.last_probe is None  # compiles the sampling, once
            cost = self._timed(self.probe_now)
            self.probing.done(wall_time, 0.0 if first else cost)

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
        if self.reference is None:
            return None
        self._wanted = False
        step = self.session.algorithm.counters()["step"]
        if self.points:
            return self._keep(step, points.measure(self._draw_points(), self.reference))
        fakes, labels, rows = self._draw(self.count)
        found = measure(fakes, labels, self.reference)
        some = extremes.chosen(self.count)
        gap, scores = self._asked(fakes[some], rows[some])
        asked = None if labels is None else labels[some]
        judge = self.reference.judge
        extremes.keep(self.session.run, judge, fakes[some], asked, scores)
        return self._keep(step, replace(found, values=found.values | gap_values(gap)))

    def _keep(self, step: int, found: Measurement) -> Measurement:
        self.last = found
        line = keep_eval(self.session.run, step, found, self.reference, seed=SEED)
        self.on_measure(line)
        if _score(self.last.values) < self._best:
            self.best_step, self._best = step, _score(self.last.values)
            self.on_best(step)
        return self.last

    def probe_now(self) -> Probe | None:
        """Probe this step; None if not ready."""
        if self.reference is None:
            return None
        if self.points:
            self.last_probe = points.probe(self._draw_points(), self.reference)
        else:
            fakes, labels, rows = self._draw(PROBE_COUNT)
            found = probe(fakes, labels, self.reference)
            self.last_probe = replace(found, gap=self._asked(fakes, rows)[0])
        self.on_probe(self.session.algorithm.counters()["step"], self.last_probe)
        return self.last_probe

    def _draw_points(self) -> np.ndarray:
        """`count` points [N, 2] of the averaged generator, all in one call, as the grid does."""
        z, _, rows = self.inputs.draw(self.count, seed=SEED)
        return self.session.algorithm.sample(z, rows)

    def _asked(self, fakes: np.ndarray, rows: np.ndarray) -> tuple[ScoreGap, np.ndarray]:
        """What D says of these fakes and of real images: the gap, and the fakes' scores."""
        session = self.session
        asked = GapProbe(session.algorithm.networks["discriminator"], session.dataset)
        scores = asked.scores(fakes, rows)
        return asked.gap(scores), scores

    def _draw(self, count: int) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
        """Fakes in [-1, 1] of the averaged generator, their asked classes [N], these as rows."""
        z, labels, rows = self.inputs.draw(count, seed=SEED, shares=self.reference.label_shares)
        whole = -(-count // CHUNK) * CHUNK  # full chunks only: another size is another graph
        padded = [np.resize(a, (whole, a.shape[1])) for a in (z, rows)]
        fakes = [
            self.session.algorithm.sample(*(a[i : i + CHUNK] for a in padded))
            for i in range(0, whole, CHUNK)
        ]
        return np.concatenate(fakes)[:count], labels, rows

    def close(self) -> None:
        """Nothing is open: results were stored as they came."""


def _score(values: dict[str, float]) -> float:
    found = frechet_of(values)
    return float("inf") if found is None else found
