"""Kill real trainings (-9) at random moments and check that nothing but recent work is lost.

    python tests/reliability/random_kills.py --kills 30

One run of `toy_mlp` is trained by `python -m gan_core`, killed, checked and resumed until the kills are
used up, then finished. After every kill: the store lists the run, its newest checkpoint is whole, its
metrics are readable, no temporary file is listed. At the end its metrics and final state must be equal,
bit for bit, to those of a run that was never killed. Prints one line per kill and a summary.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core import checkpoints  # noqa: E402  (the path above must come first)
from gan_core.records import State  # noqa: E402
from gan_core.runs import RunStore  # noqa: E402

ENDLESS = 3_000_000  # steps; the kills come first
SETTINGS = ["--set", "checkpoint_every=50", "--set", "sample_every=20", "--set", "width=4"]
SMALL = ["--batch-size", "16", *SETTINGS]


def gan(runs_dir: Path, *words: str) -> subprocess.Popen:
    """A command of the command line in a process of its own."""
    command = [sys.executable, "-m", "gan_core", *words, "--runs-dir", str(runs_dir)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True, **quiet)


def train_words(steps: int) -> list[str]:
    return ["train", "--recipe", "toy_mlp", "--dataset", "ring", "--steps", str(steps), *SMALL]


def only_run(runs_dir: Path):
    """The one run of a folder, None before it exists."""
    store = RunStore(runs_dir)
    ids = store.ids()
    return store.get(ids[0]) if ids else None


def kill_later(process: subprocess.Popen, runs_dir: Path, rng: random.Random) -> None:
    """Kill at a random moment: while it starts, or soon after it wrote a new checkpoint."""
    if rng.random() < 0.2:
        time.sleep(rng.uniform(0.3, 6.0))
    else:
        wait_for_progress(process, runs_dir)
        time.sleep(rng.uniform(0.0, 1.5))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for_progress(process: subprocess.Popen, runs_dir: Path) -> None:
    run = only_run(runs_dir)
    before = newest_checkpoint(run)
    while process.poll() is None:
        run = run or only_run(runs_dir)
        if newest_checkpoint(run) > before:
            return
        time.sleep(0.02)


def newest_checkpoint(run) -> int:
    """Its step, 0 where there is none."""
    found = checkpoints.list_checkpoints(run.path) if run else []
    return found[-1].step if found else 0


def check(runs_dir: Path) -> str:
    """What a newcomer would see now; raises where something is half-written."""
    run = only_run(runs_dir)
    if run is None:
        return "no run yet"
    (summary,) = RunStore(runs_dir).summaries()
    assert summary.state in (State.INTERRUPTED, State.STOPPED, State.QUEUED), summary.state
    step = 0
    if checkpoints.list_checkpoints(run.path):
        found = checkpoints.newest_good_checkpoint(run.path)
        assert not found.skipped, found.skipped
        step = found.step
    reader = run.metrics()
    if reader is not None and len(reader):
        rows = reader.rows(1)
        assert (np.diff(rows["step"]) == 1).all()
        assert reader.last_step >= step
    for sample in run.sample_steps():
        assert run.sample_png(sample).endswith(b"IEND\xaeB`\x82")
    return f"checkpoint {step}, metrics to {reader.last_step if reader else 0}"


def main() -> int:
    """Kill, check, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as folder:
        killed, whole = Path(folder) / "killed", Path(folder) / "whole"
        for number in range(1, args.kills + 1):
            run = only_run(killed) if killed.exists() else None
            words = train_words(ENDLESS) if run is None else ["resume", run.id]
            kill_later(gan(killed, *words), killed, rng)
            print(f"kill {number}: {check(killed)}", flush=True)
        run = only_run(killed)
        total = checkpoints.newest_good_checkpoint(run.path).step + 75
        assert gan(killed, "resume", run.id, "--steps", str(total)).wait() == 0
        assert gan(whole, *train_words(total)).wait() == 0
        compare(run, only_run(whole), total)
    print(
        f"{args.kills} kills: every run opened, {total} steps equal bit for bit to an unbroken run"
    )
    return 0


def compare(killed, whole, total: int) -> None:
    """Metrics of every step and the whole final state, bit for bit."""
    names = whole.metrics().names
    for name in names:
        rows = [r.metrics().rows(1)[name] for r in (killed, whole)]
        assert np.array_equal(*rows), name
    states = [checkpoints.load_checkpoint(r.path, total)[0] for r in (killed, whole)]
    assert states[0].keys() == states[1].keys()
    assert all(np.array_equal(a, states[1][n]) for n, a in states[0].items())


if __name__ == "__main__":
    sys.exit(main())
