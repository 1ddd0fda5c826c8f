"""The ring: points around eight centres, for training that takes seconds and needs no file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.data.base import Dataset, DatasetSpec, freeze

if TYPE_CHECKING:
    from gan_core.types import Floats

NUM_MODES = 8
RADIUS = 1.0  # of the circle that the centres lie on
STD = 0.05  # of the points around their centre, per axis; neighbouring centres are 0.77 apart
NUM_TRAIN, NUM_HELD_OUT = 4096, 1024
SEED = 8

RING = DatasetSpec(
    name="ring",
    title="Ring of 8 modes",
    kind="points",
    image_shape=(2,),
    num_classes=0,
    class_names=(),
    num_train=NUM_TRAIN,
    num_held_out=NUM_HELD_OUT,
    source="generated",
    licence="none needed",
    origin=f"generated: {NUM_MODES} Gaussians, std {STD}, on a circle of radius {RADIUS}",
)


def ring_modes() -> Floats:
    """Centres of the modes, float32 [8, 2], counter-clockwise from (1, 0)."""
    angles = 2 * np.pi * np.arange(NUM_MODES) / NUM_MODES
    return (RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)).astype(np.float32)


def load_ring() -> Dataset:
    """The ring's points, float32 [N, 2]; every mode has the same share, and the order is mixed."""
    rng = np.random.default_rng(SEED)
    train, held_out = _points(rng, NUM_TRAIN), _points(rng, NUM_HELD_OUT)
    return Dataset.of(RING, freeze(train), None, freeze(held_out), None)


def _points(rng: np.random.Generator, count: int) -> np.ndarray:
    centres = np.tile(ring_modes(), (count // NUM_MODES, 1))
    noise = rng.normal(0.0, STD, centres.shape)
    return rng.permutation(centres + noise).astype(np.float32)
