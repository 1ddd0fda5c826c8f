"""Copies and near-duplicates on images of known origin."""

import numpy as np
import pytest

from gan_core.evaluation import copies


@pytest.fixture(scope="module")
def small():
    """Thumbnails of 900 random smooth images."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (900, 4, 4, 1), dtype=np.uint8)
    return copies.thumbnails(coarse.repeat(4, 1).repeat(4, 2))


def test_thumbnails_average_blocks_and_keep_small_images():
    image = np.arange(32 * 20, dtype=np.uint8).reshape(1, 32, 20, 1)
    found = copies.thumbnails(image)
    assert found.shape == (1, 160)
    assert found[0, 0] == pytest.approx(image[0, :2, :2].mean() / 255)
    assert copies.thumbnails(np.full((3, 8, 6, 3), 255, np.uint8)).tolist() == [[1.0] * 144] * 3
    assert copies.thumbnails(np.zeros((1, 33, 17, 3), np.uint8)).shape == (1, 11 * 6 * 3)


def test_training_images_are_copies_and_new_ones_are_not(small):
    train, held_out, fresh = small[:600], small[600:750], small[750:]
    limit = copies.copy_limit(held_out, train)
    assert (copies.nearness(train[:100], train)[0] < limit).all()
    assert (copies.nearness(fresh, train)[0] < limit).mean() < copies.ALARM
    noisy = train[:100] + np.random.default_rng(1).normal(0, 0.01, train[:100].shape)
    ratio, index = copies.nearness(noisy.astype(np.float32), train)
    assert (ratio < limit).all()
    np.testing.assert_array_equal(index, np.arange(100))


def test_repeated_training_images_do_not_divide_by_zero(small):
    train = np.concatenate([small[:50], small[:50]])
    ratio, _ = copies.nearness(small[50:60], train)
    assert np.isfinite(ratio).all()


def test_birthday_estimate_finds_the_number_of_different_images(small):
    limit = copies.duplicate_limit(small[:500])
    for support in (5, 100):
        draws = small[np.random.default_rng(support).integers(0, support, 500)]
        found = copies.duplicates(draws, limit)
        assert found.support == pytest.approx(support, rel=0.2)
    assert found.share > 0.9
    assert copies.duplicates(small[:500], limit).support > 10_000


def test_no_pair_at_all_gives_the_lower_bound(small):
    assert copies.duplicates(small[:100], 1e-4) == (0.0, 4950.0)
