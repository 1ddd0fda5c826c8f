"""What is killed besides trainings: a process that deletes, restores and purges runs, or imports them.

    python tests/reliability/kill_actors.py delete RUNS FILE.zip
    python tests/reliability/kill_actors.py import RUNS FILE.zip

Says "ready" and then works until it is killed; `check` tells what a newcomer sees afterwards.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gan_core.archive import pack  # noqa: E402
from gan_core.runs.saved import checkpoints  # noqa: E402  (the path above must come first)
from gan_core.runs.store import RunStore  # noqa: E402

MOST = 6  # runs that are kept in the folder


def delete_for_ever(store: RunStore, packed: Path) -> None:
    """Every way out and back: bin, restore, purge."""
    while True:
        run = pack.import_run(store, packed, "actor")
        store.delete(run.id, "actor")
        store.restore(run.id, "actor")
        store.delete(run.id, "actor")
        store.empty_bin(older_than_days=0)


def import_for_ever(store: RunStore, packed: Path) -> None:
    """Imports only; old ones go, so that the disk stays small."""
    while True:
        pack.import_run(store, packed, "actor")
        for run_id in store.ids()[MOST:]:
            store.delete(run_id, "actor")
        store.empty_bin(older_than_days=0)


def check(folder: Path, packed: Path) -> tuple[str, bool]:
    """Every run that is listed or in the bin is whole; what was left behind goes with the next use.

    Returns what there is in words, and whether the kill left something unfinished.
    """
    store = RunStore(folder)
    left = [p.name for p in folder.iterdir() if p.name.startswith((".tmp-", ".import-"))]
    for run_id in store.deleted():
        store.restore(run_id, "check")
    summaries = store.summaries()
    assert [s.id for s in summaries] == store.ids()
    assert not [s.error for s in summaries if s.error]
    for summary in summaries:
        _check_run(store.get(summary.id))
    pack.import_run(store, packed, "check")  # clears what a killed one left
    remains = [p.name for p in folder.iterdir() if p.name.startswith((".tmp-", ".import-"))]
    assert not remains, remains
    for run_id in store.ids()[MOST:]:
        store.delete(run_id, "check")
    store.empty_bin(older_than_days=0)
    return f"{len(summaries)} runs whole, {len(left)} unfinished cleared", bool(left)


def _check_run(run) -> None:
    rows = run.metrics().rows(1)
    assert len(rows) and (np.diff(rows["step"]) == 1).all(), run.id
    found = checkpoints.newest_good_checkpoint(run.path)
    assert not found.skipped, found.skipped
    for step in run.sample_steps():
        assert run.sample_png(step).endswith(b"IEND\xaeB`\x82"), (run.id, step)
    assert all({"time", "who", "step", "kind"} <= set(event) for event in run.events())


def main() -> int:
    what, folder, packed = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    print("ready", flush=True)
    {"delete": delete_for_ever, "import": import_for_ever}[what](RunStore(folder), packed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
