"""How fast recipes would train on images that are not kept yet: some seconds on noise of their shape."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.data.base import Dataset, DatasetSpec
from gan_core.errors import ConfigError
from gan_core.startup import runtime
from gan_core.storage import access
from gan_core.training.session import build_algorithm

SECONDS = 3.0  # that a recipe is measured
WARM = 2  # steps that do not count: compilation, first allocations
BATCHES = 4  # of noise


def imagined(
    kind: str, sides: tuple[int, int], channels: int, num_classes: int, count: int
) -> DatasetSpec:
    """The metadata of a set of one's own that is not there yet; `sides` are width and height."""
    width, height = sides
    shape = (height, width, channels)
    return DatasetSpec(
        name="imagined",
        title="imagined",
        kind=kind,
        image_shape=shape,
        target_shape=() if kind == "images" else shape,
        num_classes=num_classes,
        class_names=tuple(map(str, range(num_classes))),
        labels=tuple(range(num_classes)),
        num_train=count,
        num_train_b=count if kind == "sides" else 0,
        num_held_out=max(1, count // 10),
        num_held_out_b=max(1, count // 10) if kind == "sides" else 0,
        source="file",
        licence="",
        origin="",
    )


def key_of(spec: DatasetSpec) -> str:
    """By what a page asks for speeds: `64 3 1`, or `32x30 3 0` of width and height."""
    height, width, channels = spec.image_shape
    size = width if width == height else f"{width}x{height}"
    return f"{size} {channels} {int(spec.num_classes > 1)}"


def noise(spec: DatasetSpec, count: int) -> Dataset:
    """Random images of a set's shapes and classes."""
    rng = np.random.default_rng(0)
    names = {"images": ("image",), "pairs": ("input", "target"), "sides": ("a", "b")}[spec.kind]
    shapes = (spec.image_shape, spec.target_shape)
    arrays = {
        name: rng.integers(0, 256, (count, *shape), np.uint8)
        for name, shape in zip(names, shapes, strict=False)
    }
    if spec.num_classes and spec.kind != "sides":
        arrays["label"] = (np.arange(count) % spec.num_classes).astype(np.int32)
    return Dataset(spec, {"train": arrays, "held_out": arrays})


def steps_per_second(config: TrainConfig, spec: DatasetSpec, seconds: float = SECONDS) -> float:
    """Trains fresh networks on noise for so many seconds, or two steps if they take longer."""
    runtime.start()
    algorithm = build_algorithm(
        config, noise(spec, BATCHES * config.batch_size), runtime.device(config.device)
    )
    for _ in range(WARM):
        np.asarray(algorithm.train_step())
    count, start = 0, time.perf_counter()
    while count < 2 or time.perf_counter() - start < seconds:
        np.asarray(algorithm.train_step())
        count += 1
    return count / (time.perf_counter() - start)


@dataclass
class _Asked:
    key: str
    config: TrainConfig
    spec: DatasetSpec


@dataclass
class Trials:
    """Measures one recipe after another in the background, while nothing trains here.

    Args:
        training: which run trains in this process, or None.
    """

    training: Callable[[], str | None]
    seconds: float = SECONDS
    speeds: dict[str, float] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    doing: str = ""
    _asked: list[_Asked] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @access.for_trainers
    def start(self, names: Sequence[str], spec: DatasetSpec, key: str) -> None:
        """Measure recipes on such images; what was asked before and has not begun is dropped.

        Args:
            key: of these images; a speed is found under its recipe's name, a space and this.

        Raises:
            ConfigError: a run trains, so that both would be slow.
        """
        if run := self.training():
            raise ConfigError(f"Speeds are measured when {run.split('-')[0]} has ended.")
        wanted = [
            _Asked(f"{name} {key}", recipes.config(name, spec.name, spec), spec)
            for name in names
            if not recipes.get(name).misfit(spec) and f"{name} {key}" not in self.speeds
        ]
        with self._lock:
            self._asked = wanted
            if self.doing or not wanted:
                return
            self.doing = wanted[0].key
        threading.Thread(target=self._work, name="trials", daemon=True).start()

    def told(self) -> dict:
        """What is measured now, and what was."""
        with self._lock:
            return {
                "doing": self.doing,
                "speeds": dict(self.speeds),
                "problems": dict(self.problems),
            }

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._asked or self.training():
                    self.doing, self._asked = "", []
                    return
                asked = self._asked.pop(0)
                self.doing = asked.key
            self._measure(asked)

    def _measure(self, asked: _Asked) -> None:
        try:
            found = steps_per_second(asked.config, asked.spec, self.seconds)
        except Exception as error:  # TensorFlow has kinds of its own: the next recipe is measured
            with self._lock:
                self.problems[asked.key] = (str(error).splitlines() or ["It failed."])[0]
            return
        with self._lock:
            self.speeds[asked.key] = found
