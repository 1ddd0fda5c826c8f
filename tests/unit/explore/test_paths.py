"""Paths keep to the prior: ends exact, lengths kept, marginals kept."""

import numpy as np
import pytest

from gan_core.errors import ConfigError
from gan_core.explore import paths
from gan_core.tasks import latent

T = np.linspace(0, 1, 9)


def pair(prior, size=64, seed=0):
    return latent.sample(2, size, seed=seed, prior=prior)


def distance_from_uniform(values):
    """Largest distance between the values' distribution and that of U[-1, 1]."""
    return np.abs((np.sort(values) + 1) / 2 - (np.arange(len(values)) + 0.5) / len(values)).max()


@pytest.mark.parametrize("prior", latent.PRIORS)
def test_the_ends_are_exact(prior):
    a, b = pair(prior)
    path = paths.between(a, b, T, prior=prior)
    np.testing.assert_allclose(path[0], a, atol=1e-6)
    np.testing.assert_allclose(path[-1], b, atol=1e-6)


@pytest.mark.parametrize("prior", latent.PRIORS)
def test_a_path_to_itself_stays(prior):
    a, _ = pair(prior)
    np.testing.assert_allclose(paths.between(a, a, T, prior=prior), np.tile(a, (9, 1)), atol=2e-5)


def test_slerp_keeps_the_length():
    a, b = pair("normal")
    norms = np.linalg.norm(paths.between(a, b, T, prior="normal"), axis=1)
    expected = (1 - T) * np.linalg.norm(a) + T * np.linalg.norm(b)
    np.testing.assert_allclose(norms, expected, rtol=1e-5)


def test_the_middle_of_a_uniform_path_stays_uniform_where_a_line_crowds():
    a, b = latent.sample(2, 4000, seed=1, prior="uniform")
    middle = paths.between(a, b, np.array([0.5]), prior="uniform")[0]
    limit = 1.63 / np.sqrt(4000)  # Kolmogorov-Smirnov at 1 %
    assert distance_from_uniform(middle) < limit
    assert distance_from_uniform((a + b) / 2) > 3 * limit


def test_probit_and_back():
    z = latent.sample(1, 100, seed=2, prior="uniform")[0]
    np.testing.assert_allclose(paths.unprobit(paths.probit(z)), z, atol=1e-6)


def test_a_loop_comes_back():
    stops = latent.sample(3, 8, seed=3)
    path = paths.along(
        stops, np.array([0, 1 / 3, 2 / 3, 1]), prior="normal", straight=True, loop=True
    )
    np.testing.assert_allclose(path, [*stops, stops[0]], atol=1e-5)


def test_one_point_is_no_path():
    with pytest.raises(ConfigError, match="at least 2 points. Received: 1"):
        paths.along(np.zeros((1, 4)), T, prior="normal", straight=False, loop=False)


@pytest.mark.parametrize("prior", latent.PRIORS)
def test_arithmetic_ends_at_a_typical_length(prior):
    terms = latent.sample(3, 64, seed=4, prior=prior)
    z = paths.combine(terms, np.array([1, -1, 1]), prior=prior)
    assert np.linalg.norm(z) == pytest.approx(paths.SIGMA[prior] * 8, rel=0.1)
    assert prior == "normal" or np.abs(z).max() <= 1
