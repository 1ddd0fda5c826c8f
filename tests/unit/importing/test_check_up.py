"""The check-up: what a folder holds, what is skipped and why, near copies, and the plan that fits."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from gan_core import importing
from gan_core.importing import copies
from gan_core.importing.base import Decoded
from gan_core.importing.looks import look
from tests.unit.importing.made import folder, photo, stored


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Two classes of 24, and one of everything that goes wrong; its check-up."""
    place = folder(tmp_path_factory.mktemp("mixed") / "houses", 48, ("brick", "stone"))
    bad = place / "brick"
    whole = stored(photo(90, 300, 200), "JPEG", quality=95)
    (bad / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (bad / "text.png").write_bytes(b"not a picture")
    (bad / "tiny.png").write_bytes(stored(photo(91, 20, 12)))
    (bad / "wall.png").write_bytes(stored(Image.new("RGB", (64, 64), (9, 9, 9))))
    (bad / "gone.png").symlink_to(place / "nowhere.png")
    (place / "notes.txt").write_text("x")
    (place / "stone" / "copy of 001.jpg").write_bytes(stored(photo(1), "JPEG", quality=70))
    (place / "stone" / "grey.png").write_bytes(stored(photo(92).convert("L")))
    return place, importing.check_up(place)


def test_counts_classes_and_what_is_skipped(mixed):
    _, found = mixed
    assert (found.num_files, found.num_usable) == (54, 50)
    assert found.classes == {"brick": 24, "stone": 26}
    skipped = {each.name.split("/")[1]: each.reason for each in found.skipped}
    assert skipped == {
        "cut.jpg": "cut off",
        "text.png": "damaged",
        "tiny.png": "too small",
        "wall.png": "one colour",
    }
    assert dict(found.passed_over)["notes.txt"] == "no picture"
    assert (found.num_colour, found.grey) == (49, False)
    assert any("1 of 50 is grey" in note for note in found.notes)
    assert {found.items[i].name for i in found.usable} == set(found.names)


def test_a_near_copy_is_found_and_the_first_stays(mixed):
    _, found = mixed
    names = [[found.items[i].name for i in group] for group in found.copies]
    assert names == [["stone/001.png", "stone/copy of 001.jpg"]]


def test_the_plan_that_fits(mixed):
    _, found = mixed
    plan = found.suggested
    assert (plan.name, plan.size, plan.fit, plan.grey) == ("houses", 32, "crop", False)
    assert dict(plan.classes) == {"brick": "brick", "stone": "stone"} and not found.problem


def test_nothing_was_changed_in_the_folder(mixed):
    place, _ = mixed
    assert sorted(p.name for p in place.iterdir()) == ["brick", "notes.txt", "stone"]


def test_progress_and_cancelling(tmp_path):
    told = []
    importing.check_up(folder(tmp_path / "x", 5), progress=lambda *said: told.append(said))
    assert (
        told[0] == (0, 0, "opening") and (5, 5, "reading") in told and told[-1][2] == "near copies"
    )

    def stop(done, total, doing):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.check_up(tmp_path / "x", progress=stop)


def test_small_pictures_are_a_set_of_their_own_where_most_are_small(tmp_path):
    place = tmp_path / "icons"
    place.mkdir()
    for i in range(24):
        (place / f"{i}.png").write_bytes(stored(photo(i, 16, 16)))
    found = importing.check_up(place)
    assert found.num_usable == 24 and found.suggested.size == 28


@pytest.mark.parametrize("side, size", [(28, 28), (64, 64), (100, 64), (48, 32), (400, 64)])
def test_the_size_that_fits(tmp_path, side, size):
    place = tmp_path / "x"
    place.mkdir()
    for i in range(4):
        (place / f"{i}.png").write_bytes(stored(photo(i, side, side)))
    assert importing.check_up(place).suggested.size == size


def test_too_few_is_said_with_the_number(tmp_path):
    found = importing.check_up(folder(tmp_path / "x", 20))
    assert "18 pictures to learn from are too few. Allowed: at least 20" in found.problem


def frames(count):
    """A scene of which each frame differs a little from the one before."""
    for i in range(count):
        picture = photo(5, 96, 96)
        picture.paste((255, 0, 0), (3 * i % 90, 40, 3 * i % 90 + 6, 46))
        yield picture


def test_what_was_done_is_said_of_one_and_of_several(tmp_path):
    place = folder(tmp_path / "x", 20)
    (place / "print.jpg").write_bytes(stored(photo(90).convert("CMYK"), "JPEG"))
    for seed in (91, 92):
        picture = photo(seed)
        picture.putalpha(90)
        (place / f"{seed}.png").write_bytes(stored(picture))
    notes = importing.check_up(place).notes
    assert "1 is CMYK, so its colours may shift a little." in notes
    assert "2 are transparent, so the ground that is chosen shows through." in notes


def test_frames_of_a_film_are_all_kept_and_it_is_said(tmp_path):
    place = tmp_path / "film"
    place.mkdir()
    for i, picture in enumerate(frames(30)):
        (place / f"{i:02d}.png").write_bytes(stored(picture))
    found = importing.check_up(place)
    assert found.suggested.keep_copies and any("frames of a film" in note for note in found.notes)


def smalls(pictures):
    return np.stack([look(Decoded(np.asarray(p), p.size)).small for p in pictures])


def saved(picture, quality):
    return Image.open(io.BytesIO(stored(picture, "JPEG", quality=quality)))


@pytest.mark.parametrize(
    "change",
    [
        lambda p: saved(p, 40),
        lambda p: p.resize((80, 60), Image.Resampling.LANCZOS),
        lambda p: ImageEnhance.Brightness(p).enhance(0.9),
        lambda p: ImageEnhance.Contrast(p).enhance(1.1),
        lambda p: p.crop((1, 1, 199, 149)),
    ],
)
def test_what_is_a_near_copy(change):
    pictures = [photo(i, 200, 150) for i in range(12)]
    found = copies.groups(smalls([*pictures, change(pictures[4])]), [""] * 13)
    assert found == [[4, 12]]


def test_what_is_none():
    pictures = [photo(i, 200, 150) for i in range(40)]
    mirrored = pictures[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    negative = Image.eval(pictures[1], lambda value: 255 - value)
    assert copies.groups(smalls([*pictures, mirrored, negative]), [""] * 42) == []


def test_only_inside_a_side_and_only_equal_rows_of_arrays():
    picture = photo(1, 200, 150)
    small = smalls([picture, picture, saved(picture, 60)])
    assert copies.groups(small, ["a", "b", "a"]) == [[0, 2]]
    assert copies.groups(small, ["", "", ""], near=False) == [[0, 1]]


def test_rows_join_the_first_they_are_a_copy_of_across_blocks(monkeypatch):
    monkeypatch.setattr(copies, "BLOCK", 4)
    pictures = [photo(i, 100, 75) for i in range(9)]
    small = smalls([*pictures, *pictures[::-1]])
    assert copies.groups(small, [""] * 18) == [[i, 17 - i] for i in range(9)]


@pytest.mark.parametrize("ground, usable", [("", 30), ("black", 30), ("white", 0)])
def test_white_drawings_without_a_ground_are_laid_on_black(tmp_path, ground, usable):
    rng = np.random.default_rng(0)
    for i in range(30):
        drawing = np.full((40, 40, 4), 255, np.uint8)
        drawing[..., 3] = np.kron(rng.integers(0, 2, (5, 5)), np.ones((8, 8))) * 255
        (tmp_path / f"{i}.png").write_bytes(stored(Image.fromarray(drawing)))
    looked = []
    found = importing.check_up(
        tmp_path, ground=ground, on_look=lambda index, seen: looked.append(index)
    )
    assert found.num_usable == usable and looked == list(range(30))
    assert found.suggested.ground == (ground or "black")
    assert ("laid on black" in " ".join(found.notes)) is (not ground)
