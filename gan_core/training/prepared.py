"""What a run trains with as soon as it is prepared: its session, its writers and its loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gan_core.config import PACE
from gan_core.training.loop import StepResult, train_loop
from gan_core.training.observers import Observers
from gan_core.training.pace import Pace
from gan_core.training.speed import Speed, Usual
from gan_core.training.writers import Writers


class Prepared:
    """Owned by the worker; others only look at it.

    Args:
        session: training.session.Session.
        num_steps: no call of several steps goes beyond it; None is no limit.

    Attributes:
        last: the newest StepResult; before the first step, the counters.
        knobs: live settings as the step uses them.
    """

    def __init__(self, session, observers: Observers, *, num_steps: int | None):
        self.session, self._num_steps = session, num_steps
        self.last = StepResult.of(session.algorithm.counters())
        self.knobs: dict[str, float] = session.algorithm.knobs()
        self.pace = Pace(session.config.steps_per_second, session.config.steps_per_call)
        self._speed, self._writing = Speed(), Usual(floor=4.0)
        self._turn: Callable[[str | None], StepResult] = self._first_turn
        self.writers = Writers(
            session,
            observers.extra_writers(session),
            observers.make_evaluator(session),
            observers.make_doctor(session),
        )

    @property
    def steps_per_second(self) -> float:
        """As they come."""
        return self.pace.shown(self._speed.steps_per_second)

    @property
    def all_knobs(self) -> dict[str, float]:
        """Live settings, the pace among them."""
        return self.knobs | {PACE: self.pace.steps_per_second}

    @property
    def progress(self) -> dict[str, Any]:
        """How far it is, as its status tells it (runs.records.Status)."""
        return {
            "step": self.last.step,
            "images_seen": self.last.images_seen,
            "wall_time": self.session.wall_time,
            "steps_per_second": self.steps_per_second,
        }

    def _first_turn(self, network: str | None) -> StepResult:
        loop = train_loop(
            self.session.algorithm,
            network,
            steps_per_call=self.session.config.steps_per_call,
            num_steps=self._num_steps,
        )
        self._turn = loop.send
        return next(loop)

    def advance(self, network: str | None) -> None:
        """One turn of the loop, of all networks or of one, and what the writers make of it."""
        result = self._turn(network)
        self.last, done = result, time.perf_counter()
        self.session.wall_time += result.seconds
        self.writers.on_result(result)
        spent = time.perf_counter() - done - self.writers.take_uncounted()
        writing = self._writing.counted(spent)
        self.session.wall_time += writing
        self._speed.add(result.seconds + writing)
