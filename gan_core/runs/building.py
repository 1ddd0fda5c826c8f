"""New runs are built out of sight: what config.json of one says, and the room of a branch."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gan_core.runs.records import FORMAT
from gan_core.runs.run import Run
from gan_core.storage import files, locks

BRANCHING = ".branch-"  # folders of the runs folder in which a branch is being made


def header_of(
    config: Mapping[str, Any],
    versions: Mapping[str, Any] | None,
    parent: Mapping[str, Any] | None,
    data: Mapping[str, Any] | None,
    note: str,
) -> dict[str, Any]:
    """config.json of a new run."""
    return {
        "format": FORMAT,
        "config": dict(config),
        "versions": dict(versions or {}),
        "parent": dict(parent) if parent else None,
        "data": dict(data) if data else None,
        "created_at": time.time(),
        "note": note,
    }


@contextlib.contextmanager
def room(root: Path) -> Iterator[Run]:
    """An empty run folder beside the runs, on their disk; what is left in it at the end goes."""
    folder = root / f"{BRANCHING}{secrets.token_hex(6)}"
    try:
        with files.in_words(folder):
            folder.mkdir()
        with locks.hold(folder / "lock", "This branch is being made already."):
            files.crash_point("branch:start")
            run = Run(folder / "run")
            with files.in_words(run.path):
                run.path.mkdir()
            yield run
    finally:
        with contextlib.suppress(OSError):
            files.remove_tree(folder)


def clear(root: Path) -> None:
    """Remove the rooms of killed processes; one that is in use holds its lock."""
    for folder in root.glob(f"{BRANCHING}*"):
        if not locks.is_held(folder / "lock"):
            files.remove_tree(folder)
