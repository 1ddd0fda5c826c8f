"""Kill (-9) at random moments: trainings, checkpoints being written, deletions and imports.

    python tests/reliability/random_kills.py --kills 60

One run of `toy_mlp` is trained by `python -m gan_core`, killed, checked and resumed; beside it packed
copies of it are imported, deleted, restored and purged by other processes, which are killed too. After
every kill: the store lists every run, every checkpoint is whole, metrics and pictures are readable, no
temporary file is listed. At the end the run's metrics and final state must be equal, bit for bit, to
those of a run that was never killed. Prints one line per kill and a summary per kind.
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
from collections import Counter
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.archive import pack  # noqa: E402
from gan_core.runs.records import State  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402  (the path above must come first)
from gan_core.runs.store import RunStore  # noqa: E402
from tests.reliability import kill_actors  # noqa: E402

KINDS = ("training", "delete", "import", "checkpointing", "delete", "import")  # in this order
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


def kill(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_training(runs_dir: Path, rng: random.Random) -> tuple[str, bool]:
    """At a random moment: while it starts, or soon after it wrote a new checkpoint."""
    process = advance(runs_dir)
    if rng.random() < 0.2:
        time.sleep(rng.uniform(0.3, 6.0))
    else:
        wait_for_progress(process, runs_dir)
        time.sleep(rng.uniform(0.0, 1.5))
    kill(process)
    return check(runs_dir)


def kill_checkpointing(runs_dir: Path, rng: random.Random) -> tuple[str, bool]:
    """While a checkpoint has its temporary name, or milliseconds after."""
    process = advance(runs_dir)
    wait_for_progress(process, runs_dir)
    folder = only_run(runs_dir).path / "checkpoints"
    skip = rng.randrange(3)  # not always the first one
    while process.poll() is None:
        if any(name.startswith(".tmp-") for name in os.listdir(folder)):
            if skip == 0:
                break
            skip -= 1
            time.sleep(0.05)
    time.sleep(rng.choice((0.0, 0.0, rng.uniform(0.0, 0.01))))
    kill(process)
    return check(runs_dir)


def advance(runs_dir: Path) -> subprocess.Popen:
    run = only_run(runs_dir) if runs_dir.exists() else None
    return gan(runs_dir, *(train_words(ENDLESS) if run is None else ["resume", run.id]))


def kill_actor(what: str, folder: Path, packed: Path, rng: random.Random) -> tuple[str, bool]:
    """A process that imports, or deletes and restores, soon after it began."""
    command = [sys.executable, str(ROOT / "tests" / "reliability" / "kill_actors.py"), what]
    process = subprocess.Popen(
        [*command, str(folder), str(packed)], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout.readline() == b"ready\n"
    time.sleep(rng.uniform(0.02, 1.5))
    assert process.poll() is None, "it ended by itself"
    kill(process)
    process.stdout.close()
    return kill_actors.check(folder, packed)


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


def check(runs_dir: Path) -> tuple[str, bool]:
    """What a newcomer would see now, and whether something unfinished lay there.

    Raises where something half-written is shown.
    """
    run = only_run(runs_dir)
    if run is None:
        return "no run yet", False
    (summary,) = RunStore(runs_dir).summaries()
    assert summary.state in (State.INTERRUPTED, State.STOPPED, State.QUEUED), summary.state
    step = 0
    if checkpoints.list_checkpoints(run.path):
        found = checkpoints.newest_good_checkpoint(run.path)
        assert not found.skipped, found.skipped
        step = found.step
    reader = run.metrics()
    if reader is not None and len(reader):
        rows = reader.rows(1, limit=10**8)
        assert (np.diff(rows["step"]) == 1).all()
        assert reader.last_step >= step
    for sample in run.sample_steps():
        assert run.sample_png(sample).endswith(b"IEND\xaeB`\x82")
    words = f"checkpoint {step}, metrics to {reader.last_step if reader else 0}"
    return words, any(run.path.rglob(".tmp-*"))


def one_kill(kind: str, folder: Path, rng: random.Random) -> tuple[str, bool]:
    """One kill of this kind and what was found after it."""
    killed, others, packed = folder / "killed", folder / "others", folder / "run.zip"
    if kind == "training":
        return kill_training(killed, rng)
    if kind == "checkpointing":
        return kill_checkpointing(killed, rng)
    if not packed.exists():
        pack.export_run(only_run(killed), packed)
    return kill_actor(kind, others, packed, rng)


def main() -> int:
    """Kill, check, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=600.0, help="begin no kill after these")
    args = parser.parse_args()
    end = time.monotonic() + 60 * args.minutes
    rng, counts, unfinished = random.Random(args.seed), Counter(), Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(args.kills):
            if time.monotonic() > end:
                break
            kind = KINDS[number % len(KINDS)] if newest_of(folder) else "training"
            words, left = one_kill(kind, folder, rng)
            counts[kind] += 1
            unfinished[kind] += left
            print(f"kill {number + 1}, {kind}: {words}", flush=True)
        total = finish(folder)
    for kind, count in counts.items():
        print(f"{kind}: {count} kills, {unfinished[kind]} of them amid a write, nothing lost")
    print(
        f"{counts.total()} kills: every run opened; {total} steps equal bit for bit to an unbroken run"
    )
    return 0


def newest_of(folder: Path) -> int:
    killed = folder / "killed"
    return newest_checkpoint(only_run(killed)) if killed.exists() else 0


def finish(folder: Path) -> int:
    """Resume the killed run to an end and compare it with one that was never killed."""
    killed, whole = folder / "killed", folder / "whole"
    run = only_run(killed)
    total = checkpoints.newest_good_checkpoint(run.path).step + 75
    assert gan(killed, "resume", run.id, "--steps", str(total)).wait() == 0
    assert gan(whole, *train_words(total)).wait() == 0
    compare(run, only_run(whole), total)
    return total


def compare(killed, whole, total: int) -> None:
    """Metrics of every step and the whole final state, bit for bit."""
    names = whole.metrics().names
    tables = [r.metrics().rows(1, limit=10**8) for r in (killed, whole)]
    assert len(tables[0]) == len(tables[1]) == total
    for name in names:
        assert np.array_equal(*(table[name] for table in tables), equal_nan=True), name
    states = [checkpoints.load_checkpoint(r.path, total)[0] for r in (killed, whole)]
    assert states[0].keys() == states[1].keys()
    assert all(np.array_equal(a, states[1][n]) for n, a in states[0].items())


if __name__ == "__main__":
    sys.exit(main())
