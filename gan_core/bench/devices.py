"""Several devices against one at the same batch of all, each in a process of its own and in turns.

One process shows all cores as one device and trains with all of them; the other shows them as several,
which have their share of the cores each.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from gan_core.errors import GanError
from gan_core.startup import devices

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
    given = (recipe, dataset, data_dir, choice, settings)
    with _training(1, given) as one, _training(replicas, given) as several:
        both, about = (one, several), {}
        for asked in both:
            about = _answer(asked)
            phase(f"compiled {recipe} for {about['devices']}")
        counts = [max(2, round(seconds / _asked(asked, 2)[0])) for asked in both]
        turns = [[_asked(a, n) for a, n in zip(both, counts, strict=True)] for _ in range(rounds)]
    alone, shared = (np.median(column, axis=0) for column in zip(*turns, strict=True))
    return about | {
        "recipe": recipe,
        "ms_one": 1000 * alone[0],
        "ms_several": 1000 * shared[0],
        "cpu_ms_one": 1000 * alone[1],
        "cpu_ms_several": 1000 * shared[1],
        "ratio": statistics.median(single[0] / many[0] for single, many in turns),
        "rounds": rounds,
    }


@contextlib.contextmanager
def _training(replicas: int, given: tuple) -> Iterator[Connection]:
    """The end of a pipe to a process that trains on so many devices: a number of steps in, seconds out."""
    spawned = multiprocessing.get_context("spawn")
    here, there = spawned.Pipe()
    process = spawned.Process(target=_train, args=(there, replicas, *given), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join(60)


def _asked(asked: Connection, steps: int) -> tuple[float, float]:
    asked.send(steps)
    return _answer(asked)


def _answer(asked: Connection):
    """What the process says.

    Raises:
        GanError: that it says, or that it ended.
    """
    try:
        told = asked.recv()
    except EOFError:
        raise GanError("The process that trains ended early; what it said is above.") from None
    if isinstance(told, GanError):
        raise told
    return told


def _train(
    told: Connection,
    replicas: int,
    recipe: str,
    dataset: str,
    data_dir: Path,
    choice: str,
    settings: dict,
) -> None:
    """The other process: what it trains on, and the seconds of as many steps as it is asked for."""
    if choice == "cpu":
        os.environ[devices.CPUS] = str(replicas)
    from gan_core import data, recipes
    from gan_core.startup import runtime
    from gan_core.training.session import build_algorithm

    try:
        runtime.start()
        names, loaded = devices.chosen(choice, replicas), data.load(dataset, data_dir)
        config = recipes.config(recipe, dataset, loaded.spec, **settings)
        algorithm = build_algorithm(config, loaded, names)
    except GanError as error:
        told.send(error)
        return
    _steps(algorithm, WARM)
    told.send({"devices": devices.in_words(names), "batch_size": config.batch_size})
    with contextlib.suppress(EOFError):
        while True:
            told.send(_steps(algorithm, told.recv()))


def _steps(algorithm, count: int) -> tuple[float, float]:
    """Seconds a step and seconds of processors, of `count` steps."""
    started = time.perf_counter(), time.process_time()
    for _ in range(count):
        np.asarray(algorithm.train_step())
    return (time.perf_counter() - started[0]) / count, (time.process_time() - started[1]) / count
