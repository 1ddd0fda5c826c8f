"""Pairs and two sides in folders and archives: what is likely, what is asked, and what comes of it."""

import shutil
import tarfile
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_core.errors import DataError
from gan_core.importing.base import Unusable
from tests.unit.importing.written import asked, form, opened, pictures

COUNT = 6
PHOTOS = pictures(COUNT, 48)[
    :, :, :32
]  # [N, 48, 32, 3]: no square, so that halves are not mistaken
DRAWN = (PHOTOS > 128) * np.uint8(255)


def save(folder, images, name="{:03d}.png") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(folder / name.format(i))


def squares() -> np.ndarray:
    return pictures(COUNT, 40)


def noisy() -> np.ndarray:
    """Photographs are never flat."""
    return np.random.default_rng(0).integers(0, 256, (COUNT, 40, 40, 3), np.uint8)


def flat() -> np.ndarray:
    """Drawings are nothing else."""
    drawn = np.zeros((COUNT, 40, 40, 3), np.uint8)
    drawn[:, 10:30, 5:15] = (255, 0, 0)
    return drawn


def packed(folder, how: str):
    """The folder itself, or an archive of it."""
    if how == "folder":
        return folder
    path = folder.with_suffix(f".{how}")
    if how == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            for file in sorted(folder.rglob("*.*")):
                archive.write(file, file.relative_to(folder.parent))
    else:
        with tarfile.open(path, "w:gz") as archive:
            archive.add(folder, folder.name)
    shutil.rmtree(folder)
    return path


@pytest.mark.parametrize("how", ["folder", "zip", "tar.gz"])
@pytest.mark.parametrize("drawing", ["left", "right"])
def test_pictures_of_two_halves(tmp_path, how, drawing):
    halves = (flat(), noisy()) if drawing == "left" else (noisy(), flat())
    save(tmp_path / "set" / "train", np.concatenate(halves, 2))
    save(tmp_path / "set" / "val", np.concatenate(halves, 2)[:2])
    path = packed(tmp_path / "set", how)
    assert asked("pairs", path) == {"input": drawing}
    source = opened("pairs", path)
    assert source.kind == "pairs"
    shown = {(item.pair, item.side): i for i, item in enumerate(source.items)}
    assert len(shown) == 2 * (COUNT + 2) and sum(item.held_out for item in source.items) == 4
    for i in range(
        COUNT
    ):  # called alike with and without a folder around all: it decides who is held out
        for side, expected in (("a", flat()), ("b", noisy())):
            found = source.pixels(shown[f"train/{i:03d}.png", side], 40)
            assert np.array_equal(found.pixels, expected[i]) and found.size == (40, 40)


def test_the_other_half_may_be_the_input_and_whole_pictures_may_be_meant(tmp_path):
    save(tmp_path / "set", np.concatenate([flat(), noisy()], 2))
    source = opened("pairs", tmp_path / "set", input="right")
    assert np.array_equal(source.pixels(0, 40).pixels, noisy()[0])
    assert form("pairs").recognise(tmp_path / "set", {"input": "whole pictures"}).kind == "images"
    source = opened("pairs", tmp_path / "set", input="whole pictures")
    assert (source.kind, len(source.items), source.pixels(0, 40).size) == (
        "images",
        COUNT,
        (80, 40),
    )
    with pytest.raises(DataError, match='`input` must be one of "left", "right"'):
        form("pairs").open(tmp_path / "set", {"input": "top"})


def test_one_picture_that_is_not_two_halves_is_that_pictures_problem(tmp_path):
    save(tmp_path / "set", np.concatenate([flat(), noisy()] * 1, 2))
    save(tmp_path / "set", np.concatenate([flat(), noisy()], 2), "more{:03d}.png")
    Image.fromarray(noisy()[0]).save(tmp_path / "set" / "square.png")
    source = opened("pairs", tmp_path / "set")
    index = next(i for i, item in enumerate(source.items) if item.pair == "square.png")
    with pytest.raises(Unusable, match="`square.png` has 40 x 40 pixels") as problem:
        source.pixels(index, 40)
    assert problem.value.reason == "no halves"


def test_photographs_that_stand_once_they_are_turned_are_no_halves(tmp_path):
    turned = Image.Exif()
    turned[0x0112] = 6
    for name, images in (
        ("stand", np.concatenate([noisy()] * 2, 2)),
        ("lie", np.concatenate([noisy()] * 2, 1)),
    ):
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(tmp_path / name / f"{i}.jpg", exif=turned)
    assert form("pairs").recognise(tmp_path / "stand") is None
    assert form("pairs").recognise(tmp_path / "lie").kind == "pairs"


def test_upright_pictures_and_class_folders_of_wide_ones_are_no_pairs(tmp_path):
    save(tmp_path / "upright", PHOTOS)
    assert form("pairs").recognise(tmp_path / "upright") is None
    for name in ("cats", "dogs", "owls"):
        save(tmp_path / "classes" / name, np.concatenate([noisy(), noisy()], 2))
    assert form("pairs").recognise(tmp_path / "classes") is None


@pytest.mark.parametrize("how", ["folder", "zip", "tar.gz"])
@pytest.mark.parametrize(
    ("a", "b", "names"),
    [
        ("inputs", "targets", ("{:03d}.png", "{:03d}.png")),
        ("masks", "images", ("house_{:02d}_mask.png", "house_{:02d}.jpg.png")),
        ("edges", "photos", ("edge-{:d}.png", "photo-{:d}.bmp")),
        ("one", "two", ("street{:d}.png", "street{:d}.png")),
    ],
)
def test_two_folders_matched_by_name(tmp_path, how, a, b, names):
    save(tmp_path / "set" / a, flat(), names[0])
    save(tmp_path / "set" / b, noisy(), names[1])
    path = packed(tmp_path / "set", how)
    assert asked("pairs", path) == {"kind": "pairs", "input": a}
    source = opened("pairs", path)
    assert [item.side for item in source.items] == ["a", "b"] * COUNT
    for i in range(COUNT):
        assert source.items[2 * i].pair == source.items[2 * i + 1].pair
        assert np.array_equal(source.pixels(2 * i, 40).pixels, flat()[i])
        assert np.array_equal(source.pixels(2 * i + 1, 40).pixels, noisy()[i])
    turned = opened("pairs", path, input=b)
    assert np.array_equal(turned.pixels(0, 40).pixels, noisy()[0])


def test_what_lacks_a_partner_is_listed_and_left(tmp_path):
    save(tmp_path / "set" / "inputs", squares())
    save(tmp_path / "set" / "targets", squares()[:4])
    save(tmp_path / "set" / "targets", squares()[:1], "extra{}.png")
    source = opened("pairs", tmp_path / "set")
    assert source.kind == "pairs" and len(source.items) == 8
    assert source.unmatched == ["inputs/004.png", "inputs/005.png", "targets/extra0.png"]


def partners(source) -> set[tuple[str, str]]:
    """Names of both of each pair."""
    found = {}
    for item in source.items:
        found.setdefault(item.pair, {})[item.side] = item.name
    assert all(set(both) == {"a", "b"} for both in found.values())
    return {(both["a"], both["b"]) for both in found.values()}


def test_pictures_in_folders_of_their_own_keep_to_them(tmp_path):
    for walk in ("walk1", "walk2"):
        save(tmp_path / "set" / "input" / walk, squares())
        save(tmp_path / "set" / "target" / walk, squares(), "made{:03d}.jpg")
    for gone in ("walk1/made000.jpg", "walk2/made003.jpg"):
        (tmp_path / "set" / "target" / gone).unlink()
    source = opened("pairs", tmp_path / "set")
    expected = {
        (f"input/{walk}/{i:03d}.png", f"target/{walk}/made{i:03d}.jpg")
        for walk in ("walk1", "walk2")
        for i in range(COUNT)
    }
    gone = {("walk1", "000"), ("walk2", "003")}
    lost = {(a, b) for a, b in expected if (a.split("/")[1], a[-7:-4]) in gone}
    assert partners(source) == expected - lost
    assert source.unmatched == ["input/walk1/000.png", "input/walk2/003.png"]


def test_folders_count_only_where_both_have_them(tmp_path):
    save(tmp_path / "set" / "input", squares())
    save(tmp_path / "set" / "target" / "one", squares()[:3])
    save(tmp_path / "set" / "target" / "two", squares()[2:])  # 000 to 003: three are there twice
    source = opened("pairs", tmp_path / "set", kind="pairs")
    assert partners(source) == {("input/003.png", "target/two/003.png")}


def test_names_are_the_same_letter_by_letter_first(tmp_path):
    sides = {
        "input": ("x0.png", "X0.png", "tree.png", "Roof.png"),
        "target": ("x0.png", "X0.jpg", "tree.jpg", "TREE.png", "roof.png"),
    }
    for side, names in sides.items():
        (tmp_path / "set" / side).mkdir(parents=True)
        for name in names:
            Image.fromarray(squares()[0]).save(tmp_path / "set" / side / name)
    source = opened("pairs", tmp_path / "set")
    assert partners(source) == {
        ("input/x0.png", "target/x0.png"),
        ("input/X0.png", "target/X0.jpg"),
        ("input/tree.png", "target/tree.jpg"),
        ("input/Roof.png", "target/roof.png"),
    }
    assert source.unmatched == ["target/TREE.png"]


def test_capitals_scripts_and_numbers_that_begin_alike(tmp_path):
    names = ["10", "11", "12", "Katze", "고양이 🐱"]
    for side in ("inputs", "targets"):
        (tmp_path / "set" / side).mkdir(parents=True)
        for name in names:
            text = name.upper() if side == "targets" else name
            Image.fromarray(squares()[0]).save(tmp_path / "set" / side / f"{text}.png")
    assert len(opened("pairs", tmp_path / "set").items) == 10


@pytest.mark.parametrize("how", ["folder", "zip"])
@pytest.mark.parametrize(
    "names",
    [
        ("trainA", "trainB", "testA", "testB"),
        ("A", "B", "testA", "testB"),
        ("A/train", "B/train", "A/test", "B/test"),
        ("train/A", "train/B", "val/A", "val/B"),
        ("train_a", "train_b", "val_a", "val_b"),
    ],
)
def test_two_sides_with_their_test_splits(tmp_path, how, names):
    for name, images, stem in zip(
        names, (flat(), noisy()[:5], flat()[:2], noisy()[:3]), ("apple", "lemon") * 2, strict=True
    ):
        save(tmp_path / "set" / name, images, f"{stem}{{:d}}x.png")
    path = packed(tmp_path / "set", how)
    assert asked("pairs", path)["kind"] == "two sides"
    source = opened("pairs", path)
    assert source.kind == "sides"
    assert [(item.side, item.held_out) for item in source.items].count(("a", False)) == COUNT
    counts = {
        key: sum((item.side, item.held_out) == key for item in source.items)
        for key in [("a", False), ("b", False), ("a", True), ("b", True)]
    }
    assert list(counts.values()) == [COUNT, 5, 2, 3]
    for i, item in enumerate(source.items):
        assert np.array_equal(source.pixels(i, 40).pixels[0, 0], (0, 0, 0)) == (item.side == "a")


def test_numbers_alone_say_nothing_of_belonging_together(tmp_path):
    save(tmp_path / "set" / "A", flat())
    save(tmp_path / "set" / "B", noisy())
    assert asked("pairs", tmp_path / "set") == {"kind": "two sides"}
    save(tmp_path / "pets" / "cats", flat())
    save(tmp_path / "pets" / "dogs", noisy())
    assert asked("pairs", tmp_path / "pets") == {"kind": "classes"}
    source = opened("pairs", tmp_path / "pets")
    assert source.kind == "images" and {item.class_name for item in source.items} == {
        "cats",
        "dogs",
    }
    assert opened("pairs", tmp_path / "pets", kind="pairs").kind == "pairs"
    for word in ("two sides", "sides"):  # as the page and as commands have it
        assert opened("pairs", tmp_path / "pets", kind=word).kind == "sides"
    assert opened("pairs", tmp_path / "pets", kind="images").kind == "images"


def test_pairs_of_splits_stay_in_their_split(tmp_path):
    for split, images in (("train", squares()), ("test", squares()[:2])):
        save(tmp_path / "set" / split / "input", images)
        save(tmp_path / "set" / split / "target", images)
    source = opened("pairs", tmp_path / "set")
    assert source.kind == "pairs" and source.unmatched == []
    by_pair = {}
    for item in source.items:
        by_pair.setdefault(item.pair, set()).add((item.held_out, item.name.split("/")[0]))
    assert len(by_pair) == COUNT + 2 and all(len(where) == 1 for where in by_pair.values())


def test_other_folders_are_for_others(tmp_path):
    save(tmp_path / "one", squares())
    assert form("pairs").recognise(tmp_path / "one") is None
    for name in "abc":
        save(tmp_path / "three" / name, squares())
    assert form("pairs").recognise(tmp_path / "three") is None
    (tmp_path / "file.txt").write_text("no pictures")
    assert form("pairs").recognise(tmp_path / "file.txt") is None
