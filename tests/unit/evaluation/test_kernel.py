"""Kernel distance against its definition and its own statistics."""

import numpy as np
import pytest

from gan_core.evaluation.kernel import kernel_distance, mean_within


def gaussian(seed, count, shift=0.0):
    return shift + np.random.default_rng(seed).standard_normal((count, 8))


def by_definition(x, y):
    """Sums over pairs, one at a time."""
    k = lambda a, b: (a @ b / len(a) + 1) ** 3  # noqa: E731
    n, m = len(x), len(y)
    xx = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    return xx + yy - 2 * sum(k(a, b) for a in x for b in y) / (n * m)


def test_definition():
    x, y = gaussian(0, 13), gaussian(1, 11, shift=0.4)
    assert kernel_distance(x, y).value == pytest.approx(by_definition(x, y), rel=1e-10)
    assert kernel_distance(x, y, mean_within(x)).value == kernel_distance(x, y).value


def test_unbiased_around_zero_at_any_count():
    for count in (20, 60):
        draws = [
            kernel_distance(gaussian(s, 100), gaussian(s + 1000, count)).value for s in range(200)
        ]
        assert abs(np.mean(draws)) < 4 * np.std(draws) / np.sqrt(len(draws))
        assert min(draws) < 0 < max(draws)


def test_order_does_not_matter():
    x, y = gaussian(0, 1100), gaussian(1, 700, shift=0.2)
    mixed = np.random.default_rng(2).permutation(y)
    assert kernel_distance(x, mixed) == pytest.approx(kernel_distance(x, y), rel=1e-10)


def test_the_error_is_the_spread_over_new_fakes():
    real = gaussian(0, 800)
    within = mean_within(real)
    found = [kernel_distance(real, gaussian(s, 200, shift=0.3), within) for s in range(1, 61)]
    spread = np.std([d.value for d in found], ddof=1)
    assert np.mean([d.error for d in found]) == pytest.approx(spread, rel=0.3)


def test_the_error_is_not_too_small_where_the_sets_are_alike():
    real = gaussian(0, 800)
    within = mean_within(real)
    found = [kernel_distance(real, gaussian(s, 200), within) for s in range(1, 61)]
    spread = np.std([d.value for d in found], ddof=1)
    assert 0.8 * spread < np.mean([d.error for d in found]) < 3 * spread
