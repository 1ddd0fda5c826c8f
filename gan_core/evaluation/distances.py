"""Distances between all rows of two sets, by one matrix product a chunk; NumPy only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Floats, Labels

CHUNK = 500  # rows at a time: 500 x 10,000 float64 take 40 MB


def squared(
    a: np.ndarray, b: np.ndarray, *, chunk: int = CHUNK
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, squared Euclidean distances [rows, M]) for a [N, F] against b [M, F].

    |a - b|^2 = |a|^2 + |b|^2 - 2 a.b; rounding is kept from making it negative.
    """
    b_norms = np.einsum("ij,ij->i", b, b)
    for start in range(0, len(a), chunk):
        rows = a[start : start + chunk]
        result = rows @ b.T
        result *= -2
        result += np.einsum("ij,ij->i", rows, rows)[:, None]
        result += b_norms
        yield start, np.maximum(result, 0, out=result)


def nearest(
    a: np.ndarray, b: np.ndarray, *, own: np.ndarray | None = None, chunk: int = 200
) -> tuple[Labels, Floats]:
    """Index [N] and distance [N] of the row of b [M, F] that is nearest to each row of a [N, F].

    Args:
        own: for each row of a, the row of b that is itself and must not be found; None: no such.
    """
    index = np.empty(len(a), np.int64)
    for start, distances in squared(a, b, chunk=chunk):
        rows = np.arange(len(distances))
        if own is not None:
            distances[rows, own[start : start + len(rows)]] = np.inf
        index[start : start + len(rows)] = distances.argmin(1)
    # The product loses digits where rows are almost equal; the found pairs are measured exactly.
    return index, np.linalg.norm(a - b[index], axis=1)


def mean_pairwise(features: Floats) -> float:
    """Mean Euclidean distance between two different rows of [N, F]; NaN for fewer than two."""
    n = len(features)
    if n < 2:
        return float("nan")
    x = features.astype(np.float64)
    total = 0.0
    for start, distances in squared(x, x):
        rows = np.arange(len(distances))
        distances[rows, start + rows] = 0.0
        total += float(np.sqrt(distances).sum())
    return total / (n * (n - 1))
