"""Tolerances from the arithmetic: how far two orders of the same sums may lie apart on any processor.

A sum of n products in float32 has an error of at most n u times the sum of their magnitudes, u = 2^-24
(Higham, 2002, "Accuracy and Stability of Numerical Algorithms", section 3.1). Errors of either sign
make it sqrt(n) u, times a factor that decides how often a bound of this kind fails (Higham & Mary, 2019,
"A New Approach to Probabilistic Rounding Error Analysis", theorem 2.4): 8 fails once in 10^13.
"""

import numpy as np

U = 2.0**-24  # of float32
U_BFLOAT16 = 2.0**-8
SURELY = 8.0


def error_of_sums(terms, magnitudes, u=U):
    """Bound on the error of sums of `terms` products; `magnitudes` is the same sum of absolute values."""
    return SURELY * np.sqrt(terms) * u * np.asarray(magnitudes, np.float64)


def assert_within(found, expected, bound):
    """Every number of `found` is as near to `expected` as `bound` (of the same shape, or one number)."""
    distance = np.abs(np.asarray(found, np.float64) - np.asarray(expected, np.float64))
    worst = np.max(distance / bound)
    assert worst <= 1, f"{worst:.3g} times the bound; the largest error is {distance.max():.3g}"
