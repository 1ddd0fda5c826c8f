"""The ring: eight modes where the docstring says."""

import numpy as np

from gan_core import data
from gan_core.data import toy


def test_modes_are_eight_on_the_unit_circle():
    modes = toy.ring_modes()
    assert modes.shape == (8, 2)
    assert modes.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(modes, axis=1), 1, atol=1e-6)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(modes[:3], [[1, 0], [half, half], [0, 1]], atol=1e-6)


def test_points_lie_around_the_modes_in_equal_shares():
    ring = data.load("ring", "nowhere")
    offsets = ring.train[:, None] - toy.ring_modes()
    nearest = np.linalg.norm(offsets, axis=2).argmin(axis=1)
    assert np.bincount(nearest).tolist() == [512] * 8
    noise = offsets[np.arange(len(nearest)), nearest]
    np.testing.assert_allclose(noise.std(axis=0), 0.05, rtol=0.05)
    assert len(set(nearest[:16].tolist())) > 4  # mixed


def test_ring_is_unlabelled_float32_and_repeatable():
    first, second = data.load("ring", "nowhere"), data.load("ring", "nowhere")
    assert np.array_equal(first.train, second.train)
    assert first.train.dtype == first.held_out.dtype == np.float32
    assert (first.train_labels, first.held_out_labels, first.spec.num_classes) == (None, None, 0)
    assert (len(first.train), len(first.held_out)) == (first.spec.num_train, 1024)
    assert not first.train.flags.writeable
