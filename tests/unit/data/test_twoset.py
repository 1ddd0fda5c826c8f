"""Pairs and two sides in a file of one's own: read as they say, refused in words, doubted where odd."""

import hashlib
import io
import zlib

import numpy as np
import pytest
from PIL import Image

from gan_core import data
from gan_core.data import pictures
from gan_core.errors import DataError
from gan_core.importing import forms_list
from tests.unit.data.test_hints import convert, proposed

RNG = np.random.default_rng(0)
A = RNG.integers(0, 256, (40, 8, 6), np.uint8)
B = RNG.integers(0, 256, (40, 8, 6, 3), np.uint8)
LABELS = np.arange(40) % 4
PAIRS = {"a_train": A, "b_train": B, "kind": "pairs"}
SIDES = {"a_train": A, "b_train": B[:30], "kind": "sides"}


def rows(images, of):
    """Which images of `of` these are."""
    where = {image.tobytes(): k for k, image in enumerate(of)}
    return [where[image.tobytes()] for image in images]


def test_a_pair_stays_together_in_both_splits(save, data_dir):
    save(PAIRS | {"a_labels": LABELS, "class_names": np.array(["ant", "bee", "cat", "dog"])})
    loaded = data.load("mine", data_dir)
    spec = loaded.spec
    assert (spec.kind, spec.image_shape, spec.target_shape) == ("pairs", (8, 6, 1), (8, 6, 3))
    assert (spec.num_train, spec.num_held_out, spec.source) == (36, 4, "file")
    assert (spec.num_classes, spec.class_names[2], spec.warning) == (4, "cat", "")
    assert spec == data.spec("mine", data_dir) == data.specs(data_dir)[-1]
    seen = []
    for split in ("train", "held_out"):
        pairs = loaded.splits[split]
        found = rows(pairs["input"], A)
        assert found == rows(pairs["target"], B)
        assert pairs["label"].tolist() == LABELS[found].tolist()
        assert not any(array.flags.writeable for array in pairs.values())
        seen += found
    assert sorted(seen) == list(range(40))
    assert np.bincount(loaded.splits["held_out"]["label"]).tolist() == [1] * 4


def test_a_given_test_split_is_held_out(save, data_dir):
    test = {"a_test": A[:3], "b_test": B[:3], "a_test_labels": LABELS[:3]}
    save(PAIRS | test | {"a_labels": LABELS.reshape(-1, 1)})
    loaded = data.load("mine", data_dir)
    assert rows(loaded.splits["held_out"]["input"], A) == [0, 1, 2]
    assert loaded.splits["held_out"]["label"].tolist() == [0, 1, 2]
    assert loaded.spec.num_train == len(loaded.splits["train"]["target"]) == 40


def test_two_sides_have_counts_and_labels_of_their_own_and_become_colour(save, data_dir):
    save(SIDES | {"a_labels": LABELS + 5, "b_labels": np.full(30, 9)})
    loaded = data.load("mine", data_dir)
    spec = loaded.spec
    assert (spec.kind, spec.image_shape, spec.target_shape) == ("sides", (8, 6, 3), (8, 6, 3))
    counts = (spec.num_train, spec.num_held_out, spec.num_train_b, spec.num_held_out_b)
    assert counts == (36, 4, 27, 3)
    assert spec.labels == (5, 6, 7, 8, 9)
    train, held_out = loaded.splits["train"], loaded.splits["held_out"]
    assert (train["a"][..., 0] == train["a"][..., 2]).all()
    found = rows(train["a"][..., 0], A) + rows(held_out["a"][..., 0], A)
    assert sorted(found) == list(range(40))
    assert train["a_label"].tolist() == LABELS[rows(train["a"][..., 0], A)].tolist()
    assert set(train["b_label"].tolist()) == {4} and len(held_out["b"]) == 3
    assert "a_truth" not in held_out  # nobody knows it
    assert spec.num_bytes == sum(train[k].nbytes for k in "ab") + 4 * 2 * 144 + 3 * 2 * 144


def test_without_a_word_they_are_sides_and_equal_numbers_are_doubted(save, data_dir):
    path = save({"a_train": A, "b_train": B})
    spec = data.spec("mine", data_dir)
    assert spec.kind == "sides" and "Both sides have equally many images" in spec.warning
    convert(path, proposed(spec.warning))
    assert data.spec("mine", data_dir).kind == "pairs"
    save({"a_train": A, "b_train": B[:39]})
    assert (data.spec("mine", data_dir).kind, data.spec("mine", data_dir).warning) == ("sides", "")
    save({"a_train": A, "b_train": B, "kind": np.array(["sides"])})
    assert (data.spec("mine", data_dir).kind, data.spec("mine", data_dir).warning) == ("sides", "")


def test_sides_of_very_different_size_are_doubted(save, data_dir):
    many = RNG.integers(0, 256, (200, 8, 6), np.uint8)
    save({"a_train": many, "b_train": A[:20]})
    spec = data.spec("mine", data_dir)
    assert "Side b has 20 images, the other one 200" in spec.warning and not spec.problem
    save({"a_train": many[:199], "b_train": A[:20]})
    assert not data.spec("mine", data_dir).warning


def test_what_is_wrong_with_the_images_of_either_side_is_said(save, data_dir):
    save(SIDES | {"b_train": B[:30] // 200})
    warning = data.spec("mine", data_dir).warning
    assert "all images are nearly black" in warning and "`b_train = b_train * 255`" in warning


BAD = {
    "one side": ({"a_train": A}, "It has `a_train` but no `b_train`. Received: `a_train`. Allowed"),
    "the other": ({"b_train": A}, "It has `b_train` but no `a_train`"),
    "one test": (SIDES | {"b_test": B}, "It has `b_test` but no `a_test`.* may be left out"),
    "empty side": (SIDES | {"b_train": B[:0]}, "`b_train` has 0 images. Allowed: at least 20"),
    "empty test": (
        SIDES | {"a_test": A[:0], "b_test": B},
        "`a_test` has 0 images. Allowed: at least 1",
    ),
    "float side": (SIDES | {"b_train": B / 255}, r"`b_train` must be uint8 .* Received: float64"),
    "other lengths": (
        PAIRS | {"b_train": B[:39]},
        "kind` says pairs, so row i .* there are 40 and 39. Allowed: as many of both",
    ),
    "other test lengths": (
        PAIRS | {"a_test": A[:3], "b_test": B[:4]},
        "row i of `a_test` and of `b_test` belong together, but there are 3 and 4",
    ),
    "other sizes in a pair": (
        PAIRS | {"b_train": np.zeros((40, 8, 8), "u1")},
        "`b_train` has images of 8 x 8 pixels. Allowed: 8 x 6, as in `a_train`, since both of a",
    ),
    "other sizes of sides": (SIDES | {"a_train": A[:, :7]}, "8 x 6 pixels. Allowed: 7 x 6.*sides"),
    "test in other colours": (
        SIDES | {"a_test": B, "b_test": B},
        "`a_test` has images of another shape. Received: 3 channels. Allowed: 1",
    ),
    "unknown kind": (PAIRS | {"kind": "pair"}, '"pairs" or "sides". Received: \'pair\'.'),
    "kind of numbers": (PAIRS | {"kind": 1}, r"Received: int64 \[\]"),
    "kind of many": (PAIRS | {"kind": ["pairs"] * 40}, r"Received: <U5 \[40\]"),
    "long kind": (PAIRS | {"kind": "p" * 99}, r"Received: <U99 \[\]"),
    "two labels a pair": (
        PAIRS | {"b_labels": LABELS},
        "a pair has one label. Allowed: `a_labels`",
    ),
    "labels for some": (SIDES | {"b_labels": LABELS}, r"\[40\] for 30 images. Allowed: \[30\]"),
    "test labels alone": (SIDES | {"b_test_labels": LABELS}, "`b_test_labels` but no `b_test`"),
    "unlabelled test": (
        SIDES | {"a_labels": LABELS, "a_test": A, "b_test": B},
        "Only one of `a_labels` and `a_test_labels`",
    ),
    "unknown test label": (
        PAIRS | {"a_labels": LABELS, "a_test": A, "b_test": B, "a_test_labels": LABELS + 1},
        "`a_test_labels` holds the label 4, which `a_labels` does not have. Allowed: 0 to 3",
    ),
    "names without labels": (PAIRS | {"class_names": np.array(["a"])}, "neither `a_labels` nor"),
    "negative labels": (PAIRS | {"a_labels": LABELS - 1}, "`a_labels` has labels from -1 to 2"),
    "pickled side": (PAIRS | {"b_train": np.array([None] * 40)}, "holds Python objects"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_cannot_be_used_is_refused_in_words(save, data_dir, case):
    content, match = BAD[case]
    save(content)
    with pytest.raises(DataError, match=f"(?s){match}"):
        data.load("mine", data_dir)
    listed = data.specs(data_dir)[-1]
    assert (listed.name, listed.available) == ("mine", False)


CONVERTED = {
    "one renamed": ({"a_train": A, "B": B[:30]}, 30),
    "half as large": (PAIRS | {"a_train": A[:, ::2, ::2]}, 40),
    "twice as large": (PAIRS | {"b_train": B.repeat(2, 1).repeat(2, 2)}, 40),
    "other lengths": (PAIRS | {"b_train": B[:30]}, 30),
    "negative labels": (PAIRS | {"a_labels": LABELS.astype("i1") - 1}, 30),
    "unknown kind": (PAIRS | {"kind": "paired"}, 40),
}


@pytest.mark.parametrize("form", CONVERTED)
def test_the_line_converts_it(save, data_dir, form):
    content, num_b = CONVERTED[form]
    path = save(content)
    for _ in range(4):
        problem = data.spec("mine", data_dir).problem
        if not problem:
            break
        convert(path, proposed(problem))
    loaded = data.load("mine", data_dir)
    name = "b" if loaded.spec.kind == "sides" else "target"
    found = loaded.splits["train"][name]
    held_out = loaded.splits["held_out"][name]
    own = len(found) + (0 if "testA" in content else len(held_out))
    assert own == num_b and found.shape[1:3] == (8, 6)
    assert set(rows([*found, *held_out], B)) <= set(range(40))


NAMED = np.array(["x", "y"])[LABELS % 2]


OF_OTHERS = {
    "floats": SIDES | {"b_train": B[:30] / 255},
    "channels first": SIDES | {"b_train": B[:30].transpose(0, 3, 1, 2)},
    "named": SIDES | {"a_labels": NAMED},
    "pix2pix names": {"inputs": A, "targets": B},
    "cyclegan names": {"trainA": A, "trainB": B[:30], "testA": A[:5], "testB": B[:4]},
}


@pytest.mark.parametrize("name", OF_OTHERS)
def test_what_others_write_is_read_by_the_command_that_is_proposed(save, data_dir, name):
    path = save(OF_OTHERS[name])
    assert "datasets add FILE --name NAME" in data.spec("mine", data_dir).problem
    source, found = forms_list.open_source(path, {})
    train = [(i, item) for i, item in enumerate(source.items) if not item.held_out]
    shown = np.stack([source.pixels(i, 8) for i, item in train if item.side == "b"])
    classes = [item.class_name for _, item in train if item.side == "a"]
    source.close()
    assert found.kind == ("pairs" if name == "pix2pix names" else "sides")
    assert np.array_equal(shown, B[: len(shown)]) and len(shown) in (30, 40)
    assert classes == (NAMED.tolist() if name == "named" else [""] * len(classes))


def test_the_digest_is_of_images_labels_and_kind(save, data_dir):
    """Worked out from docs/run_folder.md."""
    save({"a_train": A, "b_train": B, "kind": "pairs", "a_labels": LABELS}, compressed=True)
    lines = [
        "pairs",
        f"a_train 40 8 6 1 {zlib.crc32(A.tobytes()):08x}",
        f"b_train 40 8 6 3 {zlib.crc32(B.tobytes()):08x}",
        f"a_labels 40 {hashlib.sha256(LABELS.astype('<i8').tobytes()).hexdigest()}",
    ]
    wanted = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    assert data.spec("mine", data_dir).digest == wanted
    assert data.load("mine", data_dir).spec.digest == wanted


@pytest.mark.parametrize("kind", ["pairs", "sides"])
def test_the_picture_shows_both(save, data_dir, kind):
    """Two rows: input beside target eight times in each; or side a above side b."""
    a, b = np.zeros((40, 8, 8), np.uint8), np.full((40, 8, 8, 3), 255, np.uint8)
    a[:20, 0], b[:20, 0] = 200, 1
    save({"a_train": a, "b_train": b, "kind": kind})
    shown = np.asarray(Image.open(io.BytesIO(data.picture("mine", data_dir))))
    assert shown.shape == (16, 128, 3)
    bright = [[bool(shown[8 * r + 4, 8 * k + 4, 0]) for k in range(16)] for r in range(2)]
    assert bright == ([[False, True] * 8] * 2 if kind == "pairs" else [[False] * 16, [True] * 16])


def test_the_picture_of_few_pairs_parts_none():
    few = [np.full((13, 8, 8), level, np.uint8) for level in (0, 255)]
    shown = np.asarray(Image.open(io.BytesIO(pictures.of(few, "pairs"))))
    assert [bool(shown[4, 8 * k + 4, 0]) for k in range(12)] == [False, True] * 6
    assert [bool(shown[12, 8 * k + 4, 0]) for k in range(12)] == [False, True] * 6


def test_the_picture_of_large_pairs_fits_the_card(save, data_dir):
    large = RNG.integers(0, 256, (20, 50, 100, 3), np.uint8)
    save({"a_train": large[..., 0], "b_train": large, "kind": "pairs"})
    assert Image.open(io.BytesIO(data.picture("mine", data_dir))).size == (448, 56)


def test_images_come_first_where_a_file_has_both(save, data_dir):
    save({"x_train": A} | SIDES)
    assert data.spec("mine", data_dir).kind == "images"


def test_random_damage_never_escapes_as_another_error(save, data_dir):
    path = save(PAIRS | {"a_labels": LABELS}, compressed=True)
    whole, rng = bytearray(path.read_bytes()), np.random.default_rng(1)
    for _ in range(60):
        spoiled = whole.copy()
        for place in rng.integers(0, len(whole), 3):
            spoiled[place] = rng.integers(0, 256)
        path.write_bytes(spoiled)
        try:
            loaded = data.load("mine", data_dir)
        except DataError:
            continue
        assert loaded.spec.kind in ("pairs", "sides", "images")
