"""Real digits with images that nothing was prepared on, and statistics of them."""

from dataclasses import dataclass

import numpy as np
import pytest

from gan_core import data
from gan_core.evaluation import reference
from gan_core.evaluation.features import open_judge

COUNT = 400


@dataclass(frozen=True)
class Digits:
    """A data set cut from the bundled digits, and digits of the same kind outside it."""

    dataset: data.Dataset
    unseen: np.ndarray
    unseen_labels: np.ndarray


def cut_digits(folder):
    """2,000 training images, 250 held-out ones, and 2,750 unseen."""
    whole = data.load("mnist_5k", folder)
    train = np.random.default_rng(0).permutation(len(whole.train))
    held_out = np.random.default_rng(1).permutation(len(whole.held_out))
    inside, outside = (train[:2000], held_out[:250]), (train[2000:], held_out[250:])
    dataset = data.Dataset.of(
        whole.spec,
        whole.train[inside[0]],
        whole.train_labels[inside[0]],
        whole.held_out[inside[1]],
        whole.held_out_labels[inside[1]],
    )
    unseen = np.concatenate([whole.train[outside[0]], whole.held_out[outside[1]]])
    labels = np.concatenate([whole.train_labels[outside[0]], whole.held_out_labels[outside[1]]])
    mixed = np.random.default_rng(2).permutation(len(unseen))
    return Digits(dataset, unseen[mixed], labels[mixed])


@pytest.fixture(scope="session")
def digits(tmp_path_factory):
    return cut_digits(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def real(digits, tmp_path_factory):
    """The reference of the digits at 400 images, with the bundled judge."""
    judge = open_judge(digits.dataset, tmp_path_factory.mktemp("cache"))
    return reference.build(digits.dataset, judge, COUNT)
