"""What a run will need, before it starts: memory and disk, from sizes alone; no TensorFlow."""

from __future__ import annotations

import math
import shutil
from dataclasses import dataclass

from gan_core import data, recipes
from gan_core.config import TrainConfig

RUNTIME_BYTES = 700_000_000  # a process with TensorFlow and Keras imported
SAFETY = 0.9  # share of the free memory that a run may take


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
    parameters = _parameters(config, spec)
    memory = (
        RUNTIME_BYTES + _data_bytes(spec) + 4 * parameters * 7 + _activation_bytes(config, spec)
    )
    disk = 4 * parameters * (7 * 4 + 20) + 60 * 200_000
    available = data.available_memory()
    free = shutil.disk_usage(runs_dir).free
    return Estimate(memory, available, disk, free, _problem(config, memory, available, disk, free))


def _data_bytes(spec) -> int:
    width = 4 if spec.kind == "points" else 1
    return 2 * width * (spec.num_train + spec.num_held_out) * math.prod(spec.image_shape)


def _parameters(config: TrainConfig, spec) -> int:
    """Upper bound for both networks: the dense layer from z, and kernels in proportion to width^2."""
    pixels = math.prod(spec.image_shape[:2]) if spec.kind == "images" else 16
    inputs = config.latent_dim + spec.num_classes
    dense = inputs * pixels // 16 * 4 * config.width
    return dense + 500 * config.width**2 + 10 * pixels * config.width


def _activation_bytes(config: TrainConfig, spec) -> int:
    pixels = math.prod(spec.image_shape[:2]) if spec.kind == "images" else 16
    per_image = recipes.get(config.recipe).memory_per_image * pixels * config.width
    return int(4 * config.batch_size * per_image)


def _problem(config, memory: int, available: int, disk: int, free: int) -> str:
    if memory > SAFETY * available + RUNTIME_BYTES:
        return (
            f"This run needs about {memory / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB "
            f"are free. Received: `batch_size={config.batch_size}`, `width={config.width}`, "
            f"`latent_dim={config.latent_dim}`. Make one of them smaller."
        )
    if disk > free:
        return (
            f"This run needs about {disk / 1e6:.0f} MB on the disk of the runs folder and "
            f"{free / 1e6:.0f} MB are free."
        )
    return ""
