"""D's train and held-out gap by hand, and from a real discriminator that learned its images."""

import numpy as np
import pytest

from gan_core.evaluation.gap import auc, of_scores, values


def test_auc_by_hand():
    assert auc(np.array([3.0, 4.0]), np.array([1.0, 2.0])) == 1.0
    assert auc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 0.0
    assert auc(np.array([1.0, 2.0, 3.0]), np.array([2.0])) == 0.5  # one below, one equal, one above
    assert auc(np.zeros(5), np.zeros(7)) == 0.5


def test_auc_of_two_normal_samples_is_that_of_the_closed_form():
    """For N(d, 1) against N(0, 1) it is Phi(d / sqrt 2); 0.7602 for d = 1."""
    rng = np.random.default_rng(0)
    found = auc(rng.standard_normal(20_000) + 1.0, rng.standard_normal(20_000))
    assert found == pytest.approx(0.7602, abs=0.01)


def test_share_of_the_way_from_training_images_to_fakes():
    same = of_scores(np.full(4, 2.0), np.full(4, 2.0), np.full(4, -2.0))
    assert (same.share, same.auc) == (0.0, 0.5)
    half = of_scores(np.full(4, 2.0), np.full(4, 0.0), np.full(4, -2.0))
    assert half.share == 0.5 and half.auc == 1.0
    fooled = of_scores(np.full(4, 0.0), np.full(4, 0.0), np.full(4, 1.0))
    assert np.isnan(fooled.share)
    assert values(half)["d_gap_auc"] == 1.0 and values(half)["d_score_held_out"] == 0.0
