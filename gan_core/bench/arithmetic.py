"""Arithmetic of a step, and how fast it is done, beside a plain matrix product of the same machine.

Each is measured in turns with the product, so that a machine whose speed drifts is unfair to neither. The
share by processor time says how good the kernels are, that by time also how well the cores are used.
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gan_core import recipes
from gan_core.bench import drawn
from gan_core.bench.contenders import gflop_of
from gan_core.errors import ConfigError, unknown

INSTANT = "instant style"
# Who trains on what; a style needs a picture of so many pixels a side.
CASES = {
    "fast_gan": "mnist_5k",
    "pix2pix": "drawn_pairs_256",
    "fast_pix2pix": "edges_to_digits",
    "cyclegan": "drawn_sides_256",
    "fast_cyclegan": "digits_and_paper",
    "fastcut": "digits_and_paper",
    INSTANT: "256",
    "style_patches": "256",
}
SIZE = 1024  # of the matrices
WARM = 2  # steps that do not count: compilation, first allocations
# Sides of the maps that a layer of the painting network makes, over the picture's; all others 1/4.
SIDES = {
    "contract.conv1": 1,
    "contract.conv2": 2,
    "expand.conv1": 2,
    "expand.conv2": 1,
    "expand.conv3": 1,
}


class Work(NamedTuple):
    """Something that can be done again and again: `step` does `gflop` of arithmetic on so many images."""

    step: Callable[[], Any]
    gflop: float
    batch_size: int = 1


def arithmetic(
    names: Sequence[str], data_dir: Path, *, rounds: int, seconds: float,
    phase: Callable[[str], None] = lambda text: None,
) -> list[dict]:  # fmt: skip
    """A row a name of CASES: GFLOP and milliseconds a step, GFLOP/s of it and of a matrix product, shares.

    Args:
        rounds: turns of each.
        seconds: of one turn.

    Raises:
        ConfigError: a name that is none of CASES.
    """
    for name in names:
        if name not in CASES:
            raise ConfigError(unknown("case", name, list(CASES)))
    product = matrix_product()
    rows = []
    for name in names:
        phase(name)
        rows.append(_row(name, opened(name, data_dir), product, rounds, seconds))
    return rows


def opened(name: str, data_dir: Path) -> Work:
    """What a name of CASES does again and again."""
    if name == INSTANT:
        return instant(int(CASES[name]))
    if name == "style_patches":
        return _painting(name, int(CASES[name]))
    return _training(name, drawn.load(CASES[name], data_dir))


def _training(recipe: str, dataset) -> Work:
    from gan_core.training.session import build_algorithm

    config = recipes.config(recipe, dataset.spec.name, dataset.spec)
    algorithm = build_algorithm(config, dataset)
    return Work(algorithm.train_step, gflop_of(algorithm.turn) or 0.0, config.batch_size)


def _painting(recipe: str, side: int) -> Work:
    """Steps at the size of the picture; the coarse ones before them have a quarter of the work, or less."""
    from gan_core.algorithms.neural_style import NeuralStyle

    config = recipes.config(recipe, "", picture_size=side)
    content, style = _pictures(side)
    turn = NeuralStyle(recipes.get(recipe).build(config, None), config, content, style).turn
    return Work(turn, gflop_of(turn) or 0.0)


def instant(side: int) -> Work:
    """One picture painted in a style that was read before."""
    from gan_core.networks import style_numpy

    content, style = (picture.astype(np.float32) / 255 for picture in _pictures(side))
    numbers = style_numpy.predict(style[: style_numpy.STYLE_SIDE, : style_numpy.STYLE_SIDE])
    return Work(functools.partial(style_numpy.transform, content, numbers), instant_gflop(side))


def instant_gflop(side: int) -> float:
    """Of the network that paints, for a square picture: two operations a weight and place."""
    from gan_core.networks import style_numpy

    total = 0
    for name, (kernel, _) in style_numpy.weights().items():
        network, _, layer = name.partition(".")
        if (
            network == "transform" and len(kernel) > 1
        ):  # the others are one place for the whole picture
            total += 2 * kernel.size * (side // SIDES.get(layer, 4)) ** 2
    return total / 1e9


def _pictures(side: int) -> tuple[np.ndarray, np.ndarray]:
    """Content and style, uint8 [side, side, 3]."""
    one, other = drawn.draw("pairs", side).splits["train"].values()
    return one[0], other[1]


def matrix_product() -> Work:
    """A plain float32 matrix product with TensorFlow: what this machine can reach."""
    import tensorflow as tf

    a = tf.random.stateless_normal([SIZE, SIZE], [1, 1])
    return Work(tf.function(lambda: tf.matmul(a, a), autograph=False), 2 * SIZE**3 / 1e9)


# ---- measuring ----


def _row(name: str, work: Work, product: Work, rounds: int, seconds: float) -> dict:
    for each in (work, product):
        _timed(each, WARM, 0.0)
    own, others = [], []
    for _ in range(rounds):
        others.append(_timed(product, 1, seconds))
        own.append(_timed(work, 1, seconds))
    (wall, cpu), (best, best_cpu) = (
        map(statistics.median, zip(*t, strict=True)) for t in (own, others)
    )
    reached, reach = work.gflop / wall, product.gflop / best
    return {
        "what": name, "data": CASES[name], "batch_size": work.batch_size, "gflop": work.gflop,
        "ms_per_step": 1e3 * wall, "cpu_ms": 1e3 * cpu, "gflops": reached, "matrix_gflops": reach,
        "share": reached / reach, "share_by_cpu": work.gflop / cpu / (product.gflop / best_cpu),
    }  # fmt: skip


def _timed(work: Work, least: int, seconds: float) -> tuple[float, float]:
    """Seconds and seconds of all cores, of one step: the mean over some."""
    start, spent, count = time.perf_counter(), time.process_time(), 0
    while count < least or time.perf_counter() - start < seconds:
        np.asarray(work.step())
        count += 1
    return (time.perf_counter() - start) / count, (time.process_time() - spent) / count
