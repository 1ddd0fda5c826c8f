"""The latent space: seeded draws from the prior and paths through it. NumPy only.

A prior is "normal", z ~ N(0, I), or "uniform", z ~ U[-1, 1] in each dimension.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Array, Floats, Labels

PRIORS = ("normal", "uniform")
SIGMA = {"normal": 1.0, "uniform": 1 / math.sqrt(3)}  # standard deviation of one coordinate


def sample(count: int, latent_dim: int, *, seed: int, prior: str = "normal") -> Floats:
    """`count` seeded draws from the prior: float32 [count, latent_dim]."""
    rng = np.random.default_rng(seed)
    if prior == "uniform":
        return rng.uniform(-1.0, 1.0, (count, latent_dim)).astype(np.float32)
    return rng.standard_normal((count, latent_dim)).astype(np.float32)


def one_hot(labels: Array, num_classes: int) -> Floats:
    """Class numbers [B] to float32 [B, K]; K may be 0 where there are no classes."""
    if not num_classes:
        return np.zeros((len(labels), 0), np.float32)
    found: Floats = np.eye(num_classes, dtype=np.float32)[np.asarray(labels)]
    return found


def slerp(a: Floats, b: Floats, t: Floats) -> Floats:
    """Great-circle path between normal draws: a, b [Z], t [T] in [0, 1] -> [T, Z].

    Directions follow the arc and lengths change linearly, so that every point stays typical
    of N(0, I); a straight line would pass near the origin, where no z was ever drawn
    (White, 2016, https://arxiv.org/abs/1609.04468).
    """
    t = np.asarray(t, np.float64)[:, None]
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    cosine = np.clip(np.dot(a / norm_a, b / norm_b), -1.0, 1.0)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return ((1 - t) * a + t * b).astype(np.float32)
    direction = (np.sin((1 - t) * angle) * (a / norm_a) + np.sin(t * angle) * (b / norm_b)) / (
        np.sin(angle)
    )
    found: Floats = (((1 - t) * norm_a + t * norm_b) * direction).astype(np.float32)
    return found


def lerp(a: Floats, b: Floats, t: Floats) -> Floats:
    """Straight line: a, b [Z], t [T] in [0, 1] -> [T, Z]."""
    t = np.asarray(t, np.float64)[:, None]
    return ((1 - t) * a + t * b).astype(np.float32)


def asked_labels(count: int, shares: Floats) -> Labels:
    """Classes [count] to ask for, ascending, each as often as the data has it."""
    edges = np.cumsum(shares) * count
    return np.minimum(np.searchsorted(edges, np.arange(count) + 0.5), len(shares) - 1)
