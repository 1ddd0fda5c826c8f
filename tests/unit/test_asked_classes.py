"""Which classes are asked for where fakes are measured."""

import numpy as np

from gan_core.tasks.synthesis import Inputs


def test_classes_are_asked_for_as_often_as_the_data_has_them_and_equally_without_a_word():
    inputs = Inputs(latent_dim=3, prior="normal", num_classes=4)
    z, labels, rows = inputs.draw(10, seed=1, shares=np.array([0.5, 0.0, 0.2, 0.3]))
    assert labels.tolist() == [0] * 5 + [2] * 2 + [3] * 3
    assert z.shape == (10, 3) and rows.argmax(1).tolist() == labels.tolist()
    assert np.bincount(inputs.draw(8, seed=1)[1]).tolist() == [2, 2, 2, 2]


def test_who_knows_no_classes_is_asked_for_none():
    z, labels, rows = Inputs(latent_dim=3, prior="uniform", num_classes=0).draw(5, seed=1)
    assert labels is None and rows.shape == (5, 0) and np.abs(z).max() <= 1
