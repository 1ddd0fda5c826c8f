"""The desk: what is dropped is read and kept in the background, and waits for a day."""

import dataclasses
import json
import os
import threading
import time

import numpy as np
import pytest
from PIL import Image

from gan_core import data, importing
from gan_core.errors import DataError, RunError
from gan_core.importing import asking, waiting
from gan_core.importing.base import Question, Recognised
from gan_core.importing.desk import Desk
from gan_core.storage import access
from gan_core.web.waiting_wire import waiting_told
from tests.unit.importing.made import folder, stored, zipped


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path / "data")
    yield found
    found.close()


def until(desk, key, *phases):
    """The state once it is in one of these phases; where it rests in another one the test fails."""
    while (state := desk.state(key)).phase not in phases:
        assert state.phase in ("reading", "looking", "keeping"), (state.phase, state.error)
        time.sleep(0.005)
    return state


def test_a_path_is_read_and_kept(desk, tmp_path):
    key = desk.receive(folder(tmp_path / "houses", 40))
    state = until(desk, key, "ready")
    assert (state.title, state.path) == ("houses", str(tmp_path / "houses"))
    assert state.found.num_usable == state.num_usable == state.done == state.total == 40
    assert state.first == tuple(range(40)) and state.seconds > 0
    desk.keep(key, dataclasses.replace(state.found.suggested, name="fronts"))
    assert until(desk, key, "kept").kept == "fronts"
    assert data.spec("fronts", tmp_path / "data").num_train == 36
    assert desk.waiting() == [] and os.listdir(tmp_path / "data" / ".waiting") == []
    assert len(list((tmp_path / "houses").iterdir())) == 40


def take(desk, tmp_path, files, title):
    """Files have come through a browser, by their names in what was dropped."""
    came = tmp_path / "came"
    for name, content in files.items():
        (came / name).parent.mkdir(parents=True, exist_ok=True)
        (came / name).write_bytes(content)
    return desk.take(came, title)


def pets(tmp_path):
    place = folder(tmp_path / "pets", 30, ("cat", "dog", "owl"))
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*.png")}


def test_files_that_come_through_the_browser(desk, tmp_path):
    key = take(desk, tmp_path, pets(tmp_path), "pets")
    state = until(desk, key, "ready")
    assert (state.title, state.path) == ("pets", "") and dict(state.found.classes) == {
        "cat": 10,
        "dog": 10,
        "owl": 10,
    }
    assert state.found.suggested.name == state.found.suggested.title == "pets"
    packed = zipped(tmp_path / "z", {"1.png": b""}).read_bytes()
    zip_key = take(desk, tmp_path, {"my pets.zip": packed}, "my pets.zip")
    assert until(desk, zip_key, "ready").found.suggested.title == "my pets"
    assert [state.id for state in desk.waiting()] == [zip_key, key]
    assert not (tmp_path / "came").exists()


def test_what_is_not_there_is_refused_at_once(desk, tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        desk.receive(tmp_path / "nothing")
    (tmp_path / "came").mkdir()
    with pytest.raises(DataError, match="No file came"):
        desk.take(tmp_path / "came", "pets")
    assert desk.waiting() == []
    with pytest.raises(DataError, match="Nothing waits"):
        desk.state("../../etc")


def test_what_cannot_be_read_says_why_and_waits_until_it_is_discarded(desk, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "1.pdf").write_bytes(b"x")
    key = desk.receive(tmp_path / "thesis")
    assert "no pictures in thesis" in until(desk, key, "failed").error
    again = Desk(tmp_path / "data")
    assert again.state(key).phase == "failed" and "1 .pdf" in again.state(key).error
    again.discard(key)
    assert again.waiting() == []
    with pytest.raises(DataError, match="Nothing waits"):
        again.state(key)


def test_what_was_checked_outlives_the_server(desk, tmp_path):
    key = take(desk, tmp_path, pets(tmp_path), "pets")
    state = until(desk, key, "ready")
    again = Desk(tmp_path / "data")
    assert again.state(key).found == state.found and again.waiting()[0].phase == "ready"
    again.keep(key, again.state(key).found.suggested)
    assert until(again, key, "kept").kept == "pets"


def test_what_was_being_read_when_the_server_died_is_read_again(desk, tmp_path):
    key = desk.receive(folder(tmp_path / "x", 30))
    until(desk, key, "ready")
    os.unlink(tmp_path / "data" / ".waiting" / key / "check_up.json")
    assert until(Desk(tmp_path / "data"), key, "ready").found.num_usable == 30


def test_a_damaged_check_up_is_made_again_and_a_damaged_record_ends_after_a_day(
    desk, tmp_path, monkeypatch
):
    key = desk.receive(folder(tmp_path / "x", 30))
    until(desk, key, "ready")
    place = tmp_path / "data" / ".waiting" / key
    (place / "check_up.json").write_text('{"items": 7}')
    assert until(Desk(tmp_path / "data"), key, "ready").found.num_usable == 30
    (place / "desk.json").write_text("[]")
    again = Desk(tmp_path / "data")
    assert again.waiting() == []
    monkeypatch.setattr(waiting, "DAY", -10.0)
    again.waiting()
    assert not place.exists()


def test_nothing_waits_longer_than_a_day(desk, tmp_path):
    key = desk.receive(folder(tmp_path / "x", 30))
    until(desk, key, "ready")
    record = tmp_path / "data" / ".waiting" / key / "desk.json"
    found = json.loads(record.read_text())
    record.write_text(json.dumps(found | {"received_at": time.time() - 86_401}))
    with access.acting(access.VIEWER):  # whoever looks
        assert Desk(tmp_path / "data").waiting() == [] and not record.exists()


@pytest.fixture
def slow(monkeypatch):
    """Reading and keeping wait before each picture until they are let go."""
    go, look, made = threading.Event(), importing.Reader.look, importing.Reader.pixels

    def waits(method):
        def waiting(self, *args):
            while not go.wait(0.005) and not self.cancelled.is_set():
                pass
            return method(self, *args)

        return waiting

    monkeypatch.setattr(importing.Reader, "look", waits(look))
    monkeypatch.setattr(importing.Reader, "pixels", waits(made))
    yield go
    go.set()


def test_cancelled_while_it_is_read(desk, tmp_path, slow):
    key = desk.receive(folder(tmp_path / "x", 30))
    while desk.state(key).total == 0 and desk.state(key).doing != "opening":
        time.sleep(0.005)
    desk.cancel(key)
    assert desk.state(key).phase == "stopped"
    desk.answer(key, {})
    slow.set()
    assert until(desk, key, "ready").found.num_usable == 30


def test_cancelled_while_it_is_kept(desk, tmp_path, slow):
    slow.set()
    key = desk.receive(folder(tmp_path / "x", 30))
    state = until(desk, key, "ready")
    slow.clear()
    desk.keep(key, dataclasses.replace(state.found.suggested, name="mine"))
    with pytest.raises(DataError, match="cannot be kept now: it is keeping"):
        desk.keep(key, state.found.suggested)
    desk.cancel(key)
    assert until(desk, key, "ready").error == ""
    assert os.listdir(tmp_path / "data") == [".waiting"]
    slow.set()
    desk.keep(key, dataclasses.replace(state.found.suggested, name="mine"))
    assert until(desk, key, "kept").kept == "mine"


def test_discarded_while_it_is_read(desk, tmp_path, slow):
    key = desk.receive(folder(tmp_path / "x", 30))
    other = desk.receive(folder(tmp_path / "y", 30))
    desk.discard(key)
    slow.set()
    assert until(desk, other, "ready").title == "y"
    assert [state.id for state in desk.waiting()] == [other]


def test_a_name_that_is_taken_is_said_and_another_one_is_kept(desk, tmp_path):
    key = desk.receive(folder(tmp_path / "x", 30))
    found = until(desk, key, "ready").found
    desk.keep(key, dataclasses.replace(found.suggested, name="mnist"))
    assert "comes with the app" in until(desk, key, "ready").error
    desk.keep(key, found.suggested)
    assert until(desk, key, "kept").error == ""


def test_questions_are_asked_first(desk, tmp_path, monkeypatch):
    asked = Recognised("CSV", "images", (Question("label", "Which column?", ("a", "b"), "a"),))
    monkeypatch.setattr(asking, "recognise", lambda path, answers, **_: asked)
    key = desk.receive(folder(tmp_path / "x", 30))
    assert until(desk, key, "asking").recognised == asked
    desk.answer(key, {"label": "b"})
    assert dict(until(desk, key, "ready").found.suggested.answers) == {"label": "b"}


def test_an_answer_that_changes_the_questions_after_it_asks_again(desk, tmp_path):
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 256, (100, 28, 28), np.uint8), rng.random((60, 784))
    np.savez(tmp_path / "two.npz", first=first, second=second, y=np.arange(60) % 2)
    key = desk.receive(tmp_path / "two.npz")
    told = waiting_told(until(desk, key, "asking"))["questions"]
    assert [q["name"] for q in told] == ["images"]
    desk.answer(key, {"images": "second"})
    told = waiting_told(until(desk, key, "asking"))["questions"]
    assert [(q["name"], q["answer"]) for q in told] == [
        ("images", "second"),
        ("layout", "28 x 28"),
        ("values", "0 to 1"),
    ]
    desk.answer(key, {q["name"]: q["answer"] for q in told})
    assert until(desk, key, "ready").found.sizes[0] == (28, 28)


def test_a_changed_answer_asks_anew_at_once_and_then_one_press_reads_on(desk, tmp_path):
    """What was asked of one array holds no more of another, whatever it was answered with."""
    rng = np.random.default_rng(0)
    foo, bar = rng.integers(0, 200, (90, 784), np.uint8), rng.random((60, 784))
    np.savez(tmp_path / "two.npz", foo=foo, bar=bar)
    key = desk.receive(tmp_path / "two.npz")
    until(desk, key, "asking")
    desk.ask_again(key, {"images": "bar", "layout": "28 x 28"})
    told = waiting_told(desk.state(key))
    assert told["phase"] == "asking" and desk.state(key).found is None
    asked = {q["name"]: q for q in told["questions"]}
    assert asked["images"]["answer"] == "bar" and "laid out in `bar`" in asked["layout"]["text"]
    assert asked["values"]["answer"] == "0 to 1"
    again = Desk(tmp_path / "data")  # what nobody confirmed is asked again
    first = waiting_told(until(again, key, "asking"))["questions"][0]
    assert (first["name"], first["answer"]) == ("images", "foo")
    again.close()
    desk.answer(key, {name: question["answer"] for name, question in asked.items()})
    assert until(desk, key, "ready").found.num_files == 60
    with pytest.raises(DataError, match="asks nothing now"):
        desk.ask_again(key, {"images": "foo"})


def test_an_answer_that_is_taken_back_asks_as_before(desk, tmp_path):
    for name in ("edges", "photos"):
        folder(tmp_path / "both" / name, 30)
    key = desk.receive(tmp_path / "both")
    given = {"kind": "pairs", "input": "photos"}
    until(desk, key, "asking")
    asked = []
    for kind in ("pairs", "classes", "pairs"):
        desk.ask_again(key, given | {"kind": kind})
        told = waiting_told(desk.state(key))["questions"]
        asked.append({question["name"]: question["answer"] for question in told})
    assert asked == [given, {"kind": "classes"}, given]


def test_the_proof_shows_both_of_a_pair_both_sides_and_every_class(desk, tmp_path):
    for name in ("edges", "photos"):
        folder(tmp_path / "both" / name, 30)
    key = desk.receive(tmp_path / "both")
    until(desk, key, "asking")
    pairs = desk.proof(key, {"kind": "pairs"})
    assert (pairs.kind, pairs.groups[:2]) == ("pairs", (("", (0, 1)), ("", (2, 3))))
    sides = desk.proof(key, {"kind": "two sides"})
    assert sides.groups == (("A", (0, 1, 2, 3)), ("B", (30, 31, 32, 33)))
    classes = desk.proof(key, {"kind": "classes"})
    assert classes.groups == (("edges", (0, 1, 2, 3)), ("photos", (30, 31, 32, 33)))


@pytest.mark.parametrize(("answer", "kind"), [("two sides", "sides"), ("classes", "images")])
def test_an_answer_after_a_changed_one_holds_only_where_it_is_asked_again(
    desk, tmp_path, answer, kind
):
    """A page sends all answers; which folder is the input is asked of pairs only."""
    for name in ("edges", "photos"):
        folder(tmp_path / "both" / name, 30)
    key = desk.receive(tmp_path / "both")
    told = waiting_told(until(desk, key, "asking"))["questions"]
    given = {q["name"]: q["answer"] for q in told}
    assert given == {"kind": "pairs", "input": "edges"}
    assert desk.picture(key, 0, 32, given | {"kind": answer}).shape[2] == 3
    desk.answer(key, given | {"kind": answer})
    assert until(desk, key, "ready").found.recognised.kind == kind


def test_a_picture_is_shown_as_it_will_be_kept(desk, tmp_path):
    key = desk.receive(folder(tmp_path / "x", 30))
    found = until(desk, key, "ready").found
    shown = importing.square(desk.picture(key, 3, 32), found.suggested)
    with importing.Reader(tmp_path / "x") as reader:
        assert np.array_equal(shown, importing.square(reader.pixels(3, 32), found.suggested))
    with pytest.raises(DataError, match="no picture 99"):
        desk.picture(key, 99, 32)


@pytest.fixture
def drawings(tmp_path):
    """25 photographs, and ten white drawings on nothing."""
    place = folder(tmp_path / "both", 25)
    rng = np.random.default_rng(0)
    for i in range(10):
        drawing = np.full((40, 40, 4), 255, np.uint8)
        drawing[..., 3] = np.kron(rng.integers(0, 2, (5, 5)), np.ones((8, 8))) * 255
        (place / f"drawing{i}.png").write_bytes(stored(Image.fromarray(drawing)))
    return place


def test_another_ground_looks_again_and_counts_as_the_command_line_does(desk, drawings):
    key = desk.receive(drawings)
    first = until(desk, key, "ready").found
    assert (first.num_usable, first.num_transparent, first.suggested.ground) == (25, 10, "white")
    stamp = waiting_told(desk.state(key))["stamp"]
    desk.look_on(key, "black")
    state = until(desk, key, "ready")
    assert state.found == importing.check_up(drawings, ground="black")
    assert (state.found.num_usable, state.num_usable) == (35, 35)
    assert waiting_told(state)["stamp"] != stamp
    again = Desk(desk.data_dir)
    assert again.state(key).found == state.found
    with pytest.raises(DataError, match="must be one of white, black, grey"):
        desk.look_on(key, "red")


def test_a_look_on_another_ground_that_ends_early_leaves_what_there_was(desk, drawings, slow):
    slow.set()
    key = desk.receive(drawings)
    found = until(desk, key, "ready").found
    slow.clear()
    desk.look_on(key, "black")
    looking = desk.state(key)
    assert (looking.phase, looking.found) == ("looking", found)
    with pytest.raises(DataError, match="cannot be kept now: it is looking"):
        desk.keep(key, found.suggested)
    desk.cancel(key)
    assert (desk.state(key).phase, desk.state(key).num_usable) == ("ready", 25)
    slow.set()
    drawings.rename(drawings.with_name("elsewhere"))
    desk.look_on(key, "black")
    state = until(desk, key, "ready")
    assert state.found == found and "does not exist" in state.error


def test_two_servers_share_a_desk(desk, tmp_path, slow):
    key = desk.receive(folder(tmp_path / "x", 30))
    while desk.state(key).doing == "waiting":
        time.sleep(0.005)
    other = Desk(tmp_path / "data")
    while other.state(key).doing == "waiting":
        time.sleep(0.005)
    assert other.state(key).phase == "reading" and other.state(key).doing == "elsewhere"
    slow.set()
    until(desk, key, "ready")
    assert until(other, key, "ready").found.num_usable == 30
    desk.discard(key)
    assert other.waiting() == []


def test_a_full_disk_is_said_and_nothing_stays(desk, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(waiting.files, "write_json", full)
    with pytest.raises(RunError, match="disk is full"):
        desk.receive(folder(tmp_path / "x", 30))
    assert os.listdir(tmp_path / "data" / ".waiting") == []


class Person:
    """Presses whatever there is to press, thirty times."""

    def __init__(self, desk, place, seed, errors):
        self.desk, self.place, self.errors, self.keys = desk, place, errors, []
        self.rng, self.name = np.random.default_rng(seed), f"set_{seed}"

    def drop(self, key):
        self.keys.append(self.desk.receive(self.place))

    def keep(self, key):
        if (state := self.desk.state(key)).phase == "ready":
            self.desk.keep(key, dataclasses.replace(state.found.suggested, name=self.name))

    def press(self):
        key = self.keys[self.rng.integers(len(self.keys))] if self.keys else "0" * 12
        buttons = (self.drop, self.desk.cancel, self.keep, self.desk.discard)
        buttons = (*buttons, lambda key: self.desk.answer(key, {}))
        buttons[self.rng.integers(len(buttons))](key)
        self.desk.waiting()

    def __call__(self):
        for _ in range(30):
            try:
                self.press()
            except DataError:
                continue
            except Exception as error:
                self.errors.append(error)


def test_thirty_clicks_of_five_people(desk, tmp_path):
    place, errors = folder(tmp_path / "x", 22), []
    threads = [threading.Thread(target=Person(desk, place, seed, errors)) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for state in desk.waiting():
        desk.discard(state.id)
    assert desk.waiting() == []
