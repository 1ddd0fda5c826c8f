"""queue.json of a runs folder: ids of waiting runs, the next one first. Any junk in it is no queue."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gan_core.errors import RunError
from gan_core.runs import run_ids
from gan_core.storage import files, locks

FILE, LOCK = "queue.json", ".queue.lock"


def waiting(root: Path) -> list[str]:
    """Ids in the queue whose runs are there, each once; what is no id of a run is left out."""
    stored = _stored(root)
    known = set(run_ids.list_ids(root)) if stored else ()
    return list(dict.fromkeys(item for item in stored if isinstance(item, str) and item in known))


def _stored(root: Path) -> list[Any]:
    """The list in the file, whatever is in it; empty without one."""
    try:
        stored = files.read_json(root / FILE)
    except RunError:
        return []
    return stored if isinstance(stored, list) else []


def change(root: Path, edit: Callable[[list[str]], list[str]]) -> list[str]:
    """Replace the queue by `edit(queue)`, alone among all processes; returns the new one.

    Raises:
        RunError: what `edit` raises, or the folder cannot be written; the queue is as it was.
    """
    refusal = f"Another process has been changing the queue of {root} for a while. Try again."
    with locks.hold(root / LOCK, refusal, timeout=10):
        new = edit(waiting(root))
        if new != _stored(root):
            files.write_json(root / FILE, new)
        return new


def leave(root: Path, run_id: str) -> None:
    """Take a run out of the queue if it is in it; a folder that has no queue gets none."""
    if not (root / FILE).exists():
        return
    with contextlib.suppress(RunError):  # a queue that cannot be changed leaves out what is gone
        change(root, lambda ids: [i for i in ids if i != run_id])
