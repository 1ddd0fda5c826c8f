"""Class counts: divergence, missing and thin classes, agreement."""

import numpy as np
import pytest

from gan_core.evaluation import classes

EVEN = np.full(10, 0.1)


def test_one_class_of_ten_diverges_by_log_ten():
    found = np.array([200, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    assert classes.divergence(found, EVEN) == pytest.approx(2.302585, abs=1e-6)
    assert classes.missing(found, EVEN) == list(range(1, 10))


def test_the_same_shares_do_not_diverge():
    assert classes.divergence(np.array([30, 10]), np.array([0.75, 0.25])) == pytest.approx(0.0)


def test_divergence_is_from_the_fakes_to_the_data():
    expected = 0.9 * np.log(0.9 / 0.5) + 0.1 * np.log(0.1 / 0.5)
    assert classes.divergence(np.array([90, 10]), np.array([0.5, 0.5])) == pytest.approx(expected)


def test_a_class_the_data_lack_gives_a_large_but_finite_divergence():
    assert 10 < classes.divergence(np.array([0, 10]), np.array([1.0, 0.0])) < 20


def test_missing_is_under_a_tenth_and_thin_under_a_half():
    found = np.array([9, 10, 49, 50, 100])
    shares = np.full(5, 0.2)
    found = np.append(found[:4], 500 - found[:4].sum())
    assert classes.missing(found, shares) == [0]
    assert classes.thin(found, shares) == [1, 2]


def test_a_class_that_is_not_shown_by_chance_is_not_missing():
    """Even draws of K classes: exp(-N / K) of them stay away by chance, 135 of 1,000 at N = 2,000."""
    rng = np.random.default_rng(0)
    for num_classes, count in (
        (10, 256),
        (26, 256),
        (62, 256),
        (100, 256),
        (345, 2000),
        (1000, 2000),
    ):
        shares = np.full(num_classes, 1 / num_classes)
        drawn = [rng.multinomial(count, shares) for _ in range(200)]
        assert sum(len(classes.missing(found, shares)) > 0 for found in drawn) <= 6


def test_lost_classes_are_missing_where_the_count_can_tell():
    shares = np.full(100, 0.01)
    found = np.where(np.arange(100) < 30, 0, 2000 // 70)
    assert classes.missing(found, shares) == list(range(30))
    assert not classes.judgeable(100, shares).any()
    uneven = np.array([0.5, 0.49, 0.01])
    assert classes.judgeable(256, uneven).tolist() == [True, True, False]


def test_a_small_sample_is_not_called_thin():
    assert classes.thin(np.array([2, 6, 8]), np.full(3, 1 / 3)) == []


def test_agreement():
    asked, seen = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    overall, each = classes.agreement(asked, seen, 3)
    assert overall == 0.75
    np.testing.assert_array_equal(each, [0.5, 1.0, np.nan])


def test_spread_inside_classes():
    features = np.array([[0.0], [2.0], [5.0], [9.0], [1.0]])
    found = classes.spread(features, np.array([0, 0, 1, 1, 2]), 4)
    np.testing.assert_array_equal(found, [2.0, 4.0, np.nan, np.nan])


def test_diversity_inside_classes_counts_each_class_by_its_images():
    """Two classes on a line: pairs 2 and 4 apart, against 1 and 4 of real ones: (2 x 2 + 1 x 2) / 4."""
    features = np.array([[0.0], [2.0], [0.0], [4.0], [9.0]])
    found = classes.inside(features, np.array([0, 0, 1, 1, 2]), np.array([1.0, 4.0, 1.0]))
    assert found == pytest.approx((2 * 2.0 + 2 * 1.0) / 4)
    assert np.isnan(classes.inside(features[:1], np.array([0]), np.array([1.0])))
