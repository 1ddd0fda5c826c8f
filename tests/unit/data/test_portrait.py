"""What a set looks like: groups, pools, means and bins, against arrays that can be reckoned by hand."""

import numpy as np
import pytest

from gan_core.data.base import Dataset, DatasetSpec
from gan_core.data.portrait import BINS, Portraits, of
from gan_core.errors import DataError


def dataset(splits, **more) -> Dataset:
    fields = {
        "name": "mine", "title": "mine", "kind": "images", "image_shape": (2, 2, 1),
        "num_classes": 0, "class_names": (), "num_train": 3, "num_held_out": 1, "source": "file",
        "licence": "", "origin": "",
    }  # fmt: skip
    return Dataset(DatasetSpec(**fields | more), splits)


def flat(*values) -> np.ndarray:
    """Images of one value each, uint8 [N, 2, 2, 1]."""
    return np.array(values, np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 1), np.uint8)


@pytest.fixture
def classes():
    train = {"image": flat(0, 100, 200), "label": np.array([0, 1, 1], np.int32)}
    held_out = {"image": flat(40), "label": np.array([0], np.int32)}
    names = {"num_classes": 2, "class_names": ("none", "some")}
    return of(dataset({"train": train, "held_out": held_out}, **names))


def test_every_class_has_its_counts_its_mean_and_its_images(classes):
    none, some = classes.groups
    assert (none.name, dict(none.counts)) == ("none", {"train": 1, "held_out": 1})
    assert (some.name, dict(some.counts)) == ("some", {"train": 2, "held_out": 0})
    assert some.mean[0].tolist() == [[[150.0]] * 2] * 2
    assert classes.mean[0][0, 0, 0] == 100.0
    (images,) = classes.some(1, "train", 0, 5)
    assert images[:, 0, 0, 0].tolist() == [100, 200]
    assert len(classes.some(1, "held_out", 0, 5)[0]) == 0


def test_bins_are_shares_of_pixels_to_learn_from(classes):
    found = np.array(classes.bins)
    assert len(found) == BINS and found.sum() == pytest.approx(1)
    assert np.flatnonzero(found).tolist() == [0, 100 // 8, 200 // 8]
    assert found[0] == pytest.approx(1 / 3)


def test_pairs_keep_input_and_target_together():
    rows = np.arange(200, dtype=np.uint8)
    parts = {"input": flat(*rows), "target": flat(*(255 - rows))}
    found = of(dataset({"train": parts, "held_out": parts}, kind="pairs"))
    for turn in (0, 1, 2):
        own, target = found.some(0, "train", turn, 7)
        assert (own.astype(int) + target == 255).all() and len(own) == 7
    assert [m[0, 0, 0] for m in found.mean] == [99.5, 155.5]


def test_others_are_others_and_the_same_turn_is_the_same():
    values = flat(*range(250))
    found = of(dataset({"train": {"image": values}, "held_out": {"image": values}}))
    first, again, other = (found.some(0, "train", turn, 8)[0].tobytes() for turn in (1, 1, 2))
    assert first == again and first != other


def test_sides_are_two_groups_and_points_have_no_mean(tmp_path):
    arrays = {"a": flat(10, 20), "b": flat(30)}
    found = of(dataset({"train": arrays, "held_out": arrays}, kind="sides"))
    assert [(g.name, g.counts["train"]) for g in found.groups] == [("a", 2), ("b", 1)]
    ring = Portraits(tmp_path).get("ring")
    assert ring.groups[0].mean == () and ring.bins == ()
    assert ring.some(0, "train", 0, 4)[0].shape == (4, 2)


def test_a_portrait_is_made_anew_when_the_file_changes(tmp_path):
    made = Portraits(tmp_path)
    for value in (50, 60):
        images = np.full((40, 28, 28), value, np.uint8)
        images[:, 0, 0] = np.arange(40)  # else they would be one image only
        np.savez(tmp_path / "mine.npz", x_train=images)
        assert made.get("mine").mean[0][5, 5, 0] == value


def test_what_is_not_here_yet_is_said(tmp_path):
    with pytest.raises(DataError, match="not been downloaded"):
        Portraits(tmp_path).get("mnist")
