"""A real full disk and a real read-only one: training pauses with a notice and goes on when there is room.

    unshare --user --map-root-user --mount python tests/reliability/small_disk.py

Mounts a small disk in memory that only this process sees, trains `toy_mlp` on it, fills it, makes
room, and mounts it read-only. Prints what was seen as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.errors import GanError  # noqa: E402
from gan_core.lab import Lab  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402  (the path above must come first)

SIZE = 60_000_000  # bytes of the disk
SMALL = {"batch_size": 16, "width": 4, "num_steps": 1_000_000}


class Wake(threading.Event):
    """What a run that waits listens to; `for_ever` while it waits for nothing but this."""

    for_ever = False

    def wait(self, timeout: float | None = None) -> bool:
        self.for_ever = timeout is None
        try:
            return super().wait(timeout)
        finally:
            self.for_ever = False


def wait(condition, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.02)


def fill(path: Path) -> None:
    """A file that takes all the room there is."""
    with open(path, "wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            return


def full_disk(disk: Path) -> dict:
    """Fill the disk under a training run, then make room again."""
    lab = Lab(disk / "runs", disk / "data")
    run = lab.create(lab.make_config("toy_mlp", "ring", checkpoint_every=25, **SMALL), who="test")
    job = lab.make_job(run.id)
    wake = job._wanted.wake = Wake()
    job.start()
    wait(lambda: len(checkpoints.list_checkpoints(run.path)) >= 2)
    fill(disk / "filler")
    wait(lambda: job.snapshot().state == "paused" and wake.for_ever)
    held, error = job.snapshot().step, job.snapshot().error
    good = checkpoints.newest_good_checkpoint(run.path).step
    waits = wake.for_ever  # still: it does not look again and again
    (disk / "filler").unlink()
    job.resume()
    wait(lambda: job.snapshot().step > held + 50)
    job.stop()
    job.join(60)
    rows = run.metrics().rows(1, limit=10**7)["step"]
    return {
        "paused_with": error,
        "checkpoint_when_full": good,
        "held_at": held,
        "waits_for_a_command": waits,
        "ended": run.status().state,
        "rows_whole": bool((rows[1:] == rows[:-1] + 1).all()),
        "last": int(rows[-1]),
        "newest": checkpoints.newest_good_checkpoint(run.path).step,
        "temps": [p.name for p in run.path.rglob(".tmp-*")],
    }


def read_only(disk: Path) -> dict:
    """What commands answer on a disk that takes nothing; reading still works."""
    lab = Lab(disk / "runs", disk / "data")
    run = lab.store.get(lab.store.ids()[0])
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    said = {}
    actions = {
        "rename": lambda: run.update_notes("test", name="x"),
        "delete": lambda: lab.store.delete(run.id, "test"),
        "create": lambda: lab.create(lab.make_config("toy_mlp", "ring", **SMALL), who="test"),
    }
    for name, action in actions.items():
        try:
            action()
            said.setdefault(name, "")
        except GanError as error:
            said[name] = str(error)
    said["train"] = _failed(lab, run)
    again = Lab(disk / "runs", disk / "data")
    return said | {"listed": [s.id for s in again.store.summaries()], "step": run.status().step}


def _failed(lab: Lab, run) -> str:
    job = lab.make_job(run.id)
    job.run()
    return f"{job.snapshot().state}: {job.snapshot().error}"


def main() -> int:
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], check=True)
        try:
            found = {"full": full_disk(disk), "read_only": read_only(disk)}
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
