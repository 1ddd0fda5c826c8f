"""Fréchet distance against closed forms."""

import numpy as np
import pytest

from gan_core.evaluation.frechet import Moments, frechet_distance, frechet_error, moments


def gaussian(seed, count, size=6, shift=0.0):
    return shift + np.random.default_rng(seed).standard_normal((count, size))


def test_one_dimension_is_the_textbook_formula():
    a, b = Moments(np.array([1.0]), np.array([[4.0]])), Moments(np.array([3.0]), np.array([[9.0]]))
    assert frechet_distance(a, b) == pytest.approx((1 - 3) ** 2 + (2 - 3) ** 2, rel=1e-12)


def test_two_dimensions_that_do_not_commute():
    s, t = np.array([[2.0, 0.6], [0.6, 1.0]]), np.array([[1.0, -0.4], [-0.4, 3.0]])
    product = s @ t  # tr of the root of a 2 x 2 matrix: sqrt(tr + 2 sqrt(det))
    shared = np.sqrt(np.trace(product) + 2 * np.sqrt(np.linalg.det(product)))
    expected = 5.0 + np.trace(s) + np.trace(t) - 2 * shared
    a, b = Moments(np.zeros(2), s), Moments(np.array([1.0, 2.0]), t)
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-12)
    assert frechet_distance(b, a) == pytest.approx(expected, rel=1e-12)


def test_identical_sets_and_order():
    x, y = gaussian(0, 300), gaussian(1, 200, shift=0.3)
    assert frechet_distance(moments(x), moments(x)) < 1e-10
    mixed = np.random.default_rng(2).permutation(x)
    assert frechet_distance(moments(mixed), moments(y)) == pytest.approx(
        frechet_distance(moments(x), moments(y)), rel=1e-10
    )


def test_features_that_are_always_zero_do_no_harm():
    x = np.pad(gaussian(0, 50), [(0, 0), (0, 200)])
    assert frechet_distance(moments(x), moments(x)) < 1e-6
    assert frechet_distance(moments(x), moments(x + 1.0)) == pytest.approx(206.0, rel=1e-6)


def test_moments_are_unbiased_and_weights_repeat_rows():
    x = gaussian(0, 9)
    found = moments(x)
    np.testing.assert_allclose(found.mean, x.mean(0), rtol=1e-12)
    np.testing.assert_allclose(found.covariance, np.cov(x.T), rtol=1e-12)
    often = moments(x, np.array([2, 0, 1, 1, 1, 1, 1, 1, 1]))
    repeated = moments(x[[0, 0, 2, 3, 4, 5, 6, 7, 8]])
    np.testing.assert_allclose(often.covariance, repeated.covariance, rtol=1e-12)


def test_the_error_is_the_spread_over_new_fakes():
    real = Moments(np.zeros(6), np.eye(6))
    sets = [gaussian(seed, 400, shift=0.5) for seed in range(60)]
    spread = np.std([frechet_distance(real, moments(s)) for s in sets], ddof=1)
    errors = [frechet_error(real, s, seed=1) for s in sets[:10]]
    assert np.mean(errors) == pytest.approx(spread, rel=0.35)
