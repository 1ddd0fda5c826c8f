"""What a run costs as a task of a cluster, against the same run in a thread: at most 3 % is wanted.

    python tests/benchmark/cluster.py [--pairs 5] [--steps 400]

One scheduler, one worker, and this process, which trains the same settings in its own thread; each is
warm (TensorFlow imported) before the first pair, and the two take turns, so that whatever else the
machine does meets both. Given are medians of: seconds from handing a run over to its end; training
seconds as the run counts them; and processor seconds of the process that trains. The last one holds
on a busy machine, too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from gan_core import cluster  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.records import State  # noqa: E402

NAMES = ("seconds", "training seconds", "processor seconds")


def start(what: str, address: str, *words: str, until: str) -> subprocess.Popen:
    """A process of the cluster, once it has said that it is there."""
    command = [sys.executable, "-m", "gan_core", "cluster", what, address, *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    for line in process.stderr:
        if until in line:
            return process
    raise SystemExit(f"The {what} ended at once.")


def timed(lab: Lab, steps: int, trainer: psutil.Process) -> tuple[float, float, float]:
    """Train one run; see NAMES."""
    config = lab.make_config("fast_gan", "mnist_5k", num_steps=steps, num_minutes=None)
    run = lab.create(config, who="benchmark")
    own = trainer.pid == os.getpid()  # then what looking takes is not the run's
    before, began = sum(trainer.cpu_times()[:2]), time.perf_counter()
    looking = time.thread_time()
    lab.jobs.submit(run.id)
    while run.status().state != State.FINISHED:
        time.sleep(0.1)
    seconds, looking = time.perf_counter() - began, own * (time.thread_time() - looking)
    return seconds, run.status().wall_time, sum(trainer.cpu_times()[:2]) - before - looking


def main() -> None:
    """Take turns, then print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=400)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        runs, data = Path(folder, "runs"), Path(folder, "data")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        folders = ("--runs-dir", str(runs), "--data-dir", str(data))
        for what, words, until in (
            ("scheduler", (), "scheduler at"),
            ("worker", (*folders, "--name", "one"), "worker one trains"),
        ):
            process = start(what, address, *words, until=until)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        far, near = Lab(runs, data), Lab(Path(folder, "near"), data)
        stack.callback(far.shutdown)
        stack.callback(near.shutdown)
        cluster.join(far, address)
        worker = max(psutil.Process(process.pid).children(), key=lambda p: p.memory_info().rss)
        sides = {"thread": (near, psutil.Process()), "task": (far, worker)}
        for lab, trainer in sides.values():
            timed(lab, 20, trainer)
        found = {name: [] for name in sides}
        for pair in range(args.pairs):
            for name in sorted(sides, reverse=bool(pair % 2)):
                found[name].append(timed(sides[name][0], args.steps, sides[name][1]))
        report(found)


def report(found: dict[str, list[tuple[float, float, float]]]) -> None:
    """A table of medians, and the ratio of task to thread: the median of the pairs' own."""
    for at, what in enumerate(NAMES):
        thread, task = ([each[at] for each in found[name]] for name in ("thread", "task"))
        ratio = statistics.median(b / a for a, b in zip(thread, task, strict=True))
        print(
            f"{what:18} thread {statistics.median(thread):7.2f}  task {statistics.median(task):7.2f}"
            f"  ratio {ratio:.3f}"
        )


if __name__ == "__main__":
    main()
