"""Small .npz files to read, whole and spoiled."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest


@pytest.fixture
def data_dir(tmp_path):
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def arrays():
    """A valid set: 40 grey images of 8 x 6, four classes of 10."""
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 6), dtype=np.uint8)
    return {"x_train": images, "y_train": np.arange(40, dtype=np.uint8) % 4}


@pytest.fixture
def save(data_dir):
    """Writes arrays as `<data_dir>/mine.npz` (or another name) and returns the path."""

    def write(arrays, name="mine", *, compressed=False):
        path = data_dir / f"{name}.npz"
        (np.savez_compressed if compressed else np.savez)(path, **arrays)
        return path

    return write


class Handler(BaseHTTPRequestHandler):
    """Serves `server.pages`: bytes, or a function that writes the answer itself."""

    def do_GET(self):
        page = self.server.pages.get(self.path.lstrip("/"))
        if callable(page):
            page(self)
            return
        self.send_response(200 if page is not None else 404)
        self.send_header("Content-Length", str(len(page or b"")))
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *args):
        """Keeps the test's output clean."""


@pytest.fixture
def server(monkeypatch):
    """A web server with `pages` (name -> bytes or function) and its address `url`."""
    monkeypatch.setenv("no_proxy", "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.pages, running.url = {}, f"http://127.0.0.1:{running.server_port}/"
        running.stopped = threading.Event()
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.stopped.set()
        running.shutdown()
        thread.join()
