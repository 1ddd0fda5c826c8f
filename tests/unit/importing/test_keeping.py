"""Keeping: what the preview shows is what training sees; whole with its card, or nothing is there."""

import contextlib
import dataclasses
import errno
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import types

import numpy as np
import pytest
from PIL import Image

from gan_core import data, importing
from gan_core.data import card, record
from gan_core.errors import ConfigError, DataError, DiskFullError
from gan_core.importing import keeping, plans, refusals, sweeping
from gan_core.importing.base import Cancelled, CheckUp, Item, Plan, Recognised
from gan_core.storage import outputs
from gan_core.web import checkup_wire
from tests.unit.importing.made import folder, photo, stored, zipped


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """60 pictures of two classes in a folder, and their check-up."""
    place = folder(tmp_path_factory.mktemp("data") / "houses", 60, ("brick", "stone"))
    return place, importing.check_up(place)


def kept(houses, folder, **changes):
    place, found = houses
    plan = dataclasses.replace(found.suggested, **{"name": "mine"} | changes)
    return importing.keep(place, found, plan, folder), plan


def test_what_is_kept_is_what_the_preview_shows(houses, tmp_path):
    place, found = houses
    for fit, grey in (("crop", False), ("pad", False), ("stretch", True)):
        spec, plan = kept(houses, tmp_path / fit, size=32, fit=fit, grey=grey)
        made = data.load("mine", tmp_path / fit)
        assert spec.image_shape == (32, 32, 1 if grey else 3)
        rows = importing.chosen(found, plan)
        with importing.Reader(place) as reader:
            for row, image in list(zip(rows.train, made.train, strict=True))[::9]:
                assert np.array_equal(importing.square(reader.pixels(row[0], 32), plan), image)
            assert len(made.held_out) == 6 and made.train.shape[0] == 54


def test_labels_go_with_their_pictures(houses, tmp_path):
    place, found = houses
    spec, plan = kept(houses, tmp_path)
    assert spec.class_names == ("brick", "stone")
    made, rows = data.load("mine", tmp_path), importing.chosen(found, plan)
    for split, chosen in ((made.train_labels, rows.train), (made.held_out_labels, rows.held_out)):
        names = [found.items[row[0]].class_name for row in chosen]
        assert [spec.class_names[label] for label in split] == names


def test_classes_renamed_merged_and_left_out(houses, tmp_path):
    assert kept(houses, tmp_path, classes={"brick": "벽돌"})[0].class_names == ("stone", "벽돌")
    merged, _ = kept(houses, tmp_path / "b", classes={"brick": "wall", "stone": "wall"})
    assert merged.num_classes == 0 and merged.num_train == 54
    less, _ = kept(houses, tmp_path / "c", classes={"brick": ""})
    assert (less.num_train, less.num_classes) == (27, 0)


def test_the_card_tells_where_it_came_from_and_the_spec_repeats_it(houses, tmp_path):
    spec, _ = kept(
        houses, tmp_path, licence="CC0", origin="https://example.org/a/b", title="Häuser"
    )
    told = card.read(tmp_path / "mine.npz", spec.digest)
    assert (told.form, told.fit, told.size, told.held_out) == ("folder", "crop", 32, 0.1)
    assert told.counts == {"train": 54, "held_out": 6}
    assert (spec.title, spec.licence, spec.origin) == ("Häuser", "CC0", "https://example.org/a/b")
    assert record.record(spec)["origin"] == "https://example.org/a/b"
    assert record.checked(record.record(spec))


BAD = [
    {"digest": "0" * 32}, {"licence": 7}, {"title": "a\n```b"}, {"counts": [1]}, {"size": 1e300},
    {"format": 2}, {"licence": " "}, {"left_out": {"x": -1}}, {"kept_at": "now"}, {"origin": "x" * 301},
]  # fmt: skip


def test_without_a_card_or_with_one_of_other_data_everything_is_as_before(houses, tmp_path):
    kept(houses, tmp_path, licence="CC0", title="T")
    path = tmp_path / "mine.card.json"
    whole = json.loads(path.read_text())
    for text in ("", "[]", "{", "[" * 9999, *(json.dumps(whole | bad) for bad in BAD)):
        path.write_text(text)
        found = data.spec("mine", tmp_path)
        assert (found.title, found.licence) == ("mine", "not stated"), text
        assert found.origin == str(tmp_path / "mine.npz") and not found.problem
    del whole["ground"]  # as earlier versions wrote it
    path.write_text(json.dumps(whole))
    assert data.spec("mine", tmp_path).licence == "CC0"
    path.unlink()
    assert data.spec("mine", tmp_path).licence == "not stated"


def test_the_held_out_ones_stay_held_out_whatever_they_are_packed_in(houses, tmp_path):
    place, found = houses
    files = {f"around/{p.relative_to(place)}": p.read_bytes() for p in place.rglob("*.png")}
    again = importing.check_up(zipped(tmp_path / "a.zip", dict(reversed(files.items()))))

    def held(found):
        rows = importing.chosen(found, found.suggested).held_out
        return [found.items[row[0]].name.rsplit("/", 1)[-1] for row in rows]

    assert held(found) == held(again) and len(held(found)) == 6


@pytest.mark.parametrize("share, count", [(0.05, 4), (0.1, 6), (0.3, 18)])
def test_the_share_that_is_held_out_is_of_each_class(houses, share, count):
    _, found = houses
    rows = importing.chosen(found, dataclasses.replace(found.suggested, held_out=share))
    names = [found.items[row[0]].class_name for row in rows.held_out]
    assert len(names) == count and names.count("brick") == count // 2


def made_up(items, copies=(), kind="images"):
    """A check-up of items that nobody looked at."""
    indices = tuple(range(len(items)))
    return CheckUp(
        Recognised("folder", kind), tuple(items), indices, (), (), ((64, 64),) * len(items), {}, 1,
        tuple(copies), (), (), Plan("x"),
    )  # fmt: skip


def test_near_copies_are_never_on_both_sides_of_the_split():
    items = [Item(f"{i:03d}.png", num_bytes=9) for i in range(100)]
    groups = [tuple(range(start, start + 4)) for start in range(0, 100, 4)]
    for share in (0.05, 0.1, 0.3):
        plan = Plan("x", held_out=share, keep_copies=True)
        rows = plans.chosen(made_up(items, groups), plan)
        held = {row[0] // 4 for row in rows.held_out}
        assert held and not held & {row[0] // 4 for row in rows.train}
    rows = plans.chosen(made_up(items, groups), Plan("x"))
    assert rows.num_rows == 25 and rows.left == {"near copy": 75}


def test_pairs_stay_together_and_what_lost_its_partner_is_left_out():
    items = [
        Item(f"{s}/{i}.png", side=s, pair=str(i), num_bytes=9) for s in "ab" for i in range(30)
    ]
    rows = plans.chosen(made_up(items, kind="pairs"), Plan("x", left_out=frozenset({"b/7.png"})))
    assert rows.num_rows == 29 and rows.left == {"left out": 1, "no partner": 1}
    assert all(
        items[a].side == "a" and items[a].pair == items[b].pair
        for a, b in (*rows.train, *rows.held_out)
    )


@pytest.mark.parametrize(
    "counts, share, wanted",
    [
        ((40, 30), 0.1, (10, 10)),
        ((29, 24), 0.1, (9, 4)),  # 20 remain
        ((300, 120), 0.1, (30, 12)),
        ((90, 60), 0.3, (27, 18)),
        ((20, 10), 0.1, (2, 1)),  # too few at any rate
    ],
)
def test_of_two_sides_each_holds_ten_out_or_its_share(counts, share, wanted):
    items = [Item(f"{i}.png", side="a", num_bytes=9) for i in range(counts[0])]
    items += [Item(f"{i}.jpg", side="b", num_bytes=9) for i in range(counts[1])]
    rows = plans.chosen(made_up(items, kind="sides"), Plan("x", held_out=share))
    sides = [items[row[0]].side for row in rows.held_out]
    assert (sides.count("a"), sides.count("b")) == wanted
    assert not set(rows.train) & set(rows.held_out) and rows.num_rows == sum(counts)


def test_of_two_sides_near_copies_stay_together_also_beyond_the_share():
    items = [Item(f"{i}.png", side="a" if i < 60 else "b", num_bytes=9) for i in range(120)]
    groups = [tuple(range(start, start + 3)) for start in range(0, 120, 3)]
    plan = Plan("x", keep_copies=True)
    rows = plans.chosen(made_up(items, groups, kind="sides"), plan)
    held = {row[0] // 3 for row in rows.held_out}
    assert len(rows.held_out) >= 20 and not held & {row[0] // 3 for row in rows.train}


def of_sizes(sizes):
    """Pictures in groups of near copies of these sizes, and the groups."""
    items = [Item(f"{i:03d}.png", num_bytes=9) for i in range(sum(sizes))]
    starts = np.cumsum([0, *sizes])
    groups = [tuple(range(a, b)) for a, b in zip(starts, starts[1:], strict=False) if b - a > 1]
    return items, groups


@pytest.mark.parametrize(
    "sizes, share, wanted",
    [
        ([82, *[1] * 118], 0.05, 10),  # a large group is left to what is learned from
        ([82, *[1] * 118], 0.16, 32),
        ([90, 90, 12, 8], 0.1, 20),
        ([90, 85, 25], 0.1, 25),  # no other comes nearer
        ([60, 60, 60, 9, 9, 2], 0.1, 20),
        ([100, 100], 0.1, 100),  # all of one or nothing
        ([200], 0.1, 1),
        ([3, 3, 4], 0.1, 3),
    ],
)
def test_near_copies_are_held_out_as_near_to_the_share_as_they_come(sizes, share, wanted):
    items, groups = of_sizes(sizes)
    plan = Plan("x", held_out=share, keep_copies=True)
    rows = plans.chosen(made_up(items, groups), plan)
    assert len(rows.held_out) == wanted
    held = {row[0] for row in rows.held_out}
    assert wanted == 1 or all(held >= set(g) or not held & set(g) for g in groups)


def test_of_two_sides_the_least_beyond_ten_is_held_out():
    one, groups = of_sizes([40, 13, 12, *[5] * 3])
    items = [dataclasses.replace(item, side="a") for item in one]
    items += [Item(f"{i}.jpg", side="b", num_bytes=9) for i in range(100)]
    plan = Plan("x", held_out=0.05, keep_copies=True)
    rows = plans.chosen(made_up(items, groups, kind="sides"), plan)
    assert sum(items[row[0]].side == "a" for row in rows.held_out) == 10


@pytest.mark.parametrize(
    "sizes, kind, why",
    [
        ([1] * 100, "images", ""),
        ([20] * 5, "images", "20 instead of 10: near copies are held out together."),
        ([1] * 60, "sides", "10 instead of 6: of two sides 10 each are held out at least."),
        ([12] * 5, "sides", "12 instead of 6: near copies are held out together."),
    ],
)
def test_it_is_said_why_another_share_is_held_out(sizes, kind, why):
    items, groups = of_sizes(sizes)
    if kind == "sides":
        items = [dataclasses.replace(item, side="a") for item in items]
    found, plan = made_up(items, groups, kind), Plan("x", keep_copies=True)
    assert plans.on_held_out(found, plan, plans.chosen(found, plan)) == why


def test_what_the_source_holds_out_is_held_out_but_no_class_that_is_never_trained_on():
    items = [
        Item(f"{i}.png", "cat" if i % 2 else "dog", held_out=i >= 40, num_bytes=9)
        for i in range(50)
    ]
    items.append(Item("owl.png", "owl", held_out=True, num_bytes=9))
    rows = plans.chosen(made_up(items), Plan("x"))
    assert {row[0] for row in rows.held_out} == set(range(40, 50))
    assert 50 in {row[0] for row in rows.train}


def test_classes_of_one_picture_are_trained_on():
    items = [Item(f"{i}.png", f"class {i}", num_bytes=9) for i in range(40)]
    items.append(Item("again.png", "class 7", num_bytes=9))
    rows = plans.chosen(made_up(items), Plan("x"))
    assert len(rows.held_out) == 1 and len(rows.class_names) == 40
    assert {rows.labels[row[0]] for row in rows.held_out} == {rows.class_names.index("class 7")}


def test_where_no_class_holds_two_pictures_there_are_no_classes():
    items = [Item(f"{i}.png", f"class {i}", num_bytes=9) for i in range(40)]
    rows = plans.chosen(made_up(items), Plan("x"))
    assert (len(rows.held_out), rows.class_names, rows.labels) == (4, (), {})


@pytest.mark.parametrize("moved", [0, 1])
def test_both_of_a_pair_are_cropped_alike_whichever_frame_is_moved(tmp_path, moved):
    """The page names one of the two by its index; of a picture and its negative both stay negatives."""
    for i in range(30):
        picture = photo(i, 96, 48)
        for side, own in (("input", picture), ("target", Image.eval(picture, lambda v: 255 - v))):
            (tmp_path / "x" / side).mkdir(parents=True, exist_ok=True)
            (tmp_path / "x" / side / f"{i:03d}.png").write_bytes(stored(own))
    found = importing.check_up(tmp_path / "x")
    assert found.recognised.kind == "pairs"
    a, b = importing.chosen(found, found.suggested).train[0]
    asked = {"name": "mine", "size": 32, "offsets": {str((a, b)[moved]): 0.0}}
    plan = checkup_wire.plan_of(asked, found)
    importing.keep(tmp_path / "x", found, plan, tmp_path / "data")
    with np.load(tmp_path / "data" / "mine.npz") as kept:
        ours, theirs = kept["a_train"][0].astype(int), kept["b_train"][0].astype(int)
    assert np.abs(ours + theirs - 255).max() <= 1
    with importing.Reader(tmp_path / "x") as reader:
        left = importing.square(reader.pixels(a, 32), plan, 0.0)
    assert np.array_equal(ours, left)


@pytest.mark.parametrize("ground, level", [("white", 255), ("black", 0), ("grey", 128)])
def test_what_shows_through_is_the_ground_that_is_chosen(tmp_path, ground, level):
    """In the preview and in what is kept alike; half opaque pixels are mixed."""
    for i in range(30):
        picture = photo(i, 64, 64).convert("RGBA")
        alpha = np.full((64, 64), 255, np.uint8)
        alpha[:32], alpha[32:40] = 0, 51  # a fifth
        picture.putalpha(Image.fromarray(alpha))
        (tmp_path / "x").mkdir(exist_ok=True)
        (tmp_path / "x" / f"{i}.png").write_bytes(stored(picture))
    found = importing.check_up(tmp_path / "x", ground=ground)
    assert found.num_transparent == 30 and found.suggested.ground == ground
    plan = checkup_wire.plan_of({"name": "mine", "ground": ground}, found)
    spec = importing.keep(tmp_path / "x", found, plan, tmp_path / "data")
    made = data.load("mine", tmp_path / "data").train
    (index,) = importing.chosen(found, plan).train[0]
    own = np.asarray(Image.open(tmp_path / "x" / found.items[index].name).convert("RGB"))
    assert spec.image_shape == (64, 64, 3) and (made[:, :32] == level).all()
    assert card.read(tmp_path / "data" / "mine.npz", spec.digest).ground == ground
    assert np.abs(made[0, 32:40] - (own[32:40] * 0.2 + level * 0.8)).max() <= 1
    assert np.array_equal(made[0, 40:], own[40:])
    with importing.Reader(tmp_path / "x") as reader:
        assert np.array_equal(importing.square(reader.pixels(index, 64, ground), plan), made[0])


# ---- making them square ----


def frame(width=80, height=40):
    """Left half red, right half green; grey pixels around."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = (200, 0, 0), (0, 200, 0)
    return pixels


def test_crop_pad_and_stretch():
    plan = Plan("x", size=32)
    middle = importing.square(frame(), plan)
    assert middle.shape == (32, 32, 3) and middle[16, 2, 0] > 150 and middle[16, -3, 1] > 150
    assert importing.square(frame(), plan, 0.0)[..., 1].max() < 40
    assert importing.square(frame(), plan, 1.0)[..., 0].max() < 40
    padded = importing.square(frame(), dataclasses.replace(plan, fit="pad"))
    assert (padded[0] == padded[-1]).all() and padded[16, 2, 0] > 150 and padded[16, -3, 1] > 150
    wide = importing.square(frame(80, 20), dataclasses.replace(plan, fit="stretch"))
    assert wide[2, 2, 0] > 150 and wide[-3, -3, 1] > 150


def test_padding_has_the_colour_of_the_edge():
    pixels = np.full((20, 80, 3), (10, 120, 230), np.uint8)
    assert (importing.square(pixels, Plan("x", size=32, fit="pad")) == (10, 120, 230)).all()
    tall = importing.square(pixels.swapaxes(0, 1), Plan("x", size=32, fit="pad", grey=True))
    assert tall.shape == (32, 32, 1) and np.ptp(tall) == 0


def test_as_they_are():
    assert importing.square(frame(), Plan("x", size=0)).shape == (40, 80, 3)
    grey = np.arange(64, dtype=np.uint8).reshape(8, 8, 1)
    assert np.array_equal(importing.square(grey, Plan("x", size=0, grey=True)), grey)


def test_making_small_takes_in_all_pixels():
    dots = np.zeros((512, 512, 1), np.uint8)
    dots[::2, ::2] = 255
    assert abs(int(importing.square(dots, Plan("x", size=32, grey=True)).mean()) - 64) <= 2


# ---- all or nothing ----


def test_names_that_cannot_be(houses, tmp_path):
    for name in ("", "my cats", "../x", "мои", "x" * 65, ".x", "con/x"):
        with pytest.raises(DataError, match="cannot be a name"):
            kept(houses, tmp_path, name=name)
    for name in ("mnist", "mnist_5k", "ring"):
        with pytest.raises(DataError, match="comes with the app"):
            kept(houses, tmp_path, name=name)
    kept(houses, tmp_path)
    for name in ("mine", "MINE"):
        with pytest.raises(DataError, match="already"):
            kept(houses, tmp_path, name=name)


@pytest.mark.parametrize(
    "change",
    [{"size": 30}, {"fit": "fill"}, {"ground": "red"}, {"held_out": 0.5}, {"held_out": 0.0}],
)
def test_values_that_cannot_be(houses, tmp_path, change):
    with pytest.raises(ConfigError):
        kept(houses, tmp_path, **change)
    assert not os.listdir(tmp_path)


def test_one_line_texts(houses, tmp_path):
    for change in (
        {"licence": "a\nb"},
        {"origin": "x" * 301},
        {"title": "\x1b"},
        {"classes": {"brick": "x" * 65}},
        {"classes": {"brick": "a\tb"}},
    ):
        with pytest.raises(DataError):
            kept(houses, tmp_path, **change)


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt, OSError(errno.ENOSPC, "full")])
@pytest.mark.parametrize("doing", ["keeping", "writing"])
def test_whatever_ends_it_leaves_nothing(houses, tmp_path, error, doing):
    place, found = houses

    def stop(done, total, what):
        if what == doing and done > 20:
            raise error

    plan = dataclasses.replace(found.suggested, name="mine")
    wanted = DiskFullError if isinstance(error, OSError) else error
    with pytest.raises(wanted):
        importing.keep(place, found, plan, tmp_path, progress=stop)
    assert not os.listdir(tmp_path)
    assert kept(houses, tmp_path)[0].num_train == 54


def test_a_disk_that_is_full_at_any_sync_leaves_nothing(houses, tmp_path, monkeypatch):
    """Of the set before its card, of the card, of the set once more: then nothing is left to fail."""
    sync, counts = os.fsync, itertools.count()

    def full(descriptor):
        if next(counts) == fails_at:
            raise OSError(errno.ENOSPC, "full")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    for fails_at in itertools.count():
        counts = itertools.count()
        try:
            kept(houses, tmp_path)
        except DiskFullError:
            assert not os.listdir(tmp_path), fails_at
        else:
            break
    assert fails_at >= 3 and sorted(os.listdir(tmp_path)) == ["mine.card.json", "mine.npz"]


@pytest.mark.parametrize("at", [0, 30, 54, 60])
def test_it_can_be_cancelled_while_it_is_written(houses, tmp_path, at):
    """60 is the last word before it is in its place."""
    place, found = houses
    cancelled, told = threading.Event(), []

    def watch(done, total, doing):
        if doing == "writing":
            told.append((done, total))
            if done >= at:
                cancelled.set()

    plan = dataclasses.replace(found.suggested, name="mine")
    stopped = pytest.raises(Cancelled) if at < 60 else contextlib.nullcontext()
    with stopped:
        importing.keep(place, found, plan, tmp_path, progress=watch, cancelled=cancelled)
    assert bool(os.listdir(tmp_path)) is (at == 60)
    assert told == sorted(told) and {total for _, total in told} == {60}
    assert len(told) >= 1 + at // keeping.SOME


def test_a_disk_that_is_too_small_is_said_before(houses, tmp_path, monkeypatch):
    usage = refusals.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(refusals.shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(DataError, match="64 MB are needed, and .* has 1 MB"):
        kept(houses, tmp_path)


def test_files_that_changed_since_are_checked_again(tmp_path):
    place = folder(tmp_path / "x", 30)
    found = importing.check_up(place)
    (place / "007.png").unlink()
    with pytest.raises(DataError, match="changed since"):
        importing.keep(place, found, found.suggested, tmp_path / "data")
    (place / "007.png").write_bytes(b"broken")
    again = importing.check_up(place)
    damaged = (place / "009.png").read_bytes()
    (place / "009.png").write_bytes(b"x" * len(damaged))
    spec = importing.keep(place, again, again.suggested, tmp_path / "data")
    told = card.read(tmp_path / "data" / "x.npz", spec.digest)
    assert told.left_out["damaged"] == 2 and spec.num_train + spec.num_held_out == 28


KILLED = """
import dataclasses, os, signal, sys
sys.path.insert(0, {root!r})
from gan_core import importing
from gan_core.importing import keeping
def die(done, total, doing):
    if doing == {doing!r} and done > 5: os.kill(os.getpid(), signal.SIGKILL)
if {doing!r} == "card":
    write = keeping.card.write
    keeping.card.write = lambda *args: (write(*args), os.kill(os.getpid(), signal.SIGKILL))
found = importing.check_up({place!r})
importing.keep({place!r}, found, dataclasses.replace(found.suggested, name="mine"), {data!r}, progress=die)
"""


@pytest.mark.parametrize("doing", ["keeping", "card"])
def test_killed_in_the_middle_it_leaves_no_set_and_the_next_one_clears_up(tmp_path, doing):
    place, target = folder(tmp_path / "x", 30), tmp_path / "data"
    root = str(keeping.Path(keeping.__file__).parents[2])
    code = KILLED.format(root=root, doing=doing, place=str(place), data=str(target))
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    left = os.listdir(target)
    assert ("mine.card.json" in left) is (doing == "card")
    assert left and all(name.startswith(".tmp-") for name in left if name != "mine.card.json")
    assert [s.name for s in data.specs(target) if s.source == "file"] == []
    found = importing.check_up(place)
    importing.keep(place, found, dataclasses.replace(found.suggested, name="other"), target)
    assert sorted(os.listdir(target)) == ["other.card.json", "other.npz"]


def test_a_card_is_swept_only_where_its_set_never_came(houses, tmp_path, monkeypatch):
    """Not while somebody makes the set, and not where both are copied here with their old dates."""
    kept(houses, tmp_path)
    whole = (tmp_path / "mine.card.json").read_bytes()
    for name, content in (("copied", whole), ("making", whole), ("notes", b"{}")):
        (tmp_path / f"{name}.card.json").write_bytes(content)
        os.utime(tmp_path / f"{name}.card.json", (0, 0))

    def left():
        return {p.name.split(".")[0] for p in tmp_path.glob("*.card.json")}

    with outputs.whole_file(tmp_path / "making.npz") as temp:
        sweeping.sweep(tmp_path)
        assert left() == {"mine", "copied", "making", "notes"}
        later = types.SimpleNamespace(time=lambda: time.time() + 2 * sweeping.HOUR)
        monkeypatch.setattr(sweeping, "time", later)
        sweeping.sweep(tmp_path)
        assert left() == {"mine", "making", "notes"}
        temp.write_bytes(b"x")


def test_small_and_plain_pictures_come_along_where_somebody_says_so(tmp_path):
    place = folder(tmp_path / "x", 30)
    (place / "tiny.png").write_bytes(stored(photo(91, 20, 12)))
    (place / "wall.png").write_bytes(stored(Image.new("RGB", (64, 64), (9, 9, 9))))
    found = importing.check_up(place)
    rows = importing.chosen(
        found, dataclasses.replace(found.suggested, anyway=frozenset({"too small"}))
    )
    assert rows.num_rows == 31 and rows.left == {"one colour": 1}
    plan = dataclasses.replace(found.suggested, anyway=frozenset({"too small", "one colour"}))
    spec = importing.keep(place, found, plan, tmp_path / "data")
    assert spec.num_train + spec.num_held_out == 32


def test_the_memory_in_use_does_not_grow_with_the_number_of_pictures(tmp_path, monkeypatch):
    """Rows go to the disk: what is kept is many times what the process takes for it."""
    place = folder(tmp_path / "x", 20)
    for i in range(180):
        (place / f"copy {i}.png").write_bytes(stored(photo(i % 20)))
    found = importing.check_up(place)
    plan = dataclasses.replace(found.suggested, size=128, name="mine", keep_copies=True)
    peaks, write = [], card.write

    def written(*args):
        peaks.append(tracemalloc.get_traced_memory()[1])
        write(*args)

    monkeypatch.setattr(card, "write", written)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    importing.keep(place, found, plan, tmp_path)
    tracemalloc.stop()
    assert (tmp_path / "mine.npz").stat().st_size > 9_800_000
    assert peaks[0] - before < 5_000_000
