"""Pairs and two sides made from images: their names, their metadata, and who belongs to whom."""

import numpy as np
import pytest

from gan_core import data
from gan_core.data import catalogue, derived, pair_rules, side_rules
from gan_core.errors import DataError, UnknownDataError

PAIRS = ["edges_to_mine", "outline_to_mine", "half_to_mine", "quarter_to_mine", "hole_to_mine"]
SIDES = ["mine_and_paper", "mine_and_inverted", "mine_and_rotated"]


@pytest.fixture
def mine(save, data_dir):
    """A set of 64 grey squares in three classes; every image is another one."""
    images = np.random.default_rng(0).integers(0, 256, (64, 8, 8), np.uint8)
    save({"x_train": images, "y_train": np.arange(64) % 3})
    return data.load("mine", data_dir)


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_an_image_and_what_was_made_from_it(mine, data_dir, name):
    loaded = data.load(name, data_dir)
    make = getattr(pair_rules, name.split("_to_")[0])
    for split, images in (("train", mine.train), ("held_out", mine.held_out)):
        pairs = loaded.splits[split]
        assert (pairs["target"] == images).all() and (pairs["input"] == make(images)).all()
        assert not any(array.flags.writeable for array in pairs.values())
    assert (loaded.splits["train"]["label"] == mine.train_labels).all()
    assert (loaded.splits["held_out"]["label"] == mine.held_out_labels).all()
    described(loaded, {"train": ("input", "target"), "held_out": ("input", "target")})


def described(loaded, names):
    """The metadata are true of the arrays."""
    spec = loaded.spec
    first, second = names["train"]
    train, held_out = (loaded.splits[s] for s in ("train", "held_out"))
    assert train[first].shape == (spec.num_train, *spec.image_shape)
    assert train[second].shape == (spec.num_train_b or spec.num_train, *spec.target_shape)
    assert held_out[first].shape == (spec.num_held_out, *spec.image_shape)
    assert len(held_out[second]) == (spec.num_held_out_b or spec.num_held_out)
    images = [a for arrays in loaded.splits.values() for a in arrays.values() if a.ndim == 4]
    assert spec.num_bytes == sum(array.nbytes for array in {id(a): a for a in images}.values())


@pytest.mark.parametrize("name", SIDES)
def test_no_image_is_on_both_sides_and_the_truth_is_that_of_the_rule(mine, data_dir, name):
    loaded = data.load(name, data_dir)
    make = getattr(side_rules, name.split("_and_")[1])
    own = side_rules.colour if name.endswith("paper") else np.copy
    a_images, b_images = [], []
    for split, images, labels in (
        ("train", mine.train, mine.train_labels),
        ("held_out", mine.held_out, mine.held_out_labels),
    ):
        sides = loaded.splits[split]
        whose = {own(image[None]).tobytes(): k for k, image in enumerate(images)}
        of_b = {make(image[None]).tobytes(): k for k, image in enumerate(images)}
        a = [whose[image.tobytes()] for image in sides["a"]]
        b = [of_b[image.tobytes()] for image in sides["b"]]
        assert sorted(a + b) == list(range(len(images)))
        assert sides["a_label"].tolist() == labels[a].tolist()
        assert sides["b_label"].tolist() == labels[b].tolist()
        a_images, b_images = images[a], images[b]
    assert (sides["a_truth"] == make(a_images)).all()
    assert (sides["b_truth"] == own(b_images)).all()
    assert "a_truth" not in loaded.splits["train"]
    described(loaded, {"train": ("a", "b"), "held_out": ("a", "b")})


def test_each_class_is_on_both_sides_in_equal_shares(tmp_path):
    sides = data.load("digits_and_paper", tmp_path).splits
    for split, each in (("train", 225), ("held_out", 25)):
        for side in "ab":
            assert np.bincount(sides[split][f"{side}_label"]).tolist() == [each] * 10


def test_the_same_every_time_and_where_it_comes_from_is_told(mine, data_dir):
    one, other = (data.load("mine_and_paper", data_dir) for _ in range(2))
    assert all((one.splits["train"][k] == a).all() for k, a in other.splits["train"].items())
    spec = data.spec("mine_and_paper", data_dir)
    assert spec == one.spec and spec.source == "generated" and "`mine`" in spec.origin
    assert str(data_dir) not in spec.origin  # where a file lies is nobody's business
    assert (spec.class_names, spec.num_classes) == (("0", "1", "2"), 3)


def test_the_choice_of_sides_never_changes():
    """Worked out from the first eight numbers of PCG64 with this seed, which NumPy keeps for ever."""
    raw = np.random.PCG64(2300).random_raw(8).tolist()
    order = sorted(range(8), key=raw.__getitem__)
    a, b = derived.halved(8, None)
    assert (a.tolist(), b.tolist()) == (sorted(order[::2]), sorted(order[1::2]))


def test_short_names_stand_for_the_bundled_sets(tmp_path):
    short, long = (data.spec(n, tmp_path) for n in ("edges_to_digits", "edges_to_mnist_5k"))
    assert short.digest == long.digest and short.title == "Edges to digits"
    assert (short.num_train, short.num_held_out) == (4500, 500)


def test_digest_is_that_of_the_images_and_of_the_rule(mine, save, data_dir):
    names = [*PAIRS, *SIDES]
    found = [data.spec(name, data_dir).digest for name in names]
    assert len(set(found)) == len(names) and "" not in found
    save({"x_train": np.random.default_rng(1).integers(0, 256, (64, 8, 8), np.uint8)})
    assert not set(found) & {data.spec(name, data_dir).digest for name in names}


def test_a_set_that_must_be_downloaded_first_says_so(tmp_path):
    spec = data.spec("edges_to_mnist", tmp_path)
    assert (spec.available, spec.download_bytes, spec.digest) == (False, 11_490_434, "")
    with pytest.raises(DataError, match="mnist.npz"):
        data.load("edges_to_mnist", tmp_path, base_url="http://127.0.0.1:9/")


def test_a_file_of_this_name_comes_first(mine, save, data_dir):
    images = np.random.default_rng(2).integers(0, 256, (30, 8, 8), np.uint8)
    save({"x_train": images}, "edges_to_mine")
    assert data.spec("edges_to_mine", data_dir).kind == "images"
    assert data.load("edges_to_mine_and_inverted", data_dir).spec.num_train == 14
    save({"x_train": images}, "edges_to_digits")
    assert data.spec("edges_to_digits", data_dir).kind == "pairs"  # but not before a built-in one
    assert "is a built-in set. Rename" in data.specs(data_dir)[-3].problem


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("grey_to_digits", "Digits have no colour"),
        ("grey_to_mine", "Mine have no colour: the images of `mine` are grey"),
        ("edges_to_ring", "It is made from images; `ring` holds 2-D points"),
        ("edges_to_digits_and_paper", "made from images; `digits_and_paper` holds two sides"),
        ("wide_and_rotated", "Only squares keep their size when turned; `wide` has 8 x 6 pixels"),
        ("edges_to_bad", "`bad`, which it is made from, cannot be used. `x_train` must be uint8"),
    ],
)
def test_what_does_not_fit_says_so(mine, save, data_dir, arrays, name, why):
    save(arrays, "wide")
    save({"x_train": np.zeros((30, 8, 8), np.int16)}, "bad")
    for ask in (data.spec, data.load):
        with pytest.raises(DataError, match=f"`{name}` cannot be made. .*{why}"):
            ask(name, data_dir)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("edge_to_digits", "edges_to_digits"),
        ("edges_to_digit", "edges_to_digits"),
        ("mine_and_papers", "mine_and_paper"),
        ("hole_to_mime", "hole_to_mine"),
    ],
)
def test_a_slip_of_the_pen_is_guessed(mine, data_dir, name, meant):
    with pytest.raises(UnknownDataError, match=f"Did you mean `{meant}`"):
        data.load(name, data_dir)


def test_whoever_needs_images_is_told_that_these_are_pairs(tmp_path):
    loaded = data.load("edges_to_digits", tmp_path)
    with pytest.raises(DataError, match="`edges_to_digits`, which holds pairs of images"):
        _ = loaded.train
    with pytest.raises(DataError, match="holds two sides"):
        _ = data.load("digits_and_paper", tmp_path).held_out


def test_a_bundled_file_that_is_spoiled_leaves_the_list_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "ASSETS", tmp_path)
    (tmp_path / "mnist_5k.npz").write_bytes(b"no zip")
    listed = {spec.name: spec for spec in data.specs(tmp_path / "none")}
    assert "cannot be used. It is damaged" in listed["edges_to_digits"].problem
    assert not listed["grey_to_faces"].problem
    with pytest.raises(DataError, match="cannot be used. It is damaged"):
        data.load("edges_to_digits", tmp_path / "none")
