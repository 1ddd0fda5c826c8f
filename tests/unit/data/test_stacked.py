"""Stacked MNIST: what it is made of, and that it is always the same."""

import numpy as np
import pytest

from gan_core import data
from gan_core.data import stacked
from gan_core.data.base import Dataset


def digits(tmp_path):
    """Ten flat digits, each of its own brightness, in the place of MNIST."""
    flat = np.repeat(np.arange(10, dtype=np.uint8), 3)[:, None, None, None]
    images = np.broadcast_to(flat, (30, 28, 28, 1)).copy()
    mnist = data.spec("mnist", tmp_path)
    return Dataset.of(mnist, images, None, images[::3], None)


def test_every_channel_is_one_of_the_digits_and_all_thousand_occur(tmp_path):
    found = stacked.stack(digits(tmp_path))
    assert found.train.shape == (128_000, 28, 28, 3) and found.train.dtype == np.uint8
    assert found.held_out.shape == (10_000, 28, 28, 3) and found.train_labels is None
    triples = found.train[:, 0, 0, :].astype(int)
    assert (found.train[::1000] == triples[::1000, None, None, :]).all()
    counts = np.bincount(triples @ [100, 10, 1], minlength=1000)
    assert (counts > 0).all() and abs(counts.mean() - 128) < 1e-9
    assert counts.std() < 1.2 * np.sqrt(128)  # Poisson: equal shares by chance


@pytest.mark.thorough
def test_it_is_the_same_every_time_and_held_out_differs(tmp_path):
    one, two = stacked.stack(digits(tmp_path)), stacked.stack(digits(tmp_path))
    assert (one.train[:500] == two.train[:500]).all()
    assert (one.train[:500] != one.held_out[:500]).any()


def test_it_is_listed_as_generated_from_mnist_and_needs_its_download(tmp_path):
    found = data.spec("stacked_mnist", tmp_path)
    assert found.source == "generated" and found.download_bytes == 11_490_434
    assert found.num_classes == 0 and found.image_shape == (28, 28, 3) and not found.available
