"""What is wrong with the values of images is said, once they can be read at all."""

import io
import re
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_core import data
from gan_core.data import content
from gan_core.data.checksum import crc_of_rest

RNG = np.random.default_rng(6)
FULL = RNG.integers(0, 256, (200, 8, 8), np.uint8)
SIGNED = RNG.uniform(-1, 1, (200, 8, 8))

WRONG = {
    "0 and 1": (FULL // 128, "from 0 to 1, so all images are nearly black: multiply by 255"),
    "0 to 16": (FULL // 16 + (FULL == 255), "from 0 to 16, so .* nearly black: multiply by 15.94"),
    "0 to 100": (
        FULL.astype(int) * 100 // 255,
        "from 0 to 100, so all images are dark: multiply by 2.55",
    ),
    "254 and 255": (255 - FULL // 128, "from 254 to 255, so all images are nearly white: stretch"),
    "128 to 255": (128 + FULL // 2, "from 128 to 255, so all images are pale"),
    "100 to 131": (100 + FULL // 8, "from 100 to 131, so all images are nearly one grey"),
    "wrapped": (np.rint(SIGNED * 2).astype(np.int64).astype(np.uint8), "near 0 and near 255 only"),
    "black": (np.zeros_like(FULL), "All pixels are 0, so all images are black"),
    "white": (np.full_like(FULL, 255), "All pixels are 255, so all images are white"),
    "constant": (np.full_like(FULL, 90), "All pixels are 90, so all images are one grey"),
    "equal": (np.tile(FULL[:1], (200, 1, 1)), "All 200 images are equal"),
    "few": (np.tile(FULL[:4], (50, 1, 1)), "All 200 images are copies of 4 different ones"),
    "equal and dark": (np.tile(FULL[:1] // 128, (200, 1, 1)), "black.* All 200 images are equal"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_is_wrong_is_said(save, data_dir, case, order):
    images, words = WRONG[case]
    save({"x_train": np.asarray(images, np.uint8, order=order)}, compressed=True)
    found = data.spec("mine", data_dir)
    assert found.available
    assert re.search(words, found.warning), found.warning
    assert data.load("mine", data_dir).spec.warning == found.warning


@pytest.mark.parametrize("case", ["0 and 1", "0 to 16", "0 to 100", "254 and 255", "100 to 131"])
def test_the_line_uses_all_levels(save, data_dir, case):
    images = np.asarray(WRONG[case][0], np.uint8)
    save({"x_train": images})
    code = re.findall("`([^`]+)`", data.spec("mine", data_dir).warning)[-1]
    names = {"np": np, "x_train": images}
    exec(code, names)
    low, high = int(images.min()), int(images.max())
    right = np.rint((images.astype(float) - low) * 255 / (high - low))
    assert names["x_train"].dtype == np.uint8
    assert np.abs(names["x_train"] - right).max() <= 1  # a half may be rounded either way
    save({"x_train": names["x_train"]}, "better")
    assert data.spec("better", data_dir).warning == ""


@pytest.mark.parametrize(
    "images",
    [
        FULL,
        FULL // 128 * 255,
        np.tile(FULL, (2, 1, 1)),
        np.append(FULL // 128, FULL[:1], 0),
        np.sort(FULL, axis=0),
        np.repeat(FULL[:20], 10, 0),
    ],
    ids=["random", "black and white", "twice", "one bright", "sorted", "ten of each"],
)
def test_ordinary_images_are_no_matter(save, data_dir, images):
    save({"x_train": images})
    assert data.spec("mine", data_dir).warning == ""


def test_a_dark_start_alone_is_no_matter(save, data_dir):
    images = np.concatenate([np.zeros((3 * content.MANY, 8, 8), np.uint8), FULL])
    save({"x_train": images})
    assert data.spec("mine", data_dir).warning == ""


def test_what_was_not_looked_at_is_not_spoken_of(save, data_dir, monkeypatch):
    monkeypatch.setattr(content, "BUDGET", 2 * content.MANY * 64)
    images = np.concatenate([np.zeros((3 * content.MANY, 8, 8), np.uint8), FULL])
    save({"x_train": images})
    assert "All pixels of the first 1,024 images are 0" in data.spec("mine", data_dir).warning


def test_the_test_split_is_looked_at_too(save, data_dir):
    save({"x_train": FULL, "x_test": FULL[:30] // 128})
    assert "`x_test = x_test * 255`" in data.spec("mine", data_dir).warning


@pytest.mark.parametrize(
    ("shape", "size"),
    [((40, 8, 8), (64, 8)), ((40, 20, 32, 3), (256, 32)), ((40, 100, 100, 3), (448, 56))],
)
def test_a_set_of_ones_own_has_a_picture(save, data_dir, shape, size):
    images = RNG.integers(0, 256, shape, np.uint8)
    save({"x_train": images})
    shown = Image.open(io.BytesIO(data.picture("mine", data_dir)))
    assert shown.size == size
    assert shown.mode == ("RGB" if len(shape) == 4 else "L")
    if shape == (40, 8, 8):
        assert np.array_equal(np.asarray(shown)[:, :8], images[0])
        assert np.array_equal(np.asarray(shown)[:, -8:], images[-1])


def test_a_refused_set_has_no_picture(save, data_dir):
    save({"x_train": FULL[:3]})
    assert data.picture("mine", data_dir) == b""
    assert data.picture("nothing", data_dir) == b""


@pytest.mark.parametrize("size", [0, 1, 7, 4096, 1_000_003])
def test_crc_of_the_rest_is_that_of_zlib(size):
    start, rest = RNG.bytes(128), RNG.bytes(size)
    assert crc_of_rest(zlib.crc32(start + rest), zlib.crc32(start), size) == zlib.crc32(rest)


def test_the_digest_is_of_the_numbers_alone(save, arrays, data_dir):
    save(arrays)
    first = data.spec("mine", data_dir).digest
    assert re.fullmatch("[0-9a-f]{32}", first)
    same = {
        "packed": arrays,
        "more": {**arrays, "class_names": np.array(list("abcd"))},
        "axis": {**arrays, "x_train": arrays["x_train"][..., None]},
        "type": {**arrays, "y_train": arrays["y_train"].astype(np.int64)[:, None]},
    }
    for name, content_ in same.items():
        save(content_, name, compressed=name == "packed")
        assert data.spec(name, data_dir).digest == first
        assert data.load(name, data_dir).spec.digest == first
    pixel = arrays["x_train"].copy()
    pixel[39, 7, 5] ^= 1
    other = {
        "inverted": {**arrays, "x_train": 255 - arrays["x_train"]},
        "pixel": {**arrays, "x_train": pixel},
        "turned": {**arrays, "x_train": arrays["x_train"].reshape(40, 6, 8)},
        "labels": {**arrays, "y_train": (arrays["y_train"] + 1) % 4},
        "unlabelled": {"x_train": arrays["x_train"]},
        "order": {**arrays, "x_train": arrays["x_train"][::-1]},
    }
    found = set()
    for name, content_ in other.items():
        save(content_, name)
        found.add(data.spec(name, data_dir).digest)
    assert len(found) == len(other)
    assert first not in found
