"""Classes of a kept set get other names; images, labels and digest stay as they are."""

import numpy as np
import pytest

from gan_core.data import load, setfile
from gan_core.errors import DataError
from gan_core.importing.shelf import Shelf


@pytest.fixture
def folder(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (40, 28, 28, 3), np.uint8)
    labels = np.arange(40) % 2 + 3
    np.savez_compressed(tmp_path / "packed.npz", x_train=images, y_train=labels)
    names = np.array(["cat", "dog"])
    np.savez(tmp_path / "mine.npz", x_train=images, y_train=labels, class_names=names)
    return tmp_path


@pytest.mark.parametrize(("name", "old", "names"), [("mine", "cat", "dog"), ("packed", "3", "4")])
def test_a_class_is_renamed_and_nothing_else_changes(folder, name, old, names):
    before, digest = load(name, folder), setfile.inspect(folder / f"{name}.npz").digest
    Shelf(folder).rename_class(name, old, "고양이")
    after = load(name, folder)
    assert after.spec.class_names == ("고양이", names)
    assert after.spec.labels == (3, 4) and after.spec.digest == digest
    assert np.array_equal(before.train, after.train)
    assert np.array_equal(before.train_labels, after.train_labels)
    Shelf(folder).rename_class(name, "고양이", old)
    assert load(name, folder).spec.class_names == (old, names)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cat", "dog", "already"),
        ("cat", " ", "cannot be called"),
        ("cat", "x" * 999, "cannot be called"),
        ("cow", "calf", "no class"),
    ],
)
def test_names_that_cannot_be_are_refused_and_the_file_stays(folder, old, new, words):
    before = (folder / "mine.npz").read_bytes()
    with pytest.raises(DataError, match=words):
        Shelf(folder).rename_class("mine", old, new)
    assert (folder / "mine.npz").read_bytes() == before
    assert not [path for path in folder.iterdir() if path.name.startswith(".tmp")]


def test_sets_of_the_app_keep_their_names(folder):
    with pytest.raises(DataError):
        Shelf(folder).rename_class("mnist_5k", "0", "zero")
