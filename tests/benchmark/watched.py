"""Does watching slow training? The same recipe, unwatched on the command line and watched in the app.

    python tests/benchmark/watched.py --steps 600 --pairs 5

Prints steps per second of the command line and, in turns on the same machine, of the app with one and
with five watchers (HTTP and WebSocket, no browser), with the page open in a real Chromium on the same
cores, and their ratios. A pair's ratio is to the command line runs before and after it, so that a machine
whose speed drifts is unfair to nobody; the first 100 steps of a run do not count.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from gan_core.storage import files  # noqa: E402  (the path above must come first)
from tests.benchmark.watchers import Watcher  # noqa: E402
from tests.browser import helpers  # noqa: E402

WARM = 100  # steps that do not count


def speed(run) -> float:
    """Steps per second of training time, without the first steps."""
    times = run.metrics().rows(1)["wall_time"]
    return (len(times) - WARM - 1) / float(times[-1] - times[WARM])


def on_the_command_line(folder: Path, steps: int) -> float:
    words = [sys.executable, "-m", "gan_core", "train", "--steps", str(steps)]
    folders = ["--runs-dir", str(folder / "runs"), "--data-dir", str(folder / "data")]
    subprocess.run([*words, *folders], cwd=ROOT, check=True, capture_output=True)
    lab = Lab(folder / "runs", folder / "data")
    return speed(lab.store.get(lab.store.ids()[0]))


@contextlib.contextmanager
def served(folder: Path, steps: int):
    """A run that starts with its server, from the queue: (server, run)."""
    server = helpers.Server(folder)
    lab = Lab(folder / "runs", folder / "data")
    run = lab.create(lab.make_config("fast_gan", "mnist_5k", num_steps=steps), who="benchmark")
    files.write_json(lab.store.root / "queue.json", [run.id])
    server.start()
    try:
        yield server, run
    finally:
        server.end()


def wait_for_end(run, steps: int) -> None:
    while run.status().step < steps:
        time.sleep(0.5)


def watched_by(count: int):
    """Measures a run in the app with so many watchers."""

    def measure(folder: Path, steps: int) -> float:
        with served(folder, steps) as (server, run):
            people = [Watcher(server.port, run.id) for _ in range(count)]
            for person in people:
                person.start()
            wait_for_end(run, steps)
            for person in people:
                person.ended.set()
                person.join(10)
            size = people[0].bytes / 1e3
            print(f"    {people[0].answers} answers, {size:.0f} KB to the first watcher")
        return speed(run)

    return measure


def in_chromium(folder: Path, steps: int) -> float:
    """The run's page, open in a browser that draws on the same cores."""
    with sync_playwright() as found, served(folder, steps) as (server, run):
        chrome = found.chromium.launch(executable_path=helpers.chromium(), args=helpers.FLAGS)
        page = chrome.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{server.url}/train?run={run.id}")
        while run.status().step < steps:
            page.wait_for_timeout(500)
        chrome.close()
    return speed(run)


WAYS = {"1 watcher": watched_by(1), "5 watchers": watched_by(5), "Chromium": in_chromium}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--ways", default=",".join(WAYS), help="of: " + ", ".join(WAYS))
    args = parser.parse_args()
    ratios: dict[str, list[float]] = {name: [] for name in args.ways.split(",")}
    before = _measure("command line", on_the_command_line, args.steps)
    for _ in range(args.pairs):
        for name, found in ratios.items():
            watched = _measure(name, WAYS[name], args.steps)
            after = _measure("command line", on_the_command_line, args.steps)
            found.append(watched / statistics.mean((before, after)))
            before = after
    for name, found in ratios.items():
        row = ", ".join(f"{ratio:.2f}" for ratio in found)
        print(f"{name}: median ratio {statistics.median(found):.3f} of {len(found)} ({row})")
    return 0


def _measure(name: str, way, steps: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        found = way(Path(folder), steps)
    print(f"{name}: {found:.1f} steps/s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
