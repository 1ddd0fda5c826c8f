"""What everyone may see of a run: a frozen picture, the same for running, foreign and ended ones."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from gan_core.runs.records import LIVE, State, Status
from gan_core.runs.run import Run


@dataclass(frozen=True)
class RunSnapshot:
    """The state of a run at one moment.

    Attributes:
        phase: what is being prepared ("importing TensorFlow"), empty while it trains.
        epoch: real images seen over the size of the training set; 0 if that is unknown.
        wall_time: seconds of training, without pauses and evaluation.
        seconds_left: None where there is no limit or no speed yet.
        progress: share of the limit reached, 0..1.
        metrics: of the last step; NaN values are left out.
        knobs: live settings, read back from the variables that the step uses.
        owned: it can be commanded: this process trains it, or a worker of a cluster does.
        where: the worker of a cluster that trains it, or "".
        queue_position: 1 is the next to start; None if it does not wait.
    """

    run_id: str
    state: State
    phase: str = ""
    step: int = 0
    num_steps: int | None = None
    num_minutes: float | None = None
    epoch: float = 0.0
    images_seen: int = 0
    wall_time: float = 0.0
    steps_per_second: float = 0.0
    images_per_second: float = 0.0
    seconds_left: float | None = None
    progress: float = 0.0
    metrics: dict[str, float] = field(default_factory=dict)
    knobs: dict[str, float] = field(default_factory=dict)
    error: str = ""
    owned: bool = False
    where: str = ""
    queue_position: int | None = None
    sample_step: int | None = None
    updated_at: float = 0.0

    @property
    def active(self) -> bool:
        """Whether it is being prepared, training or paused."""
        return self.state in LIVE


def progress_of(step: int, num_steps, wall_time: float, num_minutes) -> float:
    """Share of the nearer limit reached, 0..1; 0 without limits."""
    shares = [step / num_steps if num_steps else 0.0]
    shares.append(wall_time / (60 * num_minutes) if num_minutes else 0.0)
    return min(max(shares), 1.0)


def seconds_left(step, num_steps, wall_time, num_minutes, steps_per_second) -> float | None:
    """Training seconds until the nearer limit."""
    times = []
    if num_steps and steps_per_second > 0:
        times.append(max(num_steps - step, 0) / steps_per_second)
    if num_minutes:
        times.append(max(60 * num_minutes - wall_time, 0.0))
    return min(times) if times else None


def from_job(
    run_id: str, state: State, session, last, before: Status, *, num_steps, num_minutes,
    steps_per_second: float, **facts,
) -> RunSnapshot:  # fmt: skip
    """The picture of a run that this process trains.

    Args:
        session: training.session.Session, or None while it is prepared.
        last: the newest StepResult, or None; then `before`, what is on disk, is shown.
        facts: phase, error, knobs and sample_step.
    """
    step = last.step if last else before.step
    seen = last.images_seen if last else int(before.images_seen)
    wall = session.wall_time if session else before.wall_time
    limit = (step, num_steps, wall, num_minutes)
    return RunSnapshot(
        run_id=run_id,
        state=state,
        step=step,
        num_steps=num_steps,
        num_minutes=num_minutes,
        epoch=seen / session.dataset.spec.num_train if session else 0.0,
        images_seen=seen,
        wall_time=wall,
        steps_per_second=steps_per_second,
        images_per_second=steps_per_second * seen / step if step else 0.0,
        seconds_left=seconds_left(*limit, steps_per_second),
        progress=progress_of(*limit),
        metrics=_metrics_of(session, last),
        owned=True,
        updated_at=time.time(),
        **facts,
    )


def _metrics_of(session, last) -> dict[str, float]:
    if session is None or last is None or last.values.size == 0:
        return {}
    pairs = zip(session.algorithm.metric_names, last.values, strict=True)
    return {n: float(v) for n, v in pairs if math.isfinite(v)}


def from_disk(run: Run, *, num_train: int = 0, queue_position: int | None = None) -> RunSnapshot:
    """The picture of a run that this process does not train."""
    status = run.status()
    steps = run.sample_steps()
    lost = status.state == State.QUEUED and queue_position is None  # killed before it was queued
    where = status.where if status.state in LIVE else ""
    return RunSnapshot(
        run_id=run.id,
        state=State.INTERRUPTED if lost else status.state,
        phase=status.phase if status.state in LIVE else "",
        metrics=_last_metrics(run),
        error=status.error,
        owned=bool(where),
        where=where,
        knobs=(status.knobs or {}) if where else {},
        queue_position=queue_position,
        sample_step=steps[-1] if steps else None,
        updated_at=status.updated_at,
        epoch=status.images_seen / num_train if num_train else 0.0,
        images_per_second=status.steps_per_second * _images_per_step(status),
        **_limits(status),
    )


def _limits(status: Status) -> dict:
    speed = status.steps_per_second
    limit = (status.step, status.num_steps, status.wall_time, status.num_minutes)
    return {
        "step": status.step,
        "num_steps": status.num_steps,
        "num_minutes": status.num_minutes,
        "images_seen": int(status.images_seen),
        "wall_time": status.wall_time,
        "steps_per_second": speed,
        "seconds_left": seconds_left(*limit, speed) if status.state in LIVE else None,
        "progress": progress_of(*limit),
    }


def _images_per_step(status: Status) -> float:
    return status.images_seen / status.step if status.step else 0.0


def _last_metrics(run: Run) -> dict[str, float]:
    reader = run.metrics()
    row = reader.last() if reader is not None else None
    if reader is None or row is None:
        return {}
    return {n: float(row[n]) for n in reader.names if math.isfinite(row[n])}
