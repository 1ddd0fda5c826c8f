"""Pictures for measuring speed, made on the spot: what they show does not matter to a clock.

Names are `drawn_pairs_256` and `drawn_sides_256`, with any side in pixels.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from gan_core import data
from gan_core.data.base import Dataset, DatasetSpec

NAME = re.compile(r"drawn_(pairs|sides)_(\d+)")
PARTS = {"pairs": ("input", "target"), "sides": ("a", "b")}
COUNT, HELD_OUT = 32, 8  # pictures of each kind


def load(name: str, data_dir: Path) -> Dataset:
    """The data set of this name: drawn here, or one of the app's.

    Raises:
        DataError: the app has none of that name, or its file cannot be used.
    """
    found = NAME.fullmatch(name)
    return draw(found[1], int(found[2])) if found else data.load(name, data_dir)


def kind(name: str) -> str:
    """ "pairs" or "sides" of what is drawn here; "" of any other name."""
    found = NAME.fullmatch(name)
    return found[1] if found else ""


def draw(kind: str, side: int) -> Dataset:
    """Colour pictures of large and small squares, always the same."""
    shape = (side, side, 3)
    spec = DatasetSpec(
        name=f"drawn_{kind}_{side}", title="Drawn", kind=kind, image_shape=shape, target_shape=shape,
        num_classes=0, class_names=(), num_train=COUNT, num_held_out=HELD_OUT, source="generated",
        licence="", origin="", num_train_b=COUNT, num_held_out_b=HELD_OUT,
    )  # fmt: skip
    random = np.random.default_rng(0)
    splits = {
        split: {part: _pictures(random, count, side) for part in PARTS[kind]}
        for split, count in (("train", COUNT), ("held_out", HELD_OUT))
    }
    return Dataset(spec=spec, splits=splits)


def _pictures(random, count: int, side: int) -> np.ndarray:
    """uint8 [count, side, side, 3]: the mean of coarse and fine noise."""
    layers = []
    for cells in (4, 32):
        noise = random.integers(0, 128, (count, cells, cells, 3), np.uint8)
        times = -(-side // cells)
        layers.append(noise.repeat(times, 1).repeat(times, 2)[:, :side, :side])
    return layers[0] + layers[1]
