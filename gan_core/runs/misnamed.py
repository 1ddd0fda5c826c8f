"""Run folders that no list shows, because of their name: said in words, and taken in on request."""

from __future__ import annotations

import os
from pathlib import Path

from gan_core.errors import RunError
from gan_core.runs import run_ids
from gan_core.runs.records import read_header
from gan_core.runs.run import Run
from gan_core.runs.store import RunStore
from gan_core.storage import access

SHOWN = 3  # names in the sentence


def names(root: Path) -> list[str]:
    """Names of folders directly in `root` that hold a run and are not listed, sorted."""
    try:
        with os.scandir(root) as entries:
            return sorted(entry.name for entry in entries if _is_unlisted_run(entry))
    except OSError:
        return []


def _is_unlisted_run(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or not entry.is_dir():
        return False
    listed = run_ids.is_run_id(entry.name) and not entry.is_symlink()
    return not listed and os.path.isfile(os.path.join(entry.path, "config.json"))


def sentence(root: Path) -> str:
    """What is there but not listed, why, and what to do; empty where there is nothing."""
    found = names(root)
    if not found:
        return ""
    shown = ", ".join(f"`{name}`" for name in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    verb = "holds a run" if len(found) == 1 else "hold runs"
    return (
        f"{shown}{more} in {root} {verb} but cannot be listed: a run is a real folder, no link, "
        "named like 00012-dcgan-mnist (number, recipe, data). Rename it, or take it in on the "
        "Runs page."
    )


@access.for_trainers
def take_in(store: RunStore, name: str, who: str) -> Run:
    """Give an unlisted run folder the next number; its files stay as they are.

    Raises:
        RunError: no such folder, a link, a damaged run, or one that is being written.
    """
    path = store.root / name
    if name not in names(store.root):
        raise RunError(f"There is no unlisted run `{name}` in {store.root}.")
    if path.is_symlink():
        raise RunError(f"`{name}` is a link. Move the folder that it leads to here instead.")
    header = read_header(path)
    with Run(path).writer_lock():
        run = store.adopt(path, header["config"])
    run.log_event("imported", step=run.status().step, who=who, run=name)
    return run
