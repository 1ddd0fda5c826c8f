"""Fréchet distance between two sets of features, each taken as one Gaussian.

|m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2); Heusel et al. (2017), eq. 6,
https://arxiv.org/abs/1706.08500. With Inception features it is their FID; here the features are the
judge's, so the name is `fd_judge_<count>`. It is biased upwards for small counts: compare only
equal counts, and with the real-against-real floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Array, Floats


class Moments(NamedTuple):
    """Mean [F] and unbiased covariance [F, F] of features, float64."""

    mean: Floats
    covariance: Floats


def moments(features: Floats, weights: Array | None = None) -> Moments:
    """Moments of features [N, F]; `weights` [N] say how often each row counts (None: once)."""
    x = np.asarray(features, np.float64)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, np.float64)
    total = w.sum()
    mean = w @ x / total
    centred = x - mean
    return Moments(mean, (centred * w[:, None]).T @ centred / max(total - 1.0, 1.0))


def root(covariance: Floats) -> Floats:
    """Symmetric square root of a covariance [F, F]."""
    values, vectors = np.linalg.eigh(covariance)
    found: Floats = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    return found


def frechet_distance(real: Moments, fake: Moments, real_root: Floats | None = None) -> float:
    """The distance of two Gaussians; at least 0.

    Args:
        real_root: `root(real.covariance)` where it is known already.
    """
    half = root(real.covariance) if real_root is None else real_root
    shared = np.linalg.eigvalsh(half @ fake.covariance @ half)
    gap = real.mean - fake.mean
    spread = np.trace(real.covariance) + np.trace(fake.covariance)
    distance = gap @ gap + spread - 2.0 * np.sqrt(np.maximum(shared, 0.0)).sum()
    return float(max(distance, 0.0))


def frechet_error(real: Moments, fakes: Floats, *, resamples: int = 12, seed: int = 0) -> float:
    """Standard error of the distance, from bootstrap resamples of the fakes [N, F].

    Only its spread is used: resampling itself shifts the distance upwards.
    """
    rng = np.random.default_rng(seed)
    half, n = root(real.covariance), len(fakes)
    draws = (rng.multinomial(n, np.full(n, 1.0 / n)) for _ in range(resamples))
    distances = [frechet_distance(real, moments(fakes, w), half) for w in draws]
    return float(np.std(distances, ddof=1))
