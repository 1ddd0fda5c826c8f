"""Precision, recall, density, coverage on points placed by hand."""

import numpy as np
import pytest

from gan_core.evaluation.distances import mean_pairwise, nearest, squared
from gan_core.evaluation.prdc import prdc, radii


def line(*xs):
    return np.array(xs, float)[:, None]


def test_points_on_a_line():
    real = line(0, 1, 2, 10)  # with K = 1 the balls reach 1, 1, 1, 8
    fake = line(0.5, 2.5, 30, 31)  # and these 2, 2, 1, 1
    found = prdc(real, fake, k=1)
    # 0.5 lies in the balls of 0 and 1; 2.5 in those of 2 and 10; 30 and 31 in none.
    assert found == {"precision": 0.5, "recall": 0.75, "density": 1.0, "coverage": 1.0}


def test_one_fake_mode_has_precision_but_no_recall():
    real = line(*range(20))
    fake = line(*(7.2 + 0.001 * np.arange(20)))
    found = prdc(real, fake)
    assert found["precision"] == 1.0
    assert found["recall"] == 0.0
    assert found["coverage"] < 0.5


def test_far_fakes_have_neither():
    found = prdc(line(*range(20)), line(*range(1000, 1020)))
    assert set(found.values()) == {0.0}


def test_radius_is_the_fifth_other_point():
    np.testing.assert_allclose(radii(line(*range(10)))[:3], [25, 16, 9])


def test_equal_points_have_radius_zero_and_hold_nothing():
    found = prdc(np.ones((20, 3)), np.ones((20, 3)))
    assert set(found.values()) == {0.0}


def test_alike_sets_sit_where_theory_says():
    rng = np.random.default_rng(0)
    found = prdc(*rng.standard_normal((2, 1500, 16)))
    assert found["density"] == pytest.approx(1.0, abs=0.1)
    assert found["coverage"] == pytest.approx(1 - 2**-5, abs=0.02)  # a real ball misses all fakes


def test_distances_in_chunks_are_the_plain_ones():
    a, b = np.random.default_rng(0).standard_normal((2, 23, 4))
    blocks = np.concatenate([block for _, block in squared(a, b, chunk=7)])
    plain = ((a[:, None] - b[None]) ** 2).sum(-1)
    np.testing.assert_allclose(blocks, plain, rtol=1e-10)
    index, gap = nearest(a, b, chunk=7)
    np.testing.assert_array_equal(index, plain.argmin(1))
    np.testing.assert_allclose(gap, np.sqrt(plain.min(1)), rtol=1e-10)
    index, _ = nearest(a, a, own=np.arange(23), chunk=7)
    assert not (index == np.arange(23)).any()


def test_mean_pairwise():
    assert mean_pairwise(line(0, 1, 3)) == pytest.approx((1 + 3 + 2) / 3)
    assert np.isnan(mean_pairwise(line(0)))
