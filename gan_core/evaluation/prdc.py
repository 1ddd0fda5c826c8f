"""Precision, recall, density and coverage from nearest neighbours in feature space.

Kynkäänniemi et al. (2019), https://arxiv.org/abs/1904.06991; Naeem et al. (2020),
https://arxiv.org/abs/2002.09797. Precision: share of fakes inside the real manifold, the union of
balls around real points that reach to their K-th neighbour. Recall: share of reals inside the fake
manifold. Density: how many real balls hold a fake, over K; can exceed 1. Coverage: share of real
balls that hold any fake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import distances

if TYPE_CHECKING:
    from gan_core.types import Floats

K = 5  # the neighbour that sets the radius


def radii(features: Floats, k: int = K) -> np.ndarray:
    """Squared distance [N] of each row of [N, F] to its k-th nearest other row."""
    x = np.asarray(features, np.float64)
    k = min(k, len(x) - 1)
    found = np.empty(len(x))
    for start, block in distances.squared(x, x):
        rows = np.arange(len(block))
        block[rows, start + rows] = 0.0  # itself is the 0-th neighbour, whatever the rounding
        found[start : start + len(block)] = np.partition(block, k, axis=1)[:, k]
    return found


def prdc(
    real: np.ndarray, fake: np.ndarray, *, k: int = K, real_radii: np.ndarray | None = None
) -> dict[str, float]:
    """{"precision", "recall", "density", "coverage"} of features [N, F] and [M, F].

    Args:
        real_radii: `radii(real, k)` where they are known already.
    """
    x, y = np.asarray(real, np.float64), np.asarray(fake, np.float64)
    real_radii = radii(x, k) if real_radii is None else real_radii
    fake_radii = radii(y, k)
    balls = np.zeros(len(y), np.int64)  # real balls around each fake
    recalled, covered = np.empty(len(x), bool), np.empty(len(x), bool)
    for start, block in distances.squared(x, y):
        part = slice(start, start + len(block))
        inside = block < real_radii[part, None]
        balls += inside.sum(0)
        covered[part] = inside.any(1)
        recalled[part] = (block < fake_radii).any(1)
    return {
        "precision": float((balls > 0).mean()),
        "recall": float(recalled.mean()),
        "density": float(balls.mean() / k),
        "coverage": float(covered.mean()),
    }
