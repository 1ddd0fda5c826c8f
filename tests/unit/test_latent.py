"""Draws and paths in the latent space."""

import numpy as np
import pytest

from gan_core.tasks import latent


def test_draws_are_seeded_and_of_the_prior():
    normal = latent.sample(20_000, 4, seed=1)
    assert np.array_equal(normal, latent.sample(20_000, 4, seed=1))
    assert normal.mean() == pytest.approx(0, abs=0.02) and normal.std() == pytest.approx(
        1, rel=0.02
    )
    uniform = latent.sample(20_000, 4, seed=1, prior="uniform")
    assert uniform.min() >= -1 and uniform.max() <= 1
    assert uniform.std() == pytest.approx(1 / np.sqrt(3), rel=0.02)


def test_more_draws_begin_with_the_same_ones():
    assert np.array_equal(latent.sample(3, 5, seed=2), latent.sample(9, 5, seed=2)[:3])


def test_slerp_has_exact_ends_and_keeps_the_norm():
    a, b = latent.sample(2, 64, seed=3)
    path = latent.slerp(a, b, np.linspace(0, 1, 11))
    assert np.allclose(path[0], a, atol=1e-6) and np.allclose(path[-1], b, atol=1e-6)
    norms = np.linalg.norm(path, axis=1)
    expected = np.linspace(np.linalg.norm(a), np.linalg.norm(b), 11)
    assert np.allclose(norms, expected, rtol=1e-5)
    assert np.linalg.norm(latent.lerp(a, b, [0.5])) < 0.85 * norms[5]


def test_slerp_to_itself_stays():
    a = latent.sample(1, 8, seed=4)[0]
    assert np.allclose(latent.slerp(a, a, [0.0, 0.3, 1.0]), a, atol=1e-6)


def test_one_hot():
    assert latent.one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert latent.one_hot([1, 1], 0).shape == (2, 0)
