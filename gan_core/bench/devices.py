"""Several devices against one at the same batch of all, in one process and in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gan_core import data, recipes
from gan_core.startup import devices, runtime

WARM = 3  # steps that do not count: compilation, first allocations


def sharing(
    recipe: str,
    dataset: str,
    data_dir: Path,
    *,
    replicas: int,
    rounds: int,
    seconds: float,
    choice: str = "auto",
    phase: Callable[[str], None] = lambda text: None,
    **settings,
) -> dict:
    """Milliseconds a step of one device and of several, and how much of one's speed several have.

    Each round trains with both for about `seconds`; the ratio is the median of those of the rounds.

    Raises:
        ConfigError: there are not as many devices.
    """
    from gan_core.training.session import build_algorithm

    runtime.start()
    names = devices.chosen(choice, replicas)
    loaded, trained = data.load(dataset, data_dir), []
    config = recipes.config(recipe, dataset, loaded.spec.image_shape, **settings)
    for where in (names[0], names):
        phase(f"compiling {recipe} for {devices.in_words(where)}")
        trained.append(build_algorithm(config, loaded, where))
        _steps(trained[-1], WARM)
    counts = [max(2, round(seconds / _steps(algorithm, 2)[0])) for algorithm in trained]
    turns = [[_steps(a, n) for a, n in zip(trained, counts, strict=True)] for _ in range(rounds)]
    one, several = (np.median(column, axis=0) for column in zip(*turns, strict=True))
    return {
        "recipe": recipe,
        "batch_size": config.batch_size,
        "devices": devices.in_words(names),
        "ms_one": 1000 * one[0],
        "ms_several": 1000 * several[0],
        "cpu_ms_one": 1000 * one[1],
        "cpu_ms_several": 1000 * several[1],
        "ratio": statistics.median(single[0] / shared[0] for single, shared in turns),
        "rounds": rounds,
    }


def _steps(algorithm, count: int) -> tuple[float, float]:
    """Seconds a step and seconds of processors, of `count` steps."""
    started = time.perf_counter(), time.process_time()
    for _ in range(count):
        np.asarray(algorithm.train_step())
    return (time.perf_counter() - started[0]) / count, (time.process_time() - started[1]) / count
