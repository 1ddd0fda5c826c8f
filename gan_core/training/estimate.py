"""What a run will need, before it starts: memory and disk, from sizes alone; no TensorFlow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from gan_core import data, recipes, tasks
from gan_core.config import TrainConfig
from gan_core.runs.records import Notes
from gan_core.runs.saved.retention import WEIGHTS_SHARE
from gan_core.training.schedule import (
    EARLY_GRIDS,
    EARLY_WEIGHTS,
    sample_interval,
    weights_interval,
)

FLOAT = 4  # bytes
# A process with TensorFlow and Keras that has trained 200 steps of the smallest recipe: measured 590
# to 670 MB, `python -m gan_core.bench.start toy_mlp ring DIR`.
RUNTIME_BYTES = 700_000_000
SAFETY = 0.9  # share of the free memory that a run may take: a choice, what others start needs some
STATE = 3  # numbers that go on with each trained one: itself and Adam's two moments
GRADIENTS = 1  # for each trained number, during a step
WRITING = 2  # times what a checkpoint holds, while it is written: it is copied first
DATA_COPIES = 2  # the arrays, and TensorFlow's own
# Peak of a step over what its layers put out once in G and twice in D, for real and fake images;
# measured as the growth with the batch: fast_gan 1.0, mlp_gan 1.2, wgan_gp 1.6, dcgan 1.8, toy_mlp
# 2.3, acgan 2.6. So this is what a step takes at most.
PEAK = 2.6
# Seconds of training whose pictures and small weights are counted: the small presets take four to six
# minutes on two cores (Recipe.typical_seconds), and after that they come ever more slowly.
LENGTH = 360
BESIDE_NEWEST = (
    2  # checkpoints that stay besides the newest: the best, and one from before an ailment
)


@dataclass(frozen=True)
class Estimate:
    """What a run needs and what there is, in bytes; `problem` says in words what does not fit."""

    memory_bytes: int
    memory_available: int
    disk_bytes: int
    disk_free: int
    problem: str = ""

    @property
    def fits(self) -> bool:
        return not self.problem


def estimate(config: TrainConfig, spec, runs_dir) -> Estimate:
    """Memory while training and disk when done, for settings on a data set."""
    sizes = recipes.get(config.recipe).sizes(config, spec)
    memory = (
        RUNTIME_BYTES
        + DATA_COPIES * spec.num_bytes
        + GRADIENTS * FLOAT * sizes.parameters
        + FLOAT * sizes.extra
        + WRITING * checkpoint_bytes(sizes)
        + _activation_bytes(config, sizes)
        + _other_replicas_bytes(config, sizes, spec.num_bytes)
    )
    grids = len(EARLY_GRIDS) + written(sample_interval, LENGTH)
    disk = _kept_bytes(config, sizes) + grids * tasks.of_config(config).preview_bytes(spec)
    available = data.available_memory()
    free = shutil.disk_usage(runs_dir).free
    return Estimate(
        memory, available, disk, free, _problem(config, sizes, memory, available, disk, free)
    )


def checkpoint_bytes(sizes) -> int:
    """Of the arrays of one checkpoint: all networks' state, averages of the shown ones, what is beside."""
    return FLOAT * (STATE * sizes.parameters + sizes.shown + sizes.extra)


def written(interval: Callable[[float], float], seconds: float) -> int:
    """How often something is written in so many seconds of training, by its interval."""
    count, at = 0, 0.0
    while at <= seconds:
        count, at = count + 1, at + interval(at)
    return count


def _activation_bytes(config: TrainConfig, sizes) -> int:
    return int(PEAK * FLOAT * config.batch_size * sizes.outputs)


def _other_replicas_bytes(config: TrainConfig, sizes, held: int) -> int:
    """What all but the first replica hold, where they are in this memory: state and data."""
    return (config.replicas - 1) * (checkpoint_bytes(sizes) + held) if config.device == "cpu" else 0


def _kept_bytes(config: TrainConfig, sizes) -> int:
    """Checkpoints and small weights that the rules of a new run keep, within their budget.

    The newest, the best and one from before an ailment, and the first of each so many steps.
    """
    rules = Notes()
    spread = (config.num_steps or 0) // rules.keep_every
    count = rules.keep_last + BESIDE_NEWEST + spread
    one = checkpoint_bytes(sizes)
    full = count * one
    stored = len(EARLY_WEIGHTS) + written(weights_interval, LENGTH)
    weights = stored * FLOAT * sizes.shown
    least = (rules.keep_last + BESIDE_NEWEST) * one
    return max(least, min(full, rules.budget_bytes)) + min(
        weights, int(WEIGHTS_SHARE * rules.budget_bytes)
    )


def _problem(config, sizes, memory: int, available: int, disk: int, free: int) -> str:
    if memory > SAFETY * available + RUNTIME_BYTES:
        received = ", ".join(f"`{name}={getattr(config, name)}`" for name in sizes.smaller)
        which = "it" if len(sizes.smaller) == 1 else "one of them"
        return (
            f"This run may need up to {memory / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB "
            f"are free. Received: {received}. Make {which} smaller."
        )
    if disk > free:
        return (
            f"This run may need up to {disk / 1e6:.0f} MB on the disk of the runs folder and "
            f"{free / 1e6:.0f} MB are free."
        )
    return ""
