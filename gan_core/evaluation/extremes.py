"""Best and worst fakes, by the judge and by D, as one picture of the newest measurement.

Rows of ten tiles: most and least surely the class that was asked for (without asked classes: any
class), by the judge; highest and lowest score, by D. Without a judge of classes only D's two rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation.judge import Judge, look
from gan_core.runs.run import Run
from gan_core.storage import images as pixels

if TYPE_CHECKING:
    from gan_core.types import Floats, Labels

FILE = "measured.png"
TILES = 10
LOOKED_AT = 500  # fakes, evenly over all classes


def chosen(count: int) -> np.ndarray:
    """Indices of the fakes that are looked at."""
    return np.linspace(0, count - 1, min(count, LOOKED_AT)).astype(int)


def sureness(judge: Judge, images: np.ndarray, asked: Labels | None) -> Floats:
    """Probability [N] that the judge gives the asked class, or the likeliest one; uint8 images."""
    features, _ = look(judge, images)
    logits = features @ judge.weights["output/kernel"].astype(np.float32)
    logits += judge.weights["output/bias"].astype(np.float32)
    odds = np.exp(logits - logits.max(1, keepdims=True))
    shares = odds / odds.sum(1, keepdims=True)
    found: np.ndarray = shares.max(1) if asked is None else shares[np.arange(len(asked)), asked]
    return found


def ends(values: np.ndarray) -> tuple[Labels, Labels]:
    """Indices of the TILES highest, highest first, and of the lowest, lowest first."""
    order = np.argsort(values, kind="stable")
    return order[::-1][:TILES], order[:TILES]


def keep(run: Run, judge: Judge, fakes: Floats, asked: Labels | None, scores: Floats) -> None:
    """Write the picture of these fakes (floats in [-1, 1]) with their D scores [N] into the run."""
    from gan_core.storage import files

    tiles = pixels.to_uint8(fakes)
    rows: list[Labels] = []
    if judge.num_classes:
        rows += ends(sureness(judge, tiles, asked))
    rows += ends(scores)
    picture = pixels.grid(np.concatenate([tiles[row] for row in rows]), TILES)
    files.write_atomic(run.path / FILE, pixels.png(picture))
