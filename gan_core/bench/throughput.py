"""Seconds a step of several training loops, measured in turns in one run on one machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from gan_core.bench import drawn
from gan_core.bench.contenders import Contender
from gan_core.bench.worker import Worker

# Who stands against whom: the same networks, batch and data, as written by us and by the tutorials.
PAIRS = (
    Contender("dcgan"),
    Contender("baseline:tf_dcgan"),
    Contender("baseline:tf_dcgan", onednn=False),
    Contender("acgan"),
    Contender("baseline:tf_acgan"),
    Contender("fast_gan"),
    Contender("baseline:untuned"),
)
TRANSLATORS = {  # by the kind of data
    "pairs": ("twin:tf_pix2pix", "baseline:tf_pix2pix", "pix2pix"),
    "sides": ("twin:tf_cyclegan", "baseline:tf_cyclegan"),
}
WARM = 3  # steps that do not count: compilation, first allocations


def usual(dataset: str) -> tuple[Contender, ...]:
    """Who is measured on a data set where nobody is named."""
    kind = drawn.kind(dataset)
    return tuple(map(Contender, TRANSLATORS[kind])) if kind in TRANSLATORS else PAIRS


def throughput(
    contenders: Sequence[Contender],
    dataset: str,
    data_dir: Path,
    *,
    rounds: int,
    seconds: float,
    seed: int = 1,
    phase: Callable[[str], None] = lambda text: None,
) -> list[dict]:
    """Milliseconds a step: median, quartiles and least, images/s and GFLOP/s of each contender.

    Each round asks every contender for about `seconds` of steps, one after the other, so that a
    machine whose speed drifts is unfair to nobody; all others wait, idle.

    Args:
        rounds: at least 2.
        seconds: of one turn, per contender.
    """
    workers = []
    for contender in contenders:
        phase(f"starting {contender.title}")
        workers.append(Worker(contender, dataset, seed, data_dir))
    try:
        counts = [_turn_length(worker, seconds) for worker in workers]
        times: list[list[float]] = [[] for _ in workers]
        spent: list[list[float]] = [[] for _ in workers]
        for number in range(rounds):
            phase(f"round {number + 1} of {rounds}")
            for worker, count, found, cpu in zip(workers, counts, times, spent, strict=True):
                told = worker.ask(do="steps", count=count)
                found.append(told["seconds"] / count)
                cpu.append(told["cpu_seconds"] / count)
    finally:
        for worker in workers:
            worker.close()
    each = zip(contenders, workers, times, spent, strict=True)
    return [_row(*found) for found in each]


def _turn_length(worker: Worker, seconds: float) -> int:
    worker.ask(do="steps", count=WARM)
    one = worker.ask(do="steps", count=1)["seconds"]
    return max(1, round(seconds / one))


def _row(contender: Contender, worker: Worker, times: list[float], spent: list[float]) -> dict:
    low, middle, high = statistics.quantiles(times, n=4)
    batch, gflop = worker.about["batch_size"], worker.about["gflop"]
    return {
        "contender": contender.title,
        "batch_size": batch,
        "rounds": len(times),
        "ms_per_step": 1e3 * middle,
        "ms_low": 1e3 * low,
        "ms_high": 1e3 * high,
        "ms_least": 1e3 * min(times),
        "cpu_ms": 1e3 * statistics.median(spent),
        "images_per_second": batch / middle,
        "gflops": gflop / middle if gflop else None,
    }


def matrix_gflops(size: int = 1024, repeats: int = 20) -> float:
    """GFLOP/s of a plain float32 matrix product with TensorFlow: what this machine can reach."""
    import tensorflow as tf

    a = tf.random.stateless_normal([size, size], [1, 1])
    product = tf.function(lambda: tf.matmul(a, a), autograph=False)
    product()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        product()
        times.append(time.perf_counter() - start)
    return 2 * size**3 / statistics.median(times) / 1e9
