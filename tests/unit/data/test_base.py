"""The held-out rule, against counts worked out by hand."""

import numpy as np
import pytest

from gan_core.data.base import Dataset, freeze, held_out_counts, held_out_split


@pytest.mark.parametrize(
    ("per_class", "held_out"),
    [([500] * 10, [50] * 10), ([20, 14, 5, 4], [2, 1, 1, 0]), ([4, 2], [1, 0])],
)
def test_a_tenth_of_each_class_is_held_out(per_class, held_out):
    labels = np.repeat(np.arange(len(per_class)), per_class)
    assert held_out_counts(len(labels), labels).tolist() == held_out
    _, chosen = held_out_split(len(labels), labels)
    assert np.bincount(labels[chosen], minlength=len(per_class)).tolist() == held_out


def test_a_tenth_of_all_is_held_out_without_labels():
    train, held_out = held_out_split(1000, None)
    assert (len(train), len(held_out)) == (900, 100)


def test_a_label_that_never_occurs_is_no_obstacle():
    labels = np.array([0] * 20 + [3] * 20)
    _, held_out = held_out_split(40, labels)
    assert np.bincount(labels[held_out]).tolist() == [2, 0, 0, 2]


@pytest.mark.parametrize("labelled", [True, False])
def test_split_covers_everything_once_in_order(labelled):
    labels = np.arange(997) % 7 if labelled else None
    train, held_out = held_out_split(997, labels)
    assert np.array_equal(np.sort(np.concatenate([train, held_out])), np.arange(997))
    assert (np.diff(train) > 0).all()
    assert (np.diff(held_out) > 0).all()


def test_the_choice_never_changes():
    # Another choice would let resumed runs train on what they held out before.
    _, held_out = held_out_split(60, np.arange(60) % 3)
    assert held_out.tolist() == [0, 3, 11, 19, 32, 58]


def test_frozen_arrays_refuse_writing():
    array = freeze(np.zeros((2, 3))[:, ::2])
    assert array.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1


def test_a_data_set_is_named_arrays_in_two_splits():
    images, labels = np.zeros((3, 4, 4, 1), np.uint8), np.arange(3, dtype=np.int32)
    labelled = Dataset.of(None, images, labels, images[:1], labels[:1])
    assert {split: set(arrays) for split, arrays in labelled.splits.items()} == {
        "train": {"image", "label"},
        "held_out": {"image", "label"},
    }
    assert labelled.train is images and labelled.held_out_labels.tolist() == [0]
    bare = Dataset.of(None, images, None, images, None)
    assert set(bare.splits["train"]) == {"image"} and bare.train_labels is None
