"""Writers keep what training yields: metrics, sample grids, weights and checkpoints on disk.

Each has `on_result(result)`, called after every step, and `close()`. An error in one of them ends
the run visibly. Those that store what is trained are in saving.py.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gan_core import tasks
from gan_core.errors import RunError
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.storage import files
from gan_core.training.loop import NonFiniteError, StepResult, before
from gan_core.training.saving import CheckpointWriter, WeightsWriter
from gan_core.training.schedule import (
    EARLY_GRIDS,
    Schedule,
    sample_interval,
)

if TYPE_CHECKING:
    from gan_core.training.loop import StepResult

FOLLOW_EVERY = 0.4  # seconds between grids in slow motion: as often as a page looks


class MetricsLog:
    """Appends a row per step; visible to readers at least five times a second."""

    def __init__(self, session):
        self.session = session
        parent = session.run.parent
        first = StepResult.of(session.algorithm.counters())
        step = first.step
        self.writer = MetricsWriter(
            session.run.path,
            session.algorithm.metric_names,
            counters=tuple(first.updates),
            first_step=parent["step"] + 1 if parent else 1,
            keep_to_step=step,
        )
        self._flushed = time.monotonic()
        self._last = None

    def on_result(self, result) -> None:
        self._last = result
        self.writer.append(
            result.step, result.images_seen, self.session.wall_time,
            result.updates.values(), result.values,
        )  # fmt: skip
        if time.monotonic() - self._flushed > 0.2:
            self.flush()

    def flush(self) -> None:
        self.writer.flush()
        self._flushed = time.monotonic()

    def check_finite(self, arrays: dict[str, np.ndarray]) -> None:
        """NonFiniteError, with the last losses, if a weight is NaN or infinite."""
        algorithm = self.session.algorithm
        for name, array in arrays.items():
            if np.issubdtype(array.dtype, np.floating) and not np.isfinite(array).all():
                where = f"A weight in {name} became NaN or infinite at step"
                told = before(algorithm.metric_names, self._last)
                raise NonFiniteError(f"{where} {algorithm.counters()['step']}.{told}")

    def close(self) -> None:
        self.writer.close()


class SampleWriter:
    """Draws the previews of the run's task on a schedule, and the real images once."""

    def __init__(self, session):
        self.session = session
        config = session.config
        self.previews = tasks.of_config(config).previews(session.algorithm, config, session.dataset)
        self.schedule = Schedule(
            sample_interval, every=config.sample_every, stride=config.steps_per_call,
            early=EARLY_GRIDS,
        )  # fmt: skip
        self.last_step, self._drawn = -1, 0.0

    def start(self) -> None:
        """Real images, the layout and the first grid."""
        run, layout = self.session.run, self.session.run.path / "samples" / "grid.json"
        if layout.exists():
            with contextlib.suppress(RunError):
                self.previews = self.previews.like(files.read_json(layout))
        if run.reals_png() is None:
            run.write_reals(self.previews.reals())
            layout.parent.mkdir(exist_ok=True)
            files.write_json(layout, self.previews.header())
        step = self.session.algorithm.counters()["step"]
        if step in run.sample_steps():
            self.last_step = step
        else:
            self.write(step)
        self.schedule.done(self.session.wall_time, 0.0)

    def on_result(self, result) -> None:
        self.schedule.when_due(result.step, self.session.wall_time, self.write)

    def write(self, step: int) -> None:
        """Draw and store the grid of this step; the dense early ones need not outlive a power cut."""
        png = self.previews.draw(self.session.algorithm)
        self.session.run.write_sample(step, png, durable=not 0 < step <= EARLY_GRIDS[-1])
        self.last_step, self._drawn = step, time.monotonic()

    def follow(self) -> None:
        """Draw this step too, unless the last grid is only just there: in slow motion."""
        if time.monotonic() - self._drawn >= FOLLOW_EVERY:
            self.close()

    def close(self) -> None:
        """The last state is always shown."""
        step = self.session.algorithm.counters()["step"]
        if step != self.last_step:
            self.write(step)


class Writers:
    """All writers of a run: the four above, any extra ones (TensorBoard) and the evaluator.

    Args:
        evaluator: training.evaluator.Evaluator, or None; its best step is kept.
        doctor: doctor.watch.DoctorWriter, or None; sees all steps, probes and measurements.
    """

    def __init__(self, session, extra: list, evaluator=None, doctor=None):
        self.metrics = MetricsLog(session)
        self.samples = SampleWriter(session)
        self.weights = WeightsWriter(session, self.metrics)
        self.checkpoints = CheckpointWriter(session, self.metrics)
        self.extra = extra
        self._held: list[StepResult] = []
        self.evaluator = evaluator
        if evaluator is not None:
            evaluator.on_best = self._keep_best
        self.doctor = doctor
        if doctor is not None:
            doctor.keep = self._keep_healthy
            if evaluator is not None:
                evaluator.on_probe, evaluator.on_measure = doctor.on_probe, doctor.on_measure

    def start(self) -> None:
        """What a run shows before its first step."""
        self.samples.start()
        self.weights.start()

    def on_result(self, result) -> None:
        """Hand a step's result to every writer: metrics at once, the others when the weights are there."""
        self.metrics.on_result(result)
        self._held.append(result)
        if not result.settled:
            return
        steps, self._held = self._held, []  # first: a full disk below must not tell a step twice
        for writer in (self.samples, self.weights, self.checkpoints):
            writer.on_result(result)
        for writer in self.extra:
            for step in steps:
                writer.on_result(step)
        if self.evaluator is not None:
            self.evaluator.on_result(result)
        if self.doctor is not None:
            for step in steps:
                self.doctor.on_result(step)

    def follow(self, *, slowly: bool) -> None:
        """Keep the pictures up with a training that somebody slowed down to watch."""
        if slowly:
            self.samples.follow()

    def measure(self, *, last: bool = False) -> None:
        """Measure the quality of this step now, if it is measured at all; `last`: if all is ready."""
        if self.evaluator is not None:
            self.evaluator.measure_last() if last else self.evaluator.measure_now()

    @property
    def unmeasured(self) -> str:
        """Why quality cannot be measured; empty if it can, or if nobody knows yet."""
        return self.evaluator.problem if self.evaluator is not None else ""

    def when_measurable(self, send: Callable[[Callable[[], None]], None]) -> None:
        """`send`, from another thread, what answers a measurement that was asked for too early."""
        if self.evaluator is not None:
            self.evaluator.on_ready = lambda: send(self.evaluator.answer)

    def take_uncounted(self) -> float:
        """Seconds since the last call that are no training time."""
        return self.evaluator.take_uncounted() if self.evaluator is not None else 0.0

    def _keep_best(self, step: int) -> None:
        del step  # it is in evals.jsonl by now, where retention looks
        self.checkpoint(weights=True)

    def _keep_healthy(self, steps: list[int], healthy: bool) -> None:
        """Keep the last checkpoints from before an ailment; write one when the run is healthy."""
        if healthy:
            self.checkpoint()
        self.checkpoints.keep_before(steps)

    def checkpoint(self, *, weights: bool = False) -> None:
        """Store the present state now."""
        self.checkpoints.close()
        if weights:
            self.weights.close()

    def close(self) -> None:
        """Store everything of the last step and close."""
        self.samples.close()
        self.weights.close()
        self.checkpoints.close()
        self.close_logs()

    def close_logs(self) -> None:
        """Close the logs without storing weights, which may be broken."""
        for writer in (self.metrics, *self.extra):
            writer.close()
