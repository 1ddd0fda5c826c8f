"""All that a GPU must do, in one table: what can be checked without one is checked everywhere."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from gan_core import data, recipes
from gan_core.bench import placement
from gan_core.startup import runtime

GOOD, BAD, FIGURE, SKIPPED = "holds", "FAILS", "figure", "not checked"
MINUTES = 7.0  # after which no further check is begun; none takes a minute
SMALL = {"width": 8, "batch_size": 8}
# Recipe, data, settings: losses, penalties, classes, pairs and sides.
PLACED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("fast_gan", "mnist_5k", {}),
    ("fast_gan", "mnist_5k", {"precision": "bfloat16"}),
    ("wgan_gp", "mnist_5k", {}),
    ("acgan", "mnist_5k", {}),
    ("fast_pix2pix", "edges_to_digits", {}),
    ("fast_cyclegan", "digits_and_paper", {}),
)
TIMED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("fast_gan", {}),
    ("fast_gan", {"steps_per_call": 16}),
    ("dcgan", {}),
    ("dcgan", {"precision": "bfloat16"}),
    ("dcgan", {"batch_size": 256}),
    ("acgan", {}),
)
HOSTED = {"RandomIndexShuffle"}  # which images come next: 8 bytes each
RATES = {"g_lr": 1e-5, "d_lr": 1e-5, "dropout": 0.0}
CLOSE = 1e-3  # relative; TensorFloat-32 is off for this check
SECONDS = 3.0  # of a figure


class Row(NamedTuple):
    """One line of the table."""

    what: str
    verdict: str
    found: str


def present() -> bool:
    """Whether TensorFlow sees a GPU."""
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def checked(data_dir: Path, phase: Callable[[str], None]) -> list[Row]:
    """Every check and figure, in order; what is left after MINUTES is not begun."""
    runtime.start()
    end, rows = time.monotonic() + 60 * MINUTES, []
    for what, check in _checks(data_dir):
        if time.monotonic() > end:
            rows.append(Row(what, SKIPPED, f"{MINUTES:g} minutes are over"))
            continue
        phase(what)
        try:
            rows.append(Row(what, *check()))
        except (
            Exception
        ) as error:  # of TensorFlow or the driver: one line of the table, not its end
            text = (str(error).strip().splitlines() or [""])[0]
            rows.append(Row(what, BAD, f"{type(error).__name__}: {text[:160]}"))
    return rows


def _checks(data_dir: Path) -> Iterator[tuple[str, Callable[[], tuple[str, str]]]]:
    yield "TensorFlow is built for GPUs", _built
    for recipe, dataset, settings in PLACED:
        more = "".join(f", {value}" for value in settings.values())
        yield (
            f"no host copies in a step: {recipe}{more}",
            functools.partial(_placed, recipe, dataset, data_dir, settings),
        )
    needs_gpu = [
        ("memory grows as it is needed", _grows),
        ("the same numbers as on the processor", lambda: _same(data_dir)),
        ("resuming is bit-equal", lambda: _resumes(data_dir)),
    ]
    for recipe, settings in TIMED:
        more = "".join(f", {name} {value}" for name, value in settings.items())
        needs_gpu.append(
            (f"speed: {recipe}{more}", functools.partial(_timed, recipe, data_dir, settings))
        )
    needs_gpu.append(("several GPUs share a batch", lambda: _shared(data_dir)))
    for what, check in needs_gpu:
        yield what, check if present() else lambda: (SKIPPED, "no GPU")


def _built() -> tuple[str, str]:
    import tensorflow as tf

    gpus = [gpu.name.rpartition(":")[2] for gpu in tf.config.list_physical_devices("GPU")]
    built = tf.test.is_built_with_gpu_support()
    return (GOOD if built else BAD), f"TensorFlow {tf.__version__}, {len(gpus)} GPUs here"


def _built_for(recipe: str, dataset: str, data_dir: Path, settings: dict, device: str = ""):
    from gan_core.training.session import build_algorithm

    loaded = data.load(dataset, data_dir)
    config = recipes.config(recipe, dataset, loaded.spec, **settings)
    return build_algorithm(config, loaded, device or runtime.device("auto"))


def _placed(recipe: str, dataset: str, data_dir: Path, settings: dict) -> tuple[str, str]:
    found = placement.of_step(_built_for(recipe, dataset, data_dir, SMALL | settings).turn)
    hosted = ", ".join(f"{count} {kind}" for kind, count in sorted(found.on_host.items())) or "none"
    told = f"of {found.operations:,} operations on the host: {hosted}"
    return (GOOD if set(found.on_host) <= HOSTED else BAD), told


def _grows() -> tuple[str, str]:
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    grows = [tf.config.experimental.get_memory_growth(gpu) for gpu in gpus]
    return (GOOD if all(grows) else BAD), f"{sum(grows)} of {len(grows)} GPUs"


def _rows(algorithm, steps: int = 10) -> np.ndarray:
    return np.array([np.asarray(algorithm.train_step()) for _ in range(steps)])


def _same(data_dir: Path) -> tuple[str, str]:
    """Metrics of ten steps at small rates, in float32 proper."""
    import tensorflow as tf

    tf.config.experimental.enable_tensor_float_32_execution(False)
    try:
        cpu, gpu = (
            _rows(_built_for("fast_gan", "mnist_5k", data_dir, RATES, device))
            for device in ("/CPU:0", "/GPU:0")
        )
    finally:
        tf.config.experimental.enable_tensor_float_32_execution(True)
    apart = float(np.max(np.abs(cpu - gpu) / np.maximum(np.abs(cpu), 1e-3)))
    return (GOOD if apart < CLOSE else BAD), f"metrics of 10 steps {apart:.1e} apart"


def _resumes(data_dir: Path) -> tuple[str, str]:
    algorithm = _built_for("fast_gan", "mnist_5k", data_dir, {})
    _rows(algorithm, 3)
    half = algorithm.state()
    ends = []
    for _ in range(2):
        algorithm.load_state(half)
        _rows(algorithm, 5)
        ends.append(algorithm.state())
    unlike = [name for name, array in ends[0].items() if not np.array_equal(array, ends[1][name])]
    return (BAD if unlike else GOOD), f"{len(unlike)} of {len(half)} arrays differ after 5 steps"


def _timed(recipe: str, data_dir: Path, settings: dict) -> tuple[str, str]:
    import tensorflow as tf

    algorithm = _built_for(recipe, "mnist_5k", data_dir, settings)
    together = settings.get("steps_per_call", 1)

    def turn():
        np.asarray(algorithm.train_steps(together) if together > 1 else algorithm.train_step())

    turn(), turn()
    tf.config.experimental.reset_memory_stats("GPU:0")
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        turn()
        count += together
    ms = 1000 * (time.perf_counter() - started) / count
    peak = tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e6
    return FIGURE, f"{ms:.2f} ms a step, {peak:,.0f} MB at most"


def _shared(data_dir: Path) -> tuple[str, str]:
    import tensorflow as tf

    from gan_core.bench.devices import sharing

    count = len(tf.config.list_logical_devices("GPU"))
    if count < 2:
        return SKIPPED, "one GPU"
    found = sharing(
        "dcgan",
        "mnist_5k",
        data_dir,
        replicas=count,
        rounds=3,
        seconds=SECONDS,
        batch_size=256 * count,
    )
    return FIGURE, f"{count} GPUs {found['ratio']:.2f} times as fast as one"
