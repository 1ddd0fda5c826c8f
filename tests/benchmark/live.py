"""The live page in a real Chromium: how soon, how much, and whether memory stays.

python tests/benchmark/live.py start            # Train pressed -> first curve point, cold and warm
python tests/benchmark/live.py updates          # payload and time of an update, 100 to 1,000,000 steps
python tests/benchmark/live.py soak --minutes 30
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.metrics.pyramid import Layout  # noqa: E402
from gan_core.runs.metrics.writer import MetricsWriter  # noqa: E402
from gan_core.storage import files  # noqa: E402  (the path above must come first)
from tests.browser import helpers  # noqa: E402

METRICS = (
    "g_loss",
    "d_loss",
    "real_accuracy",
    "fake_accuracy",
    "real_score",
    "fake_score",
    "real_prob",
    "fake_prob",
    "g_grad_norm",
    "d_grad_norm",
)


class Phases(threading.Thread):
    """When the newest run of a server came to each of its phases, in seconds from now."""

    def __init__(self, server, folder: Path):
        super().__init__(daemon=True)
        self.url, self.store = f"{server.url}/api/runs", Lab(folder / "runs", folder / "data").store
        self.known = set(self.store.ids())
        self.ended, self.found, self.began = threading.Event(), {}, time.perf_counter()

    def run(self) -> None:
        while not self.ended.wait(0.1):
            for run_id in set(self.store.ids()) - self.known:
                with contextlib.suppress(OSError):
                    status = json.load(
                        urllib.request.urlopen(f"{self.url}/{run_id}/status", timeout=60)
                    )
                    name = "steps" if status["step"] else status["phase"] or "queued"
                    self.found.setdefault(name, time.perf_counter() - self.began)

    def __str__(self) -> str:
        return ", ".join(f"{name} at {seconds:.1f} s" for name, seconds in self.found.items())


def first_point(page, server, folder: Path) -> str:
    """Seconds from a press on Train now to a drawn curve point, and to the phases before it."""
    phases = Phases(server, folder)
    helpers.button(page, "Train now").first.click()
    started = time.perf_counter()
    phases.start()
    page.locator(".curves").wait_for(timeout=120_000)
    helpers.wait_for(page, lambda: helpers.last_step(page) > 0, "a curve point", 120)
    took = time.perf_counter() - started
    phases.ended.set()
    return f"first curve point {took:.1f} s after Train now ({phases})"


def start(chrome, folder: Path, args) -> None:
    """Cold: TensorFlow not imported, the page just opened. Warm: a second run of the same server."""
    server = helpers.Server(folder).start()
    try:
        page = chrome.new_page(viewport={"width": 1280, "height": 1000})
        began = time.perf_counter()
        page.goto(server.url)
        page.locator("h1").first.wait_for()
        print(f"first paint after {time.perf_counter() - began:.2f} s")
        print(f"cold: {first_point(page, server, folder)}")
        helpers.button(page, "Stop").click()
        page.goto(server.url)
        page.wait_for_timeout(3000)
        print(f"warm: {first_point(page, server, folder)}")
    finally:
        server.end()


def updates(chrome, folder: Path, args) -> None:
    """A live increment and a whole window, for histories of three lengths."""
    lab = Lab(folder / "runs", folder / "data")
    runs = {rows: _history(lab, rows) for rows in (100, 10_000, 1_000_000)}
    server = helpers.Server(folder).start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    try:
        for kind in ("curves?since={since}&status=1", "window?points=1000"):
            for rows, run_id in runs.items():
                path = f"/api/runs/{run_id}/" + kind.format(since=rows - 30)
                sizes, times = zip(*(_timed(connection, path) for _ in range(60)), strict=True)
                middle = 1e3 * statistics.median(times[10:])
                print(
                    f"{kind.split('?')[0]:7s} {rows:>9,} steps: {sizes[-1]:>7,} B, {middle:.1f} ms"
                )
    finally:
        server.end()


def _history(lab: Lab, rows: int) -> str:
    run = lab.create(lab.make_config("fast_gan", "mnist_5k", num_steps=2 * rows), who="benchmark")
    MetricsWriter(run.path, METRICS).close()
    table = np.zeros(rows, Layout(METRICS).dtype(0))
    table["step"] = np.arange(1, rows + 1)
    table["wall_time"] = table["step"] / 40
    table["values"] = np.random.default_rng(0).standard_normal((rows, len(METRICS)))
    table.tofile(run.path / "metrics.bin")
    MetricsWriter(run.path, METRICS).close()  # builds the levels
    run.write_status(state="stopped", step=rows)
    return run.id


def _timed(connection, path: str) -> tuple[int, float]:
    started = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    data = answer.read()
    assert answer.status == 200, data
    return len(data), time.perf_counter() - started


def soak(chrome, folder: Path, args) -> None:
    """Memory of server and page once a minute while a run without end trains under one watching page."""
    lab = Lab(folder / "runs", folder / "data")
    run = lab.create(lab.make_config("fast_gan", "mnist_5k", num_steps=10**7), who="benchmark")
    files.write_json(lab.store.root / "queue.json", [run.id])
    server = helpers.Server(folder).start()
    try:
        page = chrome.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{server.url}/train?run={run.id}")
        helpers.wait_for_progress(page)
        devtools = page.context.new_cdp_session(page)
        process = psutil.Process(server.process.pid)
        for minute in range(args.minutes + 1):
            devtools.send("HeapProfiler.collectGarbage")
            heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
            rss = process.memory_info().rss / 1e6
            print(
                f"minute {minute}: server {rss:.0f} MB, page {heap:.1f} MB, "
                f"step {helpers.shown_step(page)}",
                flush=True,
            )
            page.wait_for_timeout(60_000)
    finally:
        server.end()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", choices=("start", "updates", "soak"))
    parser.add_argument("--minutes", type=int, default=30)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as found:
        chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        {"start": start, "updates": updates, "soak": soak}[args.what](chrome, Path(folder), args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
