"""Paths between z that stay inside the prior, and how typical a z is. NumPy only."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from gan_core.errors import ConfigError
from gan_core.tasks import latent
from gan_core.tasks.latent import SIGMA as SIGMA  # where the others take it from

RANGE = {"normal": 3.0, "uniform": 1.0}  # of one coordinate: +-3 sigma, or all there is
EDGE = 1e-6  # probit is infinite at the edges of the cube
_normal = NormalDist()


def probit(z: np.ndarray) -> np.ndarray:
    """U[-1, 1] coordinates as the N(0, 1) values of the same rank."""
    shares = np.clip((np.asarray(z, np.float64) + 1) / 2, EDGE, 1 - EDGE)
    return np.vectorize(_normal.inv_cdf, otypes=[np.float64])(shares)


def unprobit(x: np.ndarray) -> np.ndarray:
    """The inverse: N(0, 1) values to U[-1, 1]."""
    return (2 * np.vectorize(_normal.cdf, otypes=[np.float64])(x) - 1).astype(np.float32)


def between(a: np.ndarray, b: np.ndarray, t: np.ndarray, *, prior: str) -> np.ndarray:
    """The path whose every point is typical of the prior: a, b [Z], t [T] -> [T, Z].

    Normal: slerp. Uniform: slerp between the probit values, mapped back, so that every
    coordinate keeps its uniform distribution; a straight line would crowd the middle. The ends
    are exact.
    """
    t = np.asarray(t, np.float64)
    if prior == "normal":
        return latent.slerp(a, b, t)
    path = unprobit(latent.slerp(probit(a), probit(b), t))
    path[t == 0], path[t == 1] = a, b
    return path


def along(points: np.ndarray, t: np.ndarray, *, prior: str, straight: bool, loop: bool):
    """A path through several z: points [P, Z], t [T] in [0, 1] -> [T, Z].

    Raises:
        ConfigError: fewer than two points.
    """
    if len(points) < 2:
        raise ConfigError(f"A path needs at least 2 points. Received: {len(points)}.")
    stops = np.concatenate([points, points[:1]]) if loop else points
    place = np.clip(np.asarray(t, np.float64), 0, 1) * (len(stops) - 1)
    leg = np.minimum(place.astype(int), len(stops) - 2)
    return np.concatenate(
        [
            _one(stops[i], stops[i + 1], u - i, prior, straight)
            for i, u in zip(leg, place, strict=True)
        ]
    )


def _one(a, b, t: float, prior: str, straight: bool) -> np.ndarray:
    if straight:
        return latent.lerp(a, b, np.array([t]))
    return between(a, b, np.array([t]), prior=prior)


def inside(z: np.ndarray, *, prior: str) -> np.ndarray:
    """z with its coordinates brought back into the prior: the cube for uniform, unchanged else."""
    return np.clip(z, -1, 1) if prior == "uniform" else z


def typical(z: np.ndarray, *, prior: str) -> np.ndarray:
    """z [Z] at the length that is usual for the prior: sqrt(Z), or sqrt(Z / 3), cut to the cube.

    For sums and averages of z, which are shorter than any z that was ever drawn.
    """
    length = SIGMA[prior] * math.sqrt(len(z))
    norm = np.linalg.norm(z)
    scaled = z if norm < 1e-9 else z * (length / norm)
    return inside(scaled, prior=prior).astype(np.float32)


def combine(terms: np.ndarray, signs: np.ndarray, *, prior: str) -> np.ndarray:
    """A - B + C: averages [T, Z] with signs [T] -> a typical z [Z]."""
    return typical((np.asarray(signs, np.float32)[:, None] * terms).sum(0), prior=prior)
