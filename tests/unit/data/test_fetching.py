"""Downloads in the background: done, failed in words, stopped; over a server of this machine."""

import functools
import hashlib
import http.server
import io
import threading

import numpy as np
import pytest

from gan_core.data import catalogue
from gan_core.data.builtin import KNOWN, Known, RemoteFile
from gan_core.data.fetching import Fetching
from gan_core.errors import DataError


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A server of a small `mnist`; its address, and what lets the file's bytes go."""
    images = np.random.default_rng(0).integers(0, 256, (30, 28, 28), np.uint8)
    out = io.BytesIO()
    np.savez(out, x_train=images)
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / "mnist.npz").write_bytes(out.getvalue())
    file = RemoteFile("mnist.npz", len(out.getvalue()), hashlib.sha256(out.getvalue()).hexdigest())
    known = Known("mnist", "small", "CC0", "made here", (), 27, 3, files=(file,))
    monkeypatch.setitem(KNOWN, "mnist", known)
    go = threading.Event()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def copyfile(self, source, target):
            target.write(source.read(100))
            go.wait(60)
            super().copyfile(source, target)

        def log_message(self, *_): ...

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", go
    go.set()
    server.shutdown()
    server.server_close()


def finished() -> None:
    for thread in threading.enumerate():
        if thread.name == "fetch":
            thread.join(60)


def test_a_set_comes_and_is_no_longer_among_the_downloads(tmp_path, served):
    address, go = served
    fetching = Fetching(tmp_path, address)
    fetching.start("mnist")
    assert fetching.states()["mnist"].total == KNOWN["mnist"].download_bytes
    go.set()
    finished()
    assert fetching.states() == {}
    assert catalogue.load("mnist", tmp_path).spec.num_train == 27
    with pytest.raises(DataError, match="already"):
        fetching.start("mnist")


def test_a_download_that_is_stopped_leaves_nothing(tmp_path, served):
    address, go = served
    fetching = Fetching(tmp_path, address)
    fetching.start("mnist")
    fetching.stop("mnist")
    go.set()
    finished()
    assert fetching.states() == {} and not (tmp_path / "mnist.npz").exists()


def test_what_fails_says_why_until_it_is_forgotten(tmp_path):
    fetching = Fetching(tmp_path, "http://127.0.0.1:9/")
    fetching.start("mnist")
    finished()
    assert "cannot be reached" in fetching.states()["mnist"].error
    fetching.stop("mnist")
    assert fetching.states() == {}
