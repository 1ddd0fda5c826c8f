"""The child that decodes: what kills it is one picture's problem, and the next one is read."""

import os
import signal
import threading

import numpy as np
import pytest

from gan_core.errors import DataError
from gan_core.importing import pool, reader
from gan_core.importing.base import Cancelled, Unusable, Vanished
from gan_core.importing.looks import look
from gan_core.importing.pictures import decoded
from gan_core.importing.pool import Pool
from gan_core.importing.reader import Reader, recognise
from tests.unit.importing.made import folder, photo, stored

pytestmark = pytest.mark.usefixtures("real_child")

TRAP = """
import os, sys
sys.path.insert(0, {root!r})
from gan_core.importing import child, pictures
whole = pictures.Pictures.pixels
def trapped(self, index, side):
    name = self.items[index].name
    if "crash" in name: os.kill(os.getpid(), 11)
    if "memory" in name: bytearray(1 << 40)
    if "hog" in name: self.held = bytearray(b"x") * (240 << 20); __import__("time").sleep(60)
    if "slow" in name:
        while True: pass
    if "prints" in name: print("noise"); os.write(1, b"noise")
    return whole(self, index, side)
pictures.Pictures.pixels = trapped
child.main()
"""


@pytest.fixture
def trapped(tmp_path, monkeypatch):
    """A folder in which some pictures do what hostile ones may do to a decoder."""
    place = tmp_path / "x"
    place.mkdir()
    for i, name in enumerate(
        ("a", "b-crash", "c", "d-memory", "e", "f-slow", "g", "h-prints", "i-hog", "j")
    ):
        (place / f"{name}.png").write_bytes(stored(photo(i)))
    monkeypatch.setattr(reader, "CODE", TRAP)
    monkeypatch.setattr(reader, "RESIDENT", 200 << 20)
    return place


def test_what_kills_the_child_is_that_pictures_problem(trapped):
    reasons = {}
    with Reader(trapped, seconds=1.0) as found:
        for index, item in enumerate(found.items):
            try:
                seen = found.look(index)
                reasons[item.name[0]] = ""
                own = look(decoded((trapped / item.name).read_bytes(), "x", 28))
                assert np.array_equal(seen.small, own.small)
            except Unusable as error:
                reasons[item.name[0]] = error.reason
    wanted = {"b": "crash", "d": "memory", "f": "time", "i": "memory"}
    assert reasons == {name: wanted.get(name, "") for name in "abcdefghij"}


def test_the_child_ends_with_its_reader_and_knows_no_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with Reader(folder(tmp_path / "x", 3)) as found:
        pid = found._child._process.pid
        if os.path.exists("/proc/self/environ"):
            with open(f"/proc/{pid}/environ", "rb") as file:
                assert b"SECRET" not in file.read()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_child_that_is_killed_from_outside_is_started_again(tmp_path):
    with Reader(folder(tmp_path / "x", 3)) as found:
        os.kill(found._child._process.pid, signal.SIGKILL)
        with pytest.raises(Unusable):
            found.look(0)
        assert found.look(0).size == (64, 48)


def test_a_folder_that_vanishes_while_it_is_read(tmp_path):
    place = folder(tmp_path / "x", 3)
    with Reader(place) as found:
        found.look(0)
        (place / "001.png").unlink()
        with pytest.raises(Unusable) as caught:
            found.look(1)
        assert caught.value.reason == "gone"
        place.rename(tmp_path / "y")
        with pytest.raises(Vanished, match="no longer there"):
            found.look(2)


def test_cancelled_from_another_thread(trapped):
    cancelled = threading.Event()
    with Reader(trapped, cancelled=cancelled) as found:
        index = next(i for i, item in enumerate(found.items) if "slow" in item.name)
        threading.Timer(0.3, cancelled.set).start()
        with pytest.raises(Cancelled):
            found.look(index)
        with pytest.raises(Cancelled):
            found.look(0)


def test_what_cannot_be_opened_is_said_and_is_no_pictures_problem(tmp_path):
    for ask in (recognise, lambda path: Reader(path).__enter__()):
        with pytest.raises(DataError, match="does not exist") as caught:
            ask(tmp_path / "nothing")
        assert not isinstance(caught.value, Unusable)


def test_several_readers_answer_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "FEW", 5)
    place = folder(tmp_path / "x", 24)
    (place / "007.png").write_bytes(b"broken")
    with Pool(place, {}, None) as readers:
        found = list(readers.map(Reader.look, list(range(24))))
    assert isinstance(found[7], Unusable)
    for i in (0, 6, 8, 23):
        own = look(decoded((place / f"{i:03d}.png").read_bytes(), "x", 28))
        assert np.array_equal(found[i].small, own.small)
