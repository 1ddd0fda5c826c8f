"""Nearest real images: the right ones, and a verdict that copies and real images agree with."""

import numpy as np
import pytest

from gan_core import data
from gan_core.explore.neighbours import PixelIndex
from gan_core.storage.images import to_float


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return data.load("mnist_5k", tmp_path_factory.mktemp("none"))


@pytest.fixture(scope="module")
def index(digits):
    return PixelIndex(digits.train, digits.held_out)


def test_nearest_first_as_by_brute_force(digits, index):
    image = to_float(digits.held_out[7])
    found = index.nearest(image)
    errors = np.mean((to_float(digits.train) - image) ** 2, axis=(1, 2, 3))
    order = np.argsort(errors)[:8]
    np.testing.assert_array_equal(found.indices, order)
    np.testing.assert_allclose(found.distances, errors[order], rtol=1e-3)


def test_training_images_are_copies_also_with_noise(digits, index):
    rng = np.random.default_rng(0)
    for noise in (0.0, 0.1):
        for image in digits.train[:40]:
            shown = np.clip(to_float(image) + noise * rng.standard_normal(image.shape), -1, 1)
            assert index.nearest(shown).copy
    assert index.nearest(to_float(digits.train[3])).distances[0] < 1e-5


def test_held_out_images_are_not(digits, index):
    assert not any(index.nearest(to_float(image)).copy for image in digits.held_out[:100])


def test_the_percentile_is_among_held_out_images(digits, index):
    shares = [index.nearest(to_float(image)).percentile for image in digits.held_out[:200]]
    assert 0.4 < np.mean(shares) < 0.6
    assert index.nearest(to_float(digits.train[0])).percentile == 0
    noise = np.random.default_rng(1).uniform(-1, 1, (28, 28, 1))
    assert index.nearest(noise).percentile == 1


def test_fewer_images_than_neighbours():
    train = np.random.default_rng(2).integers(0, 256, (3, 4, 4, 1), np.uint8)
    found = PixelIndex(train, train[:1]).nearest(to_float(train[1]))
    assert found.indices[0] == 1
    assert found.distances[0] < 1e-6
