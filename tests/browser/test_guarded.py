"""The whole server under attack: sockets, deep links, pictures that change, a damaged run, a bug."""

import functools
import http.server
import json
import re
import socket
import threading
import time
import urllib.request

import numpy as np
import pytest
from playwright.sync_api import expect

from gan_core.storage import files, images
from tests.browser.helpers import Server

FIRST_PIXEL = """(image) => {
    const canvas = document.createElement("canvas");
    const paint = canvas.getContext("2d");
    paint.drawImage(image, 0, 0);
    return paint.getImageData(0, 0, 1, 1).data[0];
}"""


def handshake(server, origin=None, host=None, address="127.0.0.1"):
    """(status line of the answer to a websocket's first request, seconds it took)."""
    host = host or f"localhost:{server.port}"
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        *([f"Origin: {origin}"] if origin else []),
        "",
        "",
    ]
    start = time.monotonic()
    with socket.create_connection((address, server.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(4096).split(b"\r\n")[0].decode(), time.monotonic() - start


def test_sockets_of_others_are_refused_at_once(server):
    own = f"http://localhost:{server.port}"
    assert handshake(server)[0].startswith("HTTP/1.1 101")
    assert handshake(server, own)[0].startswith("HTTP/1.1 101")
    others = [
        "http://localhost:3777",
        "http://localhost",
        f"http://127.0.0.1:{server.port}",
        "null",
        "http://0.0.0.0",
        "https://localhost",
        "http://evil.example",
        "http://evil.com@localhost",
    ]
    took = 0.0
    for origin in others:
        status, seconds = handshake(server, origin)
        assert status == "HTTP/1.1 403 Forbidden", origin
        took += seconds
    assert handshake(server, "http://evil.example", "evil.example")[0].startswith("HTTP/1.1 403")
    assert took < 5  # asking the internet for its own address took Streamlit two seconds for each


@pytest.fixture
def on_ipv6(tmp_path):
    """A server that listens on ::1 instead of 127.0.0.1."""
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no ::1")
    served = Server(tmp_path, STREAMLIT_SERVER_ADDRESS="::1")
    served.url = f"http://[::1]:{served.port}"
    yield served.start()
    served.end()


def test_the_server_is_reached_and_guarded_on_ipv6_too(on_ipv6):
    host = f"[::1]:{on_ipv6.port}"
    for origin, status in (
        (f"http://{host}", "HTTP/1.1 101"),
        ("http://[::1]:3777", "HTTP/1.1 403"),
        (f"http://localhost:{on_ipv6.port}", "HTTP/1.1 403"),
    ):
        assert handshake(on_ipv6, origin, host, "::1")[0].startswith(status), origin
    with urllib.request.urlopen(f"{on_ipv6.url}/runs", timeout=30) as page:
        assert page.status == 200


def test_a_page_on_another_port_presses_nothing(server, open_tab, tmp_path):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    (tmp_path / "index.html").write_text("<title>another</title>")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        page = open_tab()
        page.goto(f"http://localhost:{other.server_port}/")
        opened = page.evaluate(
            """(url) => new Promise((done) => {
                const socket = new WebSocket(url);
                socket.onopen = () => done(true);
                socket.onerror = () => done(false);
            })""",
            f"ws://localhost:{server.port}/_stcore/stream",
        )
        other.shutdown()
    assert opened is False


@pytest.mark.thorough
def test_a_replaced_picture_is_shown(server, run, open_tab):
    page = open_tab()
    size = images.from_png(run.sample_png(run.sample_steps()[-1])).shape
    for level in (40, 200):  # the same run, step and address; another folder would look the same
        for step in run.sample_steps():
            run.write_sample(step, images.png(np.full(size, level, np.uint8)))
        page.goto(f"{server.url}/train?run={run.id}")
        shown = page.get_by_role("img", name="fakes").first
        expect(shown).to_be_visible()
        assert shown.evaluate(FIRST_PIXEL) == level


@pytest.fixture
def damaged(run):
    """A run with wrong values in every small file, as an import of long ago could have left it."""
    files.write_json(
        run.path / "status.json", {"state": "finished", "step": "many", "wall_time": []}
    )
    bad = {"name": "a\ud800\u202eb", "tags": [{}], "favourites": ["x"], "pinned_steps": ["y"]}
    (run.path / "notes.json").write_text(json.dumps(bad))
    lines = {
        "events.jsonl": [
            {"time": 1, "who": "\udfff", "step": 1, "kind": "knob", "changes": [1]},
            {"time": 1, "who": "x", "step": 2, "kind": "verdict", "name": [], "numbers": 3},
            {"kind": 7},
            {"time": 1e300, "step": 1, "kind": "x"},
        ],
        "evals.jsonl": [
            {
                "step": 1,
                "count": 9,
                "extractor": "judge:a",
                "values": {"fd_judge": 1.0},
                "floor": "low",
                "judge_accuracy": "high",
            },
            {"step": 1, "values": {"a": "b"}},
        ],
        "probes.jsonl": [{}, {"step": 1, "count": 2, "gap": 3}],
    }
    for name, values in lines.items():
        (run.path / name).write_text("".join(json.dumps(v) + "\n" for v in values))
    for path in sorted(run.path.glob("checkpoints/*/manifest.json")):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"created_at": "once"}))
    for path in (*run.path.glob("samples/*.png"), run.path / "reals.png"):
        path.write_bytes(path.read_bytes()[:60])
    (run.path / "measured.png").write_bytes(b"no picture")
    return run


def test_a_damaged_run_takes_no_page_down(server, damaged, open_tab):
    page, before = open_tab(), len(server.log.read_text())
    for name in (f"train?run={damaged.id}", "runs", f"compare?runs={damaged.id}", ""):
        page.goto(f"{server.url}/{name}")
        expect(page.get_by_role("link", name="Home").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.get_by_text("This part of the page failed").count() == 0, name
        assert page.get_by_text("Traceback").count() == 0, name
    assert not re.search(r"\w+(Error|Exception)\b", server.log.read_text()[before:])
