"""How the speed of a step grows with batch, image size, channels and width, one at a time.

On noise, because pixels do not change how long a step takes; networks and settings are a recipe's own.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from gan_core.data.base import Dataset, DatasetSpec

BASE = {"batch_size": 64, "size": 28, "channels": 1, "width": 32}
VALUES = {
    "batch_size": (16, 32, 64, 128, 256),
    "size": (28, 32, 64),
    "channels": (1, 3),
    "width": (16, 32, 64),
}
IMAGES = 2048
CLASSES = 10


def shapes() -> list[dict[str, int]]:
    """The base, and it with one value changed, in the order of the tables."""
    changed = [BASE | {name: value} for name, values in VALUES.items() for value in values]
    return [BASE, *(shape for shape in changed if shape != BASE)]


def growth(
    recipe: str,
    *,
    rounds: int,
    seconds: float,
    phase: Callable[[str], None] = lambda text: None,
) -> list[dict]:
    """A row a shape: median milliseconds a step, images/s and GFLOP/s.

    All are measured in turns, `rounds` times for about `seconds`, so that a machine whose speed
    drifts is unfair to none.

    Raises:
        ConfigError, DataError: the recipe cannot train on images of that shape.
    """
    loops = []
    for shape in shapes():
        phase(f"compiling {_words(shape)}")
        loops.append((shape, *_loop(recipe, shape)))
    times: list[list[float]] = [[] for _ in loops]
    for number in range(rounds):
        phase(f"round {number + 1} of {rounds}")
        for (_, step, _), found in zip(loops, times, strict=True):
            found += _timed(step, seconds)
    return [_row(s, gflop, t) for (s, _, gflop), t in zip(loops, times, strict=True)]


def _words(shape: dict[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in shape.items())


def _loop(recipe: str, shape: dict[str, int]):
    """(step, GFLOP of a step) of freshly compiled networks."""
    from gan_core import recipes
    from gan_core.bench.contenders import gflop_of
    from gan_core.errors import DataError
    from gan_core.training.session import build_algorithm

    dataset = noise(shape["size"], shape["channels"])
    misfit = recipes.get(recipe).misfit(dataset.spec)
    if misfit:
        raise DataError(f"`{recipe}` {misfit}.")
    config = recipes.config(
        recipe, "mnist_5k", batch_size=shape["batch_size"], width=shape["width"]
    )
    algorithm = build_algorithm(config, dataset)
    for _ in range(3):
        np.asarray(algorithm.train_step())
    return algorithm.train_step, gflop_of(algorithm.turn)


def noise(size: int, channels: int) -> Dataset:
    """Labelled images of noise, uint8 [2048, size, size, channels]."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (IMAGES, size, size, channels), dtype=np.uint8)
    labels = np.arange(IMAGES, dtype=np.int32) % CLASSES
    spec = DatasetSpec(
        "noise",
        "Noise",
        "images",
        images.shape[1:],
        CLASSES,
        tuple(map(str, range(CLASSES))),
        IMAGES,
        0,
        "generated",
        "none",
        "numpy",
    )
    return Dataset.of(spec, images, labels, images[:0], labels[:0])


def _timed(step: Callable, seconds: float) -> list[float]:
    """Seconds of each step, for about as long as asked."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        np.asarray(step())
        times.append(time.perf_counter() - start)
    return times


def _row(shape: dict[str, int], gflop: float | None, times: list[float]) -> dict:
    middle = statistics.median(times)
    return shape | {
        "ms_per_step": 1e3 * middle,
        "images_per_second": shape["batch_size"] / middle,
        "gflops": gflop / middle if gflop else None,
    }
