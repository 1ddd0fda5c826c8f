"""Swapping: an image of one kind in, the same image as the other kind out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_core.storage import images
from gan_core.tasks import run_data, stored
from gan_core.tasks.given import Given

NETWORK = "g_ab"
PAIRS, ROWS = 5, 4  # a row of the grid: five inputs, each beside what becomes of it


@dataclass(frozen=True)
class Translator:
    """Opened networks: [N, H, W, C] in [-1, 1] -> the same."""

    model: Any
    run_id: str
    step: int
    takes: tuple[Given, ...]
    what: str = "translator"

    def images(self, inputs: np.ndarray) -> np.ndarray:
        return np.asarray(self.model(np.asarray(inputs, np.float32), training=False))


@dataclass(frozen=True)
class Previews:
    inputs: np.ndarray  # uint8 [N, H, W, C]
    others: np.ndarray

    def header(self) -> dict:
        return {
            "columns": 2 * PAIRS,
            "rows": ROWS,
            "real_rows": 1,
            "labels": [],
            "names": [],
            "tile": list(self.inputs.shape[1:3]),
            "points": False,
        }

    def like(self, header: dict) -> Previews:
        return self

    def reals(self) -> bytes:
        return images.png(images.grid(self.others[: 2 * PAIRS], 2 * PAIRS))

    def draw(self, algorithm) -> bytes:
        outputs = images.to_uint8(algorithm.sample(images.to_float(self.inputs)))
        pairs = np.stack([self.inputs, outputs], axis=1).reshape(-1, *outputs.shape[1:])
        return images.png(images.grid(pairs, 2 * PAIRS))


class Swapping:
    name, what, used = "swapping", "translator", ""
    takes_z, limits = False, ("It swaps even and odd digits only.",)
    needs = ("labels",)
    parts_of_page = ("samples", "curves", "doctor")
    rules = "two_way"

    def measuring(self, spec):
        return "changes"

    def previews(self, algorithm, config, dataset):
        even = dataset.train_labels % 2 == 0
        inputs = dataset.train[even][: PAIRS * ROWS]
        return Previews(inputs, dataset.train[~even])

    def layout(self, config, spec):
        return {"tile": spec.image_shape[:2], "columns": 2 * PAIRS, "rows": ROWS, "names": []}

    def preview_bytes(self, spec):
        return 2 * PAIRS * ROWS * math.prod(spec.image_shape)

    def takes(self, config, spec):
        shape = ["N", *spec.image_shape]
        words = f"float32 [{', '.join(map(str, shape))}], from -1 (black) to 1 (white)"
        code = f'np.zeros((1, {", ".join(map(str, spec.image_shape))}), "float32")'
        facts = {"shape": shape, "dtype": "float32", "range": [-1, 1]}
        return (Given("image", words, code, facts),)

    def open(self, run, data_dir, step=None):
        from gan_core.config import TrainConfig

        step, spec = stored.wanted_step(run, step), run_data.spec(run, data_dir)
        model = stored.open_network(run, step, NETWORK, spec)
        takes = self.takes(TrainConfig.from_dict(run.config), spec)
        return Translator(model, run.id, step, takes)


TASK = Swapping()
