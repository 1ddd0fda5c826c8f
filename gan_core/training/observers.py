"""Who looks on while a run trains, handed to the job from outside: it knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gan_core.training.loop import StepResult


@dataclass(frozen=True)
class Observers:
    """Makers of what needs the open training.session.Session, and what is told as it goes on.

    Attributes:
        extra_writers: (session) -> more writers, for example TensorBoard.
        make_evaluator: (session) -> training.evaluator.Evaluator, or None to measure nothing.
        make_doctor: (session) -> doctor.watch.DoctorWriter, or None.
        on_result: called with each StepResult by the worker.
        on_phase: called with what is being prepared, in words.
        may_start: asked by the holder of the run's lock, before anything is done; False: nothing is.
    """

    extra_writers: Callable[[Any], list] = lambda session: []
    make_evaluator: Callable[[Any], Any] = lambda session: None
    make_doctor: Callable[[Any], Any] = lambda session: None
    on_result: Callable[[StepResult], None] = lambda result: None
    on_phase: Callable[[str], None] = lambda phase: None
    may_start: Callable[[], bool] = lambda: True
