"""The download of VGG19's file against a real server on this machine: whole, spoiled, cut, cancelled."""

import errno
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gan_core.errors import DataError
from gan_core.lab.vgg19 import Vgg19
from gan_core.networks import vgg19_file

BODY = bytes(range(256)) * 1200
BOTH_WAYS = "Try again with a network, or put the file from https://.* by hand.*style_patches"


class Handler(BaseHTTPRequestHandler):
    """Serves `server.body` as if it had `server.length` bytes; holds on where `server.hold` says so."""

    def do_GET(self):
        server = self.server
        self.send_response(200 if server.body else 404)
        self.send_header("Content-Length", str(server.length or len(server.body)))
        self.end_headers()
        half = len(server.body) // 2
        self.wfile.write(server.body[:half])
        if server.hold:
            server.hold.wait(60)
        self.wfile.write(server.body[half:])

    def log_message(self, *args):
        """Keeps the test's output clean."""


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.body, running.length, running.hold = BODY, 0, None
        running.url = f"http://127.0.0.1:{running.server_port}/"
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def place(monkeypatch, tmp_path):
    """Where the file would be; the published one is small here."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(vgg19_file, "HASH", hashlib.md5(BODY).hexdigest())
    monkeypatch.setattr(vgg19_file, "LEAST_BYTES", len(BODY))
    monkeypatch.setattr(vgg19_file, "MOST_BYTES", len(BODY) + 99)
    return vgg19_file.path()


def left(place) -> list[str]:
    return [path.name for path in place.parent.iterdir()]


def fails(server, place, words):
    with pytest.raises(DataError, match=f"{words}.*{BOTH_WAYS}"):
        vgg19_file.download(base_url=server.url)
    assert left(place) == [] and not vgg19_file.is_here()


def test_a_whole_file_is_kept_and_its_bytes_were_counted(server, place):
    seen = []
    assert vgg19_file.download(base_url=server.url, progress=seen.append) == place
    assert place.read_bytes() == BODY and left(place) == [place.name]
    assert vgg19_file.is_here() and seen == sorted(seen) and seen[-1] == len(BODY)


def test_a_connection_that_is_cut_leaves_nothing(server, place):
    server.length = 2 * len(BODY)
    server.body = BODY[:-1]
    fails(server, place, "broke off after")


@pytest.mark.parametrize(
    "body, words",
    [
        (BODY[:-1] + b"x", "not the published file"),
        (BODY + bytes(200), "more than"),
        (b"", "404"),
    ],
)
def test_wrong_bytes_are_refused(server, place, body, words):
    server.body = body
    fails(server, place, words)


def test_without_a_network_both_ways_out_are_named(place):
    with pytest.raises(DataError, match=f"cannot be reached.*{BOTH_WAYS}"):
        vgg19_file.download(base_url="http://127.0.0.1:9/")
    assert left(place) == []


def test_a_full_disk_is_said_and_leaves_nothing(server, place, monkeypatch):
    def full(file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(vgg19_file.os, "fsync", full)
    with pytest.raises(DataError, match="No space left.*Free 80 MB.*style_patches"):
        vgg19_file.download(base_url=server.url)
    assert left(place) == []


def test_a_half_file_is_not_here_and_stays_until_a_whole_one_is(server, place):
    place.parent.mkdir(parents=True)
    place.write_bytes(BODY[:100])
    assert not vgg19_file.is_here() and "broke off" in vgg19_file.ways_out()
    server.body = BODY[:50]
    with pytest.raises(DataError):
        vgg19_file.download(base_url=server.url)
    assert place.read_bytes() == BODY[:100]
    server.body = BODY
    vgg19_file.download(base_url=server.url)
    assert place.read_bytes() == BODY


def test_a_download_is_one_at_a_time_and_can_be_cancelled(server, place):
    server.hold = threading.Event()
    vgg19 = Vgg19()
    vgg19.download(base_url=server.url)
    first = vgg19._thread
    vgg19.download(base_url=server.url)
    assert vgg19.is_coming and vgg19._thread is first
    vgg19.cancel()
    assert not vgg19.is_coming
    server.hold.set()
    first.join(60)
    assert left(place) == [] and vgg19.problem == ""


def test_what_went_wrong_is_kept_in_words(server, place):
    server.body = b""
    vgg19 = Vgg19()
    vgg19.download(base_url=server.url)
    vgg19._thread.join(60)
    assert not vgg19.is_coming and "404" in vgg19.problem
    server.body = BODY
    vgg19.download(base_url=server.url)
    vgg19._thread.join(60)
    assert vgg19.problem == "" and vgg19.is_here
