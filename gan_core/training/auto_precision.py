"""`precision=auto`: bfloat16 where the processor computes it itself and a step gains by it, else float32.

The first start of a run decides, before its first step. From then on its config.json names what it took, so
that resuming, branches and repetitions go by that, on whatever machine; an event says why. What a step
gains is tried once for each processor, version and size of step, and kept beside the data.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from gan_core import recipes
from gan_core.config import SETTINGS, TrainConfig
from gan_core.data import DatasetSpec
from gan_core.errors import GanError
from gan_core.evaluation.features import cache_folder
from gan_core.runs.run import Run
from gan_core.startup import runtime
from gan_core.storage import files

EVENT = "precision"
GAIN = 1.1  # from which bfloat16 is worth it
SECONDS = 1.0  # of steps that are tried; a step of each that takes longer is tried once
SIZED = ("Networks", "Loss", "Updates")  # groups of settings that may decide what is computed
FILE = "precision.json"  # {key: how many times as fast a step is with bfloat16}
ABLE = (8, 0)  # compute capability from which GPUs have bfloat16


class Choice(NamedTuple):
    """What a run trains with, and why, in words."""

    precision: str
    why: str


def decide(native: bool, ratio: float | None, config: TrainConfig) -> Choice | None:
    """What `precision=auto` comes to; None where a step must be tried first.

    Args:
        native: the processor computes bfloat16 itself.
        ratio: a step in float32 takes so many times as long as one in bfloat16; None: not known.
        config: the run's settings.
    """
    if unfit := _unfit(config):
        return Choice("float32", unfit)
    if not native:
        return Choice("float32", "This processor does not compute bfloat16 itself: float32.")
    if ratio is None:
        return None
    if round(ratio, 2) < GAIN:
        why = f"A step with bfloat16 is {ratio:.2f} times as fast, less than {GAIN:g}: float32."
        return Choice("float32", why)
    return Choice("bfloat16", f"A step with bfloat16 is {ratio:.2f} times as fast: bfloat16.")


def _unfit(config: TrainConfig) -> str:
    """Why these settings need float32; "" where they do not."""
    recipe = recipes.get(config.recipe)
    if recipe.needs == "content_style":
        return "A picture is trained, and no network: float32."
    if config.replicas > 1:
        return "Several devices share each batch: float32."
    conflict = recipe.conflict(config.replace(precision="bfloat16"))
    return f"{conflict}." if conflict else ""


def settled(
    run: Run,
    config: TrainConfig,
    spec: DatasetSpec,
    build: Callable[[TrainConfig], Any],
    *,
    device: str,
    data_dir: Path,
    phase: Callable[[str], None],
) -> TrainConfig:
    """The settings with a precision that is one; where it was "auto" the run says from now on which.

    Args:
        build: settings -> a fresh algorithm (algorithms.base.Algorithm).
        device: TensorFlow's name of where it trains.
        phase: told what is being done.
    """
    if config.precision != "auto":
        return config
    able = not _unfit(config) and native(device)
    decided = functools.partial(decide, able, config=config)
    choice = decided(None)
    if choice is None:
        kept, key = cache_folder(data_dir) / FILE, key_of(config, spec, device)
        ratio = known(kept, key)
        if ratio is None:
            phase("trying bfloat16")
            ratio = gain(build, config, clock_of(device))
            keep(kept, key, ratio)
        choice = cast(Choice, decided(ratio))
    run.settle(precision=choice.precision)
    run.log_event(
        EVENT, step=run.status().step, who="training", precision=choice.precision, text=choice.why
    )
    return config.replace(precision=choice.precision)


def native(device: str) -> bool:
    """Whether the device computes bfloat16 itself."""
    if "GPU" not in device:
        return runtime.has_bfloat16()
    import tensorflow as tf

    gpu = tf.config.list_physical_devices("GPU")[int(device.rpartition(":")[2])]
    found = tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0))
    return tuple(found) >= ABLE


# ---- what a step gains ----


def clock_of(device: str) -> Callable[[], float]:
    """By which steps are compared: a processor's own time hardly changes with what else it has to do."""
    return time.perf_counter if "GPU" in device else time.process_time


def gain(
    build: Callable[[TrainConfig], Any], config: TrainConfig, clock: Callable[[], float]
) -> float:
    """How many times as fast a step is with bfloat16: by the least of both, tried in turns."""
    each = [build(config.replace(precision=name)) for name in ("float32", "bfloat16")]
    for algorithm in each:
        np.asarray(algorithm.train_step())  # compiles
    start, turn = time.perf_counter(), 0.0
    least = [float("inf")] * len(each)
    while not turn or time.perf_counter() - start + turn < SECONDS:
        begin = time.perf_counter()
        times = [_seconds(algorithm.train_step, clock) for algorithm in each]
        least = list(map(min, least, times))
        turn = time.perf_counter() - begin
    return least[0] / least[1]


def _seconds(step: Callable[[], Any], clock: Callable[[], float]) -> float:
    start = clock()
    np.asarray(step())  # waits for a GPU
    return clock() - start


def key_of(config: TrainConfig, spec: DatasetSpec, device: str) -> str:
    """Under which a ratio is kept: all that decides it."""
    sized = [s.name for s in SETTINGS.values() if s.group in SIZED and s.speed == "decides"]
    facts = {
        **{name: getattr(config, name) for name in sized},
        "shape": [*spec.image_shape, spec.num_classes],
        "on": [device, runtime.processor(), runtime.cores(), runtime.tensorflow_version()],
        "onednn": [os.environ.get(name, "") for name in (*runtime.ISA, "TF_ENABLE_ONEDNN_OPTS")],
    }
    text = json.dumps(facts, sort_keys=True)
    return f"{config.recipe} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


def known(path: Path, key: str) -> float | None:
    """A ratio that was kept; None where there is none that is one."""
    found = _read(path).get(key)
    good = isinstance(found, int | float) and not isinstance(found, bool) and 0 < found < 1e6
    return float(found) if good and found is not None else None


def keep(path: Path, key: str, ratio: float) -> None:
    """Keep a ratio; where the disk does not take it, it is tried again another time."""
    with contextlib.suppress(GanError, OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_json(path, _read(path) | {key: round(ratio, 3)})


def _read(path: Path) -> dict[str, Any]:
    with contextlib.suppress(GanError, OSError):
        found = files.read_json(path)
        return found if isinstance(found, dict) else {}
    return {}
