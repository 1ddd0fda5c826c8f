"""Data for which a measure has no meaning: it is left out in words, the others stay."""

import math

import numpy as np
import pytest

from gan_core import data
from gan_core.evaluation import measure, reference
from gan_core.evaluation.features import open_judge

COUNT = 20
ONE = np.random.default_rng(0).integers(0, 256, (1, 8, 8), np.uint8)
SETS = {
    "black": np.zeros((60, 8, 8), np.uint8),
    "constant": np.full((60, 8, 8), 128, np.uint8),
    "equal": ONE.repeat(60, 0),
    "an image a class": np.random.default_rng(1).integers(0, 256, (3, 8, 8), np.uint8)[
        np.arange(60) % 3
    ],
}


@pytest.fixture(params=[(name, labelled) for name in SETS for labelled in (False, True)], ids=str)
def made(request, tmp_path):
    """(name, reference) of a small set."""
    name, labelled = request.param
    arrays = {"x_train": SETS[name]}
    if labelled:
        arrays["y_train"] = np.arange(60) % 3
    np.savez(tmp_path / "mine.npz", **arrays)
    dataset = data.load("mine", tmp_path)
    judge = open_judge(dataset, tmp_path / "cache")
    return name, reference.build(dataset, judge, COUNT)


@pytest.mark.sampled(2)
def test_what_has_no_meaning_is_left_out_in_words(made):
    name, real = made
    noise = np.random.default_rng(2).integers(0, 256, (COUNT, 8, 8, 1), np.uint8)
    found = measure.measure(noise, None, real)
    if name == "an image a class":
        assert set(found.left_out) <= {"precision", "recall", "density", "coverage"}
        assert 0 < found.values["diversity"] < 50
    else:
        assert found.left_out["diversity"] == "real images do not differ"
        assert found.left_out["copies"] == "all training images are equal"
        assert {"precision", "recall", "density", "coverage", "authentic"} <= set(found.left_out)
    assert not set(found.left_out) & {n.partition("/")[0] for n in found.values}
    distances = [v for n, v in found.values.items() if n.startswith(("fd_", "kd_"))]
    assert len(distances) == 4
    assert all(map(math.isfinite, distances))
    assert not set(found.left_out) & set(real.floor)
    assert not found.copying
    looked = measure.probe(noise, None, real)
    assert math.isnan(looked.diversity) == ("diversity" in found.left_out)


@pytest.mark.sampled(2)
def test_it_comes_back_from_the_cache(made, tmp_path):
    _, real = made
    dataset = data.load("mine", tmp_path)
    first = reference.open_reference(dataset, tmp_path / "cache", count=COUNT)
    again = reference.open_reference(dataset, tmp_path / "cache", count=COUNT)
    assert again.left_out == first.left_out == real.left_out


def test_copies_are_not_counted_where_noise_would_be_one(tmp_path):
    """Of images that differ a lot, each is nearer to grey, as noise is from afar, than to any other."""
    blots = np.random.default_rng(3).integers(0, 2, (120, 8, 8, 3), np.uint8) * np.uint8(255)
    np.savez(tmp_path / "mine.npz", x_train=blots.repeat(8, 1).repeat(8, 2))
    dataset = data.load("mine", tmp_path)
    real = reference.open_reference(dataset, tmp_path / "cache", count=COUNT)
    assert real.ceiling["copies"] == 1.0
    grey = np.full((COUNT, 64, 64, 3), 128, np.uint8)
    found = measure.measure(grey, None, real)
    assert found.left_out["copies"] == "noise would count as copies, too" and not found.copying
    assert not {"copies", "authentic"} & {*found.values, *real.floor}
    again = reference.open_reference(dataset, tmp_path / "cache", count=COUNT)
    assert again.left_out == real.left_out and again.floor.keys() == real.floor.keys()
