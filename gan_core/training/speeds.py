"""How fast settings train on this machine, from like runs; else the table that the recipes carry."""

from __future__ import annotations

import functools
import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gan_core import recipes
from gan_core.config import SETTINGS, TrainConfig
from gan_core.startup import runtime

ENOUGH = 10.0  # seconds of training before a speed counts
NEWEST = 5  # like runs whose median counts: one that shared the machine does not decide alone
ALIKE = 0.1  # images seen may differ so much from those of its settings: else a knob was turned
STEADY = 3.0  # a run whose last seconds are so many times its mean stood still, or was not alone

# What decides the time of a step; the data set does so by its shape and its classes.
_DECIDE = tuple(setting for setting in SETTINGS.values() if setting.speed != "same")
TIMED = ((28, 28, 1), (2,))  # shapes of the data that a recipe's `ms_per_step` was measured on ...
TIMED_SIDES = ((28, 28, 3),)  # ... and, of two sides, also these: digits_and_paper


@dataclass(frozen=True)
class Speed:
    """Steps per second, and the runs that showed it, the newest first; none: the recipe's table."""

    steps_per_second: float
    run_ids: tuple[str, ...] = ()


def timed(recipe, shape: tuple[int, ...]) -> bool:
    """Whether a recipe's `ms_per_step` is that of data of this shape."""
    return shape in TIMED or (recipe.needs == "sides" and shape in TIMED_SIDES)


class Speeds:
    """What the runs of this folder say about the speed of settings.

    Args:
        summaries: of runs, the newest first.
        datasets: specs of all data sets; one that is not among them is like itself only.
    """

    def __init__(self, summaries: Iterable, datasets: Iterable):
        self._data = {spec.name: spec for spec in datasets}
        self._runs = [run for run in summaries if _counts(run)]

    def of(self, config: TrainConfig) -> Speed | None:
        """The median of the newest like runs; None where there is none."""
        wanted = config.model_dump()
        found = []
        for run in self._runs:
            if self._like(run.config, wanted):
                found.append(run)
                if len(found) == NEWEST:
                    break
        if not found:
            return None
        rate = statistics.median(run.step / run.wall_time for run in found)
        return Speed(rate, tuple(run.id for run in found))

    def table(self, config: TrainConfig) -> Speed | None:
        """What the recipe's own measurement on two cores says; None for settings it was not of."""
        recipe = recipes.get(config.recipe)
        spec = self._data.get(config.dataset)
        shape = spec.image_shape if spec else ()
        usual = recipes.config(config.recipe, config.dataset, spec).model_dump()
        if (
            not recipe.ms_per_step
            or not timed(recipe, tuple(shape))
            or not self._like(usual, config.model_dump())
        ):
            return None
        return Speed(1000 / recipe.ms_per_step)

    def _like(self, config: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
        """Whether two runs' settings make steps of the same work."""
        for setting in _DECIDE:
            own = self._meant(setting.name, config.get(setting.name, setting.default), config)
            other = self._meant(setting.name, wanted[setting.name], wanted)
            if setting.name == "precision" and "auto" in (own, other):
                continue  # its runs say what it came to
            if own != other and not (setting.speed == "switch" and bool(own) == bool(other)):
                return False
        return self._shape(config.get("dataset")) == self._shape(wanted["dataset"])

    def _meant(self, name: str, value: Any, config: Mapping[str, Any]) -> Any:
        dataset = config.get("dataset")
        spec = self._data.get(dataset) if isinstance(dataset, str) else None
        return recipes.meant(name, value, spec, config) if spec else value

    def _shape(self, name: Any) -> Any:
        if not isinstance(name, str):
            return None
        spec = self._data.get(name)
        return (spec.image_shape, spec.num_classes) if spec else name


@functools.cache
def _processor() -> str:
    return runtime.processor()


def _counts(run) -> bool:
    """Whether a run's mean speed is that of its settings on this machine.

    A branch carries the time of its parent, and what was unpacked may come from another machine.
    """
    if run.wall_time < ENOUGH or run.step <= 0 or run.parent or run.imported:
        return False
    if run.processor and run.processor != _processor():
        return False
    planned = run.config.get("batch_size", 0), run.config.get("n_critic", 0)
    if not math.isclose(run.images_seen, run.step * math.prod(planned), rel_tol=ALIKE):
        return False
    mean, last = run.step / run.wall_time, run.steps_per_second
    return not last or mean / STEADY <= last <= mean * STEADY


def planned_steps(config, speed: Speed | None) -> float | None:
    """Steps until the run ends; None where that depends on a speed nobody has measured."""
    by_time = None
    if config.num_minutes is not None:
        if speed is None:
            return config.num_steps
        by_time = config.num_minutes * 60 * speed.steps_per_second
    limits = [n for n in (config.num_steps, by_time) if n is not None]
    return min(limits) if limits else None


def planned_seconds(config, speed: Speed | None) -> float | None:
    """Training time until the run ends; None where it is unknown or has no end."""
    by_steps = None
    if config.num_steps is not None and speed is not None:
        by_steps = config.num_steps / speed.steps_per_second
    by_time = None if config.num_minutes is None else config.num_minutes * 60
    limits = [s for s in (by_steps, by_time) if s is not None]
    return min(limits) if limits else None
