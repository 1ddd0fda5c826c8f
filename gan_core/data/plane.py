"""Points that were drawn or sprayed on the Learn page; a run keeps its own (runs/inputs.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gan_core.data.base import Dataset, DatasetSpec, freeze
from gan_core.errors import DataError

NAME = "plane_points"
LEAST, MOST = 20, 100_000  # points
FARTHEST = 100.0  # of a coordinate
LEARNED = 0.8  # share of the points that is trained on


def spec(words: str, num_train: int, num_held_out: int) -> DatasetSpec:
    """What is known of such points; `words` say what they show: "Two moons"."""
    return DatasetSpec(
        name=NAME,
        title=f"Points from Learn: {words}",
        kind="points",
        image_shape=(2,),
        num_classes=0,
        class_names=(),
        num_train=num_train,
        num_held_out=num_held_out,
        source="generated",
        licence="none needed",
        origin="drawn on the Learn page, kept in the run",
    )


def split(points: np.ndarray) -> dict[str, np.ndarray]:
    """{"train": float32 [N, 2], "held_out": float32 [M, 2]} of points in random order.

    Raises:
        DataError: too few, too many, or coordinates that no plane has.
    """
    checked(points)
    count = round(LEARNED * len(points))
    return {"train": points[:count], "held_out": points[count:]}


def checked(points: np.ndarray) -> np.ndarray:
    """Points float32 [N, 2], all finite and on the plane; DataError if not."""
    if points.dtype != np.float32 or points.ndim != 2 or points.shape[1] != 2:
        raise DataError(f"Points are float32 [N, 2]. Received: {points.dtype} {points.shape}.")
    if not LEAST <= len(points) <= MOST:
        raise DataError(f"There must be {LEAST} to {MOST:,} points. Received: {len(points):,}.")
    if not np.isfinite(points).all() or np.abs(points).max() > FARTHEST:
        raise DataError(f"Coordinates must be from {-FARTHEST:g} to {FARTHEST:g}.")
    return points


def dataset(known: DatasetSpec, train: np.ndarray, held_out: np.ndarray) -> Dataset:
    """Both parts as a data set."""
    found = replace(known, num_train=len(train), num_held_out=len(held_out))
    return Dataset.of(found, freeze(train), None, freeze(held_out), None)
