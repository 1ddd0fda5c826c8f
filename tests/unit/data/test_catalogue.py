"""Listing, naming and loading data sets."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_core import data
from gan_core.errors import DataError

PLAIN = ["mnist_5k", "pixel_faces", "mnist", "fashion_mnist", "ring", "stacked_mnist"]
PAIRS = ["edges_to_digits", "half_to_digits", "quarter_to_digits", "grey_to_faces"]
SIDES = ["digits_and_paper", "digits_and_inverted", "digits_and_rotated", "faces_and_glasses"]
DOWNLOADS = ["kmnist", "cifar10", "facades", "apple2orange", "horse2zebra"]
BUILT_IN = [*PLAIN, *PAIRS, *SIDES, *DOWNLOADS]


def test_built_in_sets_are_listed_without_a_folder(tmp_path):
    listed = data.specs(tmp_path / "missing")
    assert [s.name for s in listed] == BUILT_IN
    assert [s.name for s in listed if not s.available] == [
        "mnist",
        "fashion_mnist",
        "stacked_mnist",
        *DOWNLOADS,
    ]
    sources = [
        *["bundled"] * 2,
        *["download"] * 2,
        *["generated"] * 9,
        "bundled",
        *["download"] * 5,
    ]
    assert [s.source for s in listed] == sources
    kinds = [*["images"] * 4, "points", "images", *["pairs"] * 4, *["sides"] * 4]
    kinds += ["images", "images", "pairs", "sides", "sides"]
    assert [s.kind for s in listed] == kinds
    assert not any(s.problem for s in listed)
    assert listed[2].download_bytes == 11_490_434


def test_own_file_is_listed_and_loaded(save, arrays, data_dir):
    path = save(arrays)
    mine = data.specs(data_dir)[-1]
    assert (mine.name, mine.source, mine.available) == ("mine", "file", True)
    assert (mine.image_shape, mine.num_train, mine.num_held_out) == ((8, 6, 1), 36, 4)
    assert mine.class_names == ("0", "1", "2", "3")
    assert mine.origin == str(path)
    loaded = data.load("mine", data_dir)
    assert loaded.spec == mine == data.spec("mine", data_dir)
    assert loaded.train.shape == (36, 8, 6, 1)
    assert np.bincount(loaded.train_labels).tolist() == [9] * 4


def test_splitting_keeps_order_pairs_and_overlaps_nowhere(save, arrays, data_dir):
    save(arrays)
    loaded = data.load("mine", data_dir)
    where = {image.tobytes(): i for i, image in enumerate(arrays["x_train"])}
    train = [where[image.tobytes()] for image in loaded.train]
    held_out = [where[image.tobytes()] for image in loaded.held_out]
    assert train == sorted(train)
    assert sorted(train + held_out) == list(range(40))
    assert loaded.train_labels.tolist() == [i % 4 for i in train]
    assert loaded.held_out_labels.tolist() == [i % 4 for i in held_out]


def test_given_test_split_is_the_held_out_part(save, arrays, data_dir):
    test = np.full((3, 8, 6, 1), 7, np.uint8)
    save({**arrays, "x_test": test, "y_test": np.array([[3], [0], [1]])})
    loaded = data.load("mine", data_dir)
    assert np.array_equal(loaded.held_out, test)
    assert loaded.held_out_labels.tolist() == [3, 0, 1]
    assert np.array_equal(loaded.train[..., 0], arrays["x_train"])
    assert (loaded.spec.num_train, loaded.spec.num_held_out) == (40, 3)


def test_unlabelled_colour_and_column_order(save, data_dir):
    images = np.random.default_rng(1).integers(0, 256, (30, 5, 7, 3), dtype=np.uint8)
    save({"x_train": np.asfortranarray(images)}, compressed=True)
    loaded = data.load("mine", data_dir)
    assert (loaded.spec.num_classes, loaded.train_labels, loaded.held_out_labels) == (0, None, None)
    assert (loaded.train.shape, loaded.held_out.shape) == ((27, 5, 7, 3), (3, 5, 7, 3))
    assert loaded.train.flags.c_contiguous
    rows = {image.tobytes() for image in images}
    assert {image.tobytes() for image in [*loaded.train, *loaded.held_out]} == rows


@pytest.mark.parametrize("own", [(3, 8), (0, 9), (1, 2, 3, 26), (500, 501), (999, 999_999), (7,)])
def test_classes_are_the_labels_that_occur(save, arrays, data_dir, own):
    labels = np.array(own)[np.arange(40) % len(own)]
    save({**arrays, "y_train": labels})
    loaded = data.load("mine", data_dir)
    assert (loaded.spec.num_classes, loaded.spec.labels) == (len(own), own)
    assert loaded.spec.class_names == tuple(map(str, own))
    assert loaded.train_labels.dtype == np.int32
    for images, classes in (
        (loaded.train, loaded.train_labels),
        (loaded.held_out, loaded.held_out_labels),
    ):
        where = {image.tobytes(): i for i, image in enumerate(arrays["x_train"])}
        given = [labels[where[image.tobytes()]] for image in images]
        assert [int(loaded.spec.class_names[k]) for k in classes] == given


def test_a_thousand_classes_of_any_numbers(save, data_dir):
    labels = np.repeat(np.arange(1000) * 7, 2)
    images = np.random.default_rng(0).integers(0, 256, (2000, 4, 4), np.uint8)
    save({"x_train": images, "y_train": labels})
    assert data.spec("mine", data_dir).num_classes == 1000


@pytest.mark.parametrize("names", [["three", "eight"], [f"digit {k}" for k in range(9)]])
def test_names_are_given_for_the_labels_that_occur_or_for_all(save, arrays, data_dir, names):
    labels = np.where(np.arange(40) % 2, 3, 8)
    save({**arrays, "y_train": labels, "class_names": np.array(names)})
    found = data.spec("mine", data_dir).class_names
    assert found == (("three", "eight") if len(names) == 2 else ("digit 3", "digit 8"))


def test_the_held_out_images_of_labels_with_gaps_are_those_of_dense_ones(save, arrays, data_dir):
    save({**arrays, "y_train": np.where(np.arange(40) % 2, 3, 8)}, "gaps")
    save({**arrays, "y_train": np.where(np.arange(40) % 2, 0, 1)}, "dense")
    gaps, dense = data.load("gaps", data_dir), data.load("dense", data_dir)
    assert np.array_equal(gaps.held_out, dense.held_out)


def test_class_names_of_the_file_are_used(save, arrays, data_dir):
    save({**arrays, "class_names": np.array(["cat", "dog", "große Eule", "鸟"])})
    assert data.spec("mine", data_dir).class_names == ("cat", "dog", "große Eule", "鸟")


def test_fashion_file_gets_its_class_names(save, arrays, data_dir):
    save({**arrays, "y_train": np.arange(40) % 10}, "fashion_mnist")
    fashion = data.spec("fashion_mnist", data_dir)
    assert (fashion.available, fashion.download_bytes) == (True, 0)
    assert fashion.class_names[0] == "T-shirt/top"
    assert fashion.class_names[9] == "Ankle boot"


def test_changed_file_is_read_anew(save, arrays, data_dir):
    path = save(arrays)
    assert data.spec("mine", data_dir).num_classes == 4
    save({"x_train": arrays["x_train"]})
    os.utime(path, ns=(1, 1))
    assert data.spec("mine", data_dir).num_classes == 0


def test_unusable_file_is_listed_with_its_problem(save, arrays, data_dir):
    path = save({"pictures": arrays["x_train"]})
    mine = data.specs(data_dir)[-1]
    assert (mine.name, mine.available) == ("mine", False)
    assert "It has no `x_train`. Received: `pictures`." in mine.problem
    with pytest.raises(DataError, match=f"{path} cannot be used. It has no `x_train`"):
        data.load("mine", data_dir)


def test_damaged_download_says_how_to_replace_it(data_dir):
    (data_dir / "mnist.npz").write_bytes(b"<html>not found</html>")
    assert data.spec("mnist", data_dir).problem.startswith("It is damaged or not an .npz file")
    with pytest.raises(DataError, match="If it is damaged, delete it to download it again"):
        data.load("mnist", data_dir)


@pytest.mark.parametrize("name", ["ring", "mnist_5k"])
def test_file_named_like_a_built_in_set_is_not_silently_ignored(save, arrays, data_dir, name):
    save(arrays, name)
    listed = data.specs(data_dir)[-1]
    assert (listed.name, listed.available) == (f"{name}.npz", False)
    assert f"`{name}` is a built-in set. Rename the file." in listed.problem
    with pytest.raises(DataError, match="is a built-in set"):
        data.load(f"{name}.npz", data_dir)
    assert data.load(name, data_dir).spec.source != "file"


def test_file_with_an_odd_name_is_a_problem(save, arrays, data_dir):
    save(arrays, "my set (1)")
    assert "Its name cannot be used. Rename" in data.spec("my set (1)", data_dir).problem


def test_unknown_name_suggests_and_lists(save, arrays, data_dir):
    save(arrays)
    text = "Unknown data set 'minst'. Did you mean `mnist`. Available: mnist_5k, pixel_faces, mnist, .*, mine"
    with pytest.raises(DataError, match=text.replace("`mnist`.", "`mnist`\\?")):
        data.spec("minst", data_dir)


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "a/b", "a\\b", "nul\0", "", ".", "..", "x" * 5000, "a\n"]
)
def test_names_with_path_tricks_are_unknown(save, arrays, data_dir, tmp_path, name):
    np.savez(tmp_path / "secret.npz", **arrays)
    with pytest.raises(DataError, match="Names are the letters a to z, digits, _ and -, up to 64"):
        data.load(name, data_dir)


def test_other_files_and_folders_are_left_alone(data_dir):
    (data_dir / "folder.npz").mkdir()
    (data_dir / "notes.txt").write_text("hello")
    (data_dir / ".hidden.npz").write_text("hello")
    os.mkfifo(data_dir / "pipe.npz")  # opening it would wait for ever
    assert [s.name for s in data.specs(data_dir)] == BUILT_IN


def test_pipe_in_the_place_of_a_download_is_refused(data_dir):
    os.mkfifo(data_dir / "mnist.npz")
    assert "It is not a regular file" in data.spec("mnist", data_dir).problem


def test_data_folder_that_is_a_file_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be read"):
        data.specs(tmp_path / "file")


def test_default_folder_follows_the_setting(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_DATA_DIR", "~/pictures")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data.default_data_dir() == tmp_path / "pictures"
    monkeypatch.delenv("GAN_DATA_DIR")
    assert data.default_data_dir().parts[-2:] == ("ganscope", "data")


def test_listing_reads_no_images(save, data_dir):
    path = save({"x_train": np.zeros((40, 64, 64), np.uint8)})
    content = bytearray(path.read_bytes())
    content[100_000] ^= 1  # reading the images would notice this
    path.write_bytes(content)
    assert data.spec("mine", data_dir).available
    with pytest.raises(DataError, match="CRC-32"):
        data.load("mine", data_dir)


def test_listing_needs_no_tensorflow():
    code = (
        "import sys; from gan_core import data; data.specs('nowhere'); data.load('ring', '.');"
        "sys.exit(any(name in sys.modules for name in ('tensorflow', 'keras', 'streamlit')))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])


@pytest.mark.skipif("GAN_TEST_DATA_DIR" not in os.environ, reason="GAN_TEST_DATA_DIR is not set")
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_full_sets_have_their_published_counts(name):
    loaded = data.load(name, os.environ["GAN_TEST_DATA_DIR"])
    assert loaded.train.shape == (60_000, 28, 28, 1)
    assert loaded.held_out.shape == (10_000, 28, 28, 1)
    counts = np.bincount(loaded.train_labels).tolist()
    # Class counts of the MNIST training set as published; Fashion-MNIST has 6,000 of each.
    mnist = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert counts == (mnist if name == "mnist" else [6000] * 10)
