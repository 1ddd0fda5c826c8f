"""Training works: the toy covers the ring, and a broken loss does not."""

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.algorithms.losses import LOSSES, NON_SATURATING
from gan_core.data import toy
from gan_core.tasks import latent
from gan_core.training.session import build_algorithm

STEPS = 800  # the last mode is found by 600; a second of training


def covered_modes(algorithm):
    """Modes of the ring that got at least 2 % of 2,000 fakes within three standard deviations."""
    fakes = algorithm.sample(latent.sample(2000, algorithm.config.latent_dim, seed=0), None)
    centres = toy.ring_modes()
    distances = np.linalg.norm(fakes[:, None] - centres[None], axis=-1)
    near = distances.argmin(axis=1)[distances.min(axis=1) < 0.2]
    return int((np.bincount(near, minlength=len(centres)) >= 40).sum())


def train(tmp_path, seed):
    dataset = data.load("ring", tmp_path)
    algorithm = build_algorithm(recipes.config("toy_mlp", "ring", seed=seed), dataset)
    for _ in range(STEPS // 50):
        algorithm.train_steps(50)
    return algorithm


SLOW = pytest.mark.slow  # the same with other seeds


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=SLOW) for seed in (2, 3))])
def test_the_toy_covers_all_eight_modes(tmp_path, seed):
    assert covered_modes(train(tmp_path, seed)) == 8


def test_a_loss_with_its_sign_flipped_does_not(tmp_path, monkeypatch):
    """The same question must have another answer when the generator is pushed the wrong way."""
    broken = NON_SATURATING._replace(
        generator=lambda real, fake: -NON_SATURATING.generator(real, fake)
    )
    monkeypatch.setitem(LOSSES, "non_saturating", broken)
    assert covered_modes(train(tmp_path, 1)) == 0
