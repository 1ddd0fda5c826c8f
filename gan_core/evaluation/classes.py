"""Which classes the fakes show, by the judge: shares, lost classes, asked against seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import distances

if TYPE_CHECKING:
    from gan_core.types import Flags, Floats, Labels

MISSING = 0.1  # of the expected number: fewer is a missing class
THIN = 0.5  # of the expected number: fewer, beyond chance, is a thin class
CHANCE = 100  # one missing class in so many measurements may be chance
MAX_PER_CLASS = 500  # images of a class whose distances are measured


def counts(classes: Labels, num_classes: int) -> Labels:
    """How many images of each class, int64 [K]."""
    return np.bincount(classes, minlength=num_classes)[:num_classes]


def divergence(found: Labels, shares: Floats) -> float:
    """Kullback-Leibler divergence, in nats, of found class counts [K] from the data's shares [K].

    sum p log(p / q), p found, q data; 0 is equal, log K is one class of K equal ones. A class that
    the data never shows counts as seen half a time in a million.
    """
    p = found / max(found.sum(), 1)
    q = np.maximum(shares, 5e-7)
    seen = p > 0
    return float((p[seen] * np.log(p[seen] / q[seen])).sum())


def judgeable(count: int, shares: Floats) -> Flags:
    """Of which classes `count` images must show some, bool [K], by the data's shares [K].

    A class with n expected images shows none by chance with exp(-n) (Poisson). All K together may do
    so once in a hundred times.
    """
    found: Flags = shares * count >= np.log(CHANCE * max(len(shares), 1))
    return found


def missing(found: Labels, shares: Floats) -> list[int]:
    """Classes with less than a tenth of the images that the data's shares [K] let expect.

    Classes that could be missing by chance are not named.
    """
    expected = shares * found.sum()
    gone = judgeable(int(found.sum()), shares) & (found < MISSING * expected)
    return [int(k) for k in np.flatnonzero(gone)]


def thin(found: Labels, shares: Floats) -> list[int]:
    """Classes with less than half of the expected images, by more than chance, but not missing.

    Chance: three standard deviations of a count with this expectation.
    """
    expected = shares * found.sum()
    low = (found < THIN * expected) & (expected - found > 3.0 * np.sqrt(expected))
    gone = set(missing(found, shares))
    return [int(k) for k in np.flatnonzero(low) if k not in gone]


def agreement(asked: Labels, seen: Labels, num_classes: int) -> tuple[float, Floats]:
    """Share of images that show the class they were asked for: overall, and per asked class [K].

    NaN for classes that were not asked for.
    """
    right = asked == seen
    totals = counts(asked, num_classes)
    hits = counts(asked[right], num_classes)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(right.mean()), np.where(totals > 0, hits / totals, math.nan)


def spread(features: Floats, classes: Labels, num_classes: int) -> Floats:
    """Mean pairwise feature distance inside each class, [K]; NaN for fewer than two images."""
    groups = (features[classes == k][:MAX_PER_CLASS] for k in range(num_classes))
    return np.array([distances.mean_pairwise(group) for group in groups])


def inside(features: Floats, classes: Labels, real: Floats) -> float:
    """Mean over the classes of their `spread` as a share of that of real images [K].

    Each class counts by the images it has; classes with fewer than two do not count.
    """
    share = spread(features, classes, len(real)) / real
    known = np.isfinite(share)
    weights = counts(classes, len(real))[known]
    return float(np.average(share[known], weights=weights)) if weights.sum() else math.nan
