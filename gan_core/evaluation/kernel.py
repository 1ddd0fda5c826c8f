"""Kernel distance: the unbiased squared maximum mean discrepancy with a cubic kernel.

k(x, y) = (x.y / F + 1)^3; Binkowski et al. (2018), https://arxiv.org/abs/1801.01401. With Inception
features it is their KID; here the name is `kd_judge_<count>`. Its mean does not depend on the
count, and it may be slightly negative. KID averages over random subsets; the value here is the
average over all of them, which is the same statistic on all images.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from gan_core.types import Floats

CHUNK = 500


def kernel(a: Floats, b: Floats) -> Floats:
    """The kernel of all pairs: [N, F], [M, F] -> [N, M]."""
    found: Floats = (a @ b.T / a.shape[1] + 1.0) ** 3
    return found


def mean_to(a: Floats, b: Floats) -> Floats:
    """Mean kernel of each row of a [N, F] with the rows of b [M, F]: [N]."""
    return np.concatenate([kernel(a[i : i + CHUNK], b).mean(1) for i in range(0, len(a), CHUNK)])


def mean_to_others(a: Floats) -> Floats:
    """Mean kernel of each row of [N, F] with the other rows: [N]."""
    own = (np.einsum("ij,ij->i", a, a) / a.shape[1] + 1.0) ** 3
    found: Floats = (len(a) * mean_to(a, a) - own) / (len(a) - 1)
    return found


def mean_within(a: Floats) -> float:
    """Mean kernel of all pairs of two different rows."""
    return float(mean_to_others(np.asarray(a, np.float64)).mean())


class KernelDistance(NamedTuple):
    """The distance and its standard error."""

    value: float
    error: float


def kernel_distance(real: Floats, fake: Floats, real_within: float | None = None) -> KernelDistance:
    """The distance of features [N, F] and [M, F].

    The error is that of other fakes against the same reals, by leaving out one fake at a time
    (jackknife); near 0, where the distance is a difference of equals, it is rather too large.

    Args:
        real_within: `mean_within(real)` where it is known already.
    """
    real, fake = np.asarray(real, np.float64), np.asarray(fake, np.float64)
    within = mean_within(real) if real_within is None else real_within
    to_fakes, to_reals = mean_to_others(fake), mean_to(fake, real)
    n = len(fake)
    value = within + to_fakes.mean() - 2.0 * to_reals.mean()
    fewer_fakes = (n * to_fakes.mean() - 2.0 * to_fakes) / (n - 2)  # means without one fake
    fewer_reals = (n * to_reals.mean() - to_reals) / (n - 1)
    changes = fewer_fakes - 2.0 * fewer_reals
    error = np.sqrt((n - 1) / n * ((changes - changes.mean()) ** 2).sum())
    return KernelDistance(float(value), float(error))
