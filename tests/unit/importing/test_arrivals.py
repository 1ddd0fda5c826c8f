"""Files from a browser: whole however they are cut, never outside their folder, never more than announced."""

import struct

import pytest

from gan_core.errors import DataError
from gan_core.importing import arrivals
from gan_core.importing.arrivals import Arrival, safe_parts


def portion(*files: tuple[str, bytes]) -> bytes:
    made = [(name.encode(), data) for name, data in files]
    return b"".join(struct.pack("<IQ", len(n), len(d)) + n + d for n, d in made)


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_files_are_whole_however_their_bytes_are_cut(tmp_path, size):
    arrival = Arrival(tmp_path, 100)
    data = portion(("a/1.png", b"first"), ("empty", b""), ("a/2.png", b"second one"))
    for start in range(0, len(data), size):
        arrival.feed(data[start : start + size])
    arrival.end_portion()
    assert (tmp_path / "a" / "1.png").read_bytes() == b"first"
    assert (tmp_path / "empty").read_bytes() == b""
    assert (tmp_path / "a" / "2.png").read_bytes() == b"second one"
    assert arrival.num_files == 3


def test_portions_follow_each_other_and_a_name_twice_is_two_files(tmp_path):
    arrival = Arrival(tmp_path, 100)
    for data in (b"one", b"two"):
        arrival.feed(portion(("x.png", data)))
        arrival.end_portion()
    assert (tmp_path / "x.png").read_bytes() == b"one"
    assert (tmp_path / "x (2).png").read_bytes() == b"two"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("../../etc/passwd", ["etc", "passwd"]),
        ("/abs/./x.png", ["abs", "x.png"]),
        ("..", ["file"]),
        ("a\\b\x00c.png", ["a_b_c.png"]),
        ("사진/집.jpg", ["사진", "집.jpg"]),
    ],
)
def test_names_lead_nowhere_else(name, parts):
    assert safe_parts(name) == parts


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "a\\..\\x", "C:\\x", "a/./x", "\x00x", "..", "a" * 900]
)
def test_files_stay_in_their_folder_whatever_they_are_called(tmp_path, name):
    inside = tmp_path / "files"
    inside.mkdir()
    Arrival(inside, 100).feed(portion((name, b"1"), (name, b"2"), ("b.png", b"3")))
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) == 3 and all(path.resolve().is_relative_to(inside) for path in found)


def test_a_disk_that_is_full_is_said(tmp_path, monkeypatch):
    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

        def close(self): ...

    monkeypatch.setattr(Arrival, "_open", lambda self, name: Full())
    with pytest.raises(DataError, match="No space left"):
        Arrival(tmp_path, 100).feed(portion(("x.png", b"123")))


def test_a_long_name_keeps_its_ending():
    (name,) = safe_parts("ä" * 300 + ".jpeg")
    assert name.endswith(".jpeg") and len(name.encode()) <= arrivals.MOST_PART


def test_what_breaks_off_is_said(tmp_path):
    arrival = Arrival(tmp_path, 100)
    arrival.feed(portion(("x.png", b"whole"))[:-2])
    with pytest.raises(DataError, match="not arrive whole"):
        arrival.end_portion()


@pytest.mark.parametrize(
    "data",
    [portion(("x", b"123456")), struct.pack("<IQ", 10**6, 1), struct.pack("<IQ", 1, 2**60) + b"x"],
)
def test_more_than_announced_and_what_is_no_portion_is_refused(tmp_path, data):
    with pytest.raises(DataError):
        Arrival(tmp_path, 5).feed(data)


def test_a_disk_without_room_is_said_before(tmp_path):
    with pytest.raises(DataError, match="path"):
        Arrival(tmp_path, 2**60)
