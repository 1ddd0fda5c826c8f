"""Does watching slow training? The same recipe, unwatched on the command line and watched in the app.

    python tests/benchmark/watched.py --steps 600 --pairs 2

Prints steps per second of the command line and, in the same run on the same machine, of the app with one
and with five watchers (HTTP and WebSocket, no browser), and their ratios. Speeds are medians over the
steps of a run's own metrics, without its first 100 steps.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core import files  # noqa: E402  (the path above must come first)
from gan_core.lab import Lab  # noqa: E402
from tests.benchmark.watchers import Watcher  # noqa: E402
from tests.browser.helpers import Server  # noqa: E402

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


def in_the_app(folder: Path, steps: int, watchers: int) -> float:
    """A run that waits in the queue starts with the server; watchers look at it until it ends."""
    server = Server(folder)
    lab = Lab(folder / "runs", folder / "data")
    run = lab.create(lab.make_config("fast_gan", "mnist_5k", num_steps=steps), who="benchmark")
    files.write_json(lab.store.root / "queue.json", [run.id])
    server.start()
    try:
        people = [Watcher(server.port, run.id) for _ in range(watchers)]
        for person in people:
            person.start()
        while run.status().state in ("stopped", "queued", "ready", "running"):
            people[0].ended.wait(0.5)
            if run.status().step >= steps:
                break
        for person in people:
            person.ended.set()
            person.join(10)
        print(
            f"    {people[0].answers} answers, {people[0].bytes / 1e3:.0f} KB to the first watcher"
        )
    finally:
        server.end()
    return speed(run)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--pairs", type=int, default=2)
    args = parser.parse_args()
    found: dict[str, list[float]] = {"command line": [], "1 watcher": [], "5 watchers": []}
    for _ in range(args.pairs):
        for name, values in found.items():
            with tempfile.TemporaryDirectory() as folder:
                watchers = 0 if name == "command line" else int(name.split()[0])
                values.append(
                    in_the_app(Path(folder), args.steps, watchers)
                    if watchers
                    else on_the_command_line(Path(folder), args.steps)
                )
            print(f"{name}: {values[-1]:.1f} steps/s", flush=True)
    base = statistics.median(found["command line"])
    for name, values in found.items():
        middle = statistics.median(values)
        spread = np.ptp(values)
        print(
            f"{name}: median {middle:.1f} steps/s (spread {spread:.1f}), ratio {middle / base:.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
