"""Nearest real images by the judge's features: the same as by hand, ready after a while."""

import time

import numpy as np
import pytest

from gan_core import data
from gan_core.errors import DataError
from gan_core.evaluation import judge
from gan_core.evaluation.features import cache_folder, open_judge
from gan_core.explore.reals import ByFeatures, Reals


def finished(reals, dataset, pixels, seconds=120):
    end = time.monotonic() + seconds
    while isinstance(found := reals.nearest(dataset, pixels)[1], str):
        assert "so far" in found, found
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


def test_nearest_by_features_as_by_hand(tmp_path):
    reals = Reals(tmp_path)
    dataset = reals.dataset("mnist_5k")
    image = dataset.held_out[11]
    found = finished(reals, dataset, image)
    assert isinstance(found, ByFeatures)
    seen = judge.look(open_judge(dataset, cache_folder(tmp_path)), dataset.train)[0]
    own = judge.look(open_judge(dataset, cache_folder(tmp_path)), image[None])[0][0]
    cosine = seen @ own / np.linalg.norm(seen, axis=1) / np.linalg.norm(own)
    order = np.argsort(-cosine)[:8]
    np.testing.assert_allclose(found.cosines, cosine[order], atol=1e-5)
    assert (dataset.train_labels[found.indices] == dataset.held_out_labels[11]).mean() > 0.5
    own_image = finished(reals, dataset, dataset.train[5])
    assert own_image.indices[0] == 5
    assert own_image.cosines[0] == pytest.approx(1, abs=1e-4)


def test_no_judge_is_trained_while_somebody_looks(tmp_path):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (60, 8, 8), np.uint8), np.arange(60) % 3
    np.savez(tmp_path / "own.npz", x_train=x, y_train=y)
    reals = Reals(tmp_path)
    dataset = reals.dataset("own")
    end = time.monotonic() + 60
    while "so far" in (found := reals.nearest(dataset, dataset.train[0])[1]):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "There is no judge for these data yet" in found


def test_data_that_are_not_here(tmp_path):
    with pytest.raises(DataError, match="not on this machine"):
        Reals(tmp_path).dataset("fashion_mnist")
    with pytest.raises(DataError, match="is not known"):
        Reals(tmp_path).dataset(None)
    assert data.spec("mnist_5k", tmp_path).available
