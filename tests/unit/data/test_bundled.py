"""The bundled digits are the file that assets/mnist_5k.md describes."""

import hashlib

import numpy as np

from gan_core import data
from gan_core.storage import images
from gan_core.storage.assets import ASSETS


def test_file_matches_its_description():
    digest = hashlib.sha256((ASSETS / "mnist_5k.npz").read_bytes()).hexdigest()
    assert digest in (ASSETS / "mnist_5k.md").read_text(encoding="utf-8")


def test_digits_split_450_and_50_a_class():
    digits = data.load("mnist_5k", "nowhere")
    assert digits.train.shape == (4500, 28, 28, 1)
    assert digits.held_out.shape == (500, 28, 28, 1)
    assert np.bincount(digits.train_labels).tolist() == [450] * 10
    assert np.bincount(digits.held_out_labels).tolist() == [50] * 10
    assert digits.spec.class_names == tuple("0123456789")


def test_pictures_of_sets_show_at_least_four_whole_images():
    for spec in data.specs("nowhere"):
        if spec.available and spec.kind != "points":
            pixels = images.from_png((ASSETS / "samples" / f"{spec.name}.png").read_bytes())
            assert pixels.shape[1] >= 4 * pixels.shape[0], spec.name


def test_no_digit_is_in_both_parts():
    digits = data.load("mnist_5k", "nowhere")
    train = {image.tobytes() for image in digits.train}
    assert len(train) == 4500
    assert not train & {image.tobytes() for image in digits.held_out}


def test_labels_belong_to_their_images():
    # Ones have the least ink and zeros the most, in MNIST as in anybody's handwriting.
    digits = data.load("mnist_5k", "nowhere")
    ink = [digits.train[digits.train_labels == k].mean() for k in range(10)]
    assert (np.argmin(ink), np.argmax(ink)) == (1, 0)


def test_arrays_are_read_only_and_typed():
    digits = data.load("mnist_5k", "nowhere")
    arrays = [digits.train, digits.held_out, digits.train_labels, digits.held_out_labels]
    assert [a.dtype for a in arrays] == [np.uint8, np.uint8, np.int32, np.int32]
    assert all(a.flags.c_contiguous and not a.flags.writeable for a in arrays)
