"""What ten visitors cost a training that they follow on Explore, dragging: drawn by them or by the server.

python tests/benchmark/visitors.py              # both ways, in turns with nobody
python tests/benchmark/visitors.py --rounds 5 --seconds 30

A visitor without a browser asks what the page asks (assets/components/shared/following.js, ask.js,
drawn_here.js), at its pace. Drawn by the server: eleven images, six times a second. Drawn in the browser:
the facts, and for each new step one answer of images, the plan and the weights.
The first figure is the processor time of the server's process for a step of the training, and its ratio
to that with nobody before and after: it hangs little on what else the machine does. Steps a second are
printed as well; they count on a machine at rest only, and the visitors' own threads are on it, too.
Questions come at a pace of their own: where a busy machine trains slowly, each step pays for more of
them. What they cost of a core holds there, too.
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

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.lab import Lab  # noqa: E402
from gan_core.storage import files  # noqa: E402  (the path above must come first)
from tests.benchmark.explore import TYPE  # noqa: E402
from tests.browser import helpers  # noqa: E402

POLL, PACE, MIN_REST, BUSY = 0.5, 0.160, 0.060, 0.3  # seconds, as the page's
WARM = 12  # seconds from the first step until anything counts


class Visitor(threading.Thread):
    """One page of Explore that follows the newest step while its sliders move.

    Args:
        here: its browser draws.
    """

    def __init__(self, port: int, run: str, seed: int, *, here: bool):
        super().__init__(daemon=True)
        self.port, self.path, self.here = port, f"/api/explore/{run}/", here
        self.rng = np.random.default_rng(seed)
        self.ended, self.answers, self.bytes = threading.Event(), 0, 0

    def run(self) -> None:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        step, looked = None, 0.0
        while not self.ended.is_set():
            start = time.monotonic()
            if start - looked >= POLL:
                looked = start
                newest = json.loads(self.ask(asked, "facts"))["newest"]
                if self.here and newest != step and newest is not None:
                    step = newest
                    self.bring(asked, step)
            if not self.here:
                self.draw(asked)
            took = time.monotonic() - start
            self.ended.wait(max(MIN_REST, PACE - took))

    def bring(self, asked, step: int) -> None:
        """A new step: one image of the server's, then its network."""
        self.draw(asked)
        told = json.loads(self.ask(asked, f"network?step={step}"))
        self.ask(asked, f"weights?step={step}&written={told['written']}")

    def draw(self, asked) -> None:
        """The image and its ten classes."""
        rows = np.zeros((11, 74), "<f4")
        rows[:, :64], rows[0, 64], rows[1:, 64:] = self.rng.standard_normal(64), 1, np.eye(10)
        self.ask(asked, "images", rows.tobytes())

    def ask(self, asked, route: str, body: bytes | None = None) -> bytes:
        """The answer; a server that is busy is asked again, as the page does."""
        while True:
            asked.request("POST" if body else "GET", self.path + route, body, TYPE if body else {})
            answer = asked.getresponse()
            data = answer.read()
            if answer.status != 503:
                break
            time.sleep(BUSY * self.rng.uniform(0.5, 1.5))
        if answer.status != 200:
            raise RuntimeError(f"{route}: {answer.status} {data[:200]}")
        self.answers += 1
        self.bytes += len(data)
        return data


def measured(run, process, seconds: float) -> tuple[float, float]:
    """(processor seconds of the server for 1,000 steps, steps a second)."""

    def now():
        spent = process.cpu_times()
        return spent.user + spent.system, run.status().step, time.monotonic()

    first = now()
    time.sleep(seconds)
    cpu, steps, wall = (b - a for a, b in zip(first, now(), strict=True))
    return 1000 * cpu / max(1, steps), steps / wall


def visited(server, run, process, args, *, here: bool) -> tuple[float, float]:
    """The same while people look."""
    people = [Visitor(server.port, run.id, seed, here=here) for seed in range(args.visitors)]
    for person in people:
        person.start()
    time.sleep(2 * POLL)
    found = measured(run, process, args.seconds)
    for person in people:
        person.ended.set()
    for person in people:
        person.join(30)
    total = sum(person.answers for person in people), sum(person.bytes for person in people) / 1e6
    print(f"    {total[0]:,} answers, {total[1]:.1f} MB")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=15, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served_run(Path(folder)) as (server, run):
        report(server, run, psutil.Process(server.process.pid), args)


@contextlib.contextmanager
def served_run(folder: Path):
    """(server, run): the app with a run of fast_gan that goes on, once it is warm."""
    server = helpers.Server(folder)
    lab = Lab(folder / "runs", folder / "data")
    run = lab.create(lab.make_config("fast_gan", "mnist_5k", num_steps=1_000_000), who="bench")
    files.write_json(lab.store.root / "queue.json", [run.id])
    server.start()
    address = f"http://127.0.0.1:{server.port}/api/runs/{run.id}/status"
    try:
        while run.status().step < 50:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(address, timeout=60) as answer,
            ):
                answer.read()  # the first question wakes the queue
            time.sleep(0.5)
        time.sleep(WARM)
        yield server, run
    finally:
        server.end()


def report(server, run, process, args) -> None:
    """Rounds of nobody, browsers, nobody, server; medians at the end."""
    ratios = {True: [], False: []}
    speeds = {True: [], False: []}
    before = measured(run, process, args.seconds)
    for _ in range(args.rounds):
        for here in (True, False):
            found = visited(server, run, process, args, here=here)
            after = measured(run, process, args.seconds)
            alone = [statistics.mean(pair) for pair in zip(before, after, strict=True)]
            ratios[here].append(found[0] / alone[0])
            speeds[here].append(found[1] / alone[1])
            name = "drawn in browsers" if here else "drawn by the server"
            cores = (found[0] - alone[0]) / 1000 * found[1]
            print(
                f"{name}: {found[0]:.2f} s of processor for 1,000 steps, alone {alone[0]:.2f}; "
                f"{found[1]:.1f} steps/s, alone {alone[1]:.1f}; they cost {cores:.3f} of a core",
                flush=True,
            )  # fmt: skip
            before = after
    for here, name in ((True, "browsers"), (False, "server")):
        cost, speed = statistics.median(ratios[here]), statistics.median(speeds[here])
        print(f"{name}: {cost:.3f} times the processor time a step, {speed:.3f} times the steps/s")


if __name__ == "__main__":
    main()
