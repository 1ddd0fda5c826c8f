"""The last verdict that was logged of a run, for lists: read again only after its events changed."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import NamedTuple

from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

SILENT = ("warming_up",)  # says nothing of a run that has ended


class Told(NamedTuple):
    """A verdict in one or two words, and whether it is an ailment."""

    word: str
    alarm: bool


def last(run) -> Told | None:
    """The verdict with which a run (a summary) ended; None while it trains, or without a doctor."""
    if run.state in (*text.ACTIVE, "queued") or not run.step:
        return None
    try:
        found = os.stat(get_lab().store.run(run.id).path / "events.jsonl")
    except (GanError, OSError):
        return None
    return _last(str(get_lab().store.root), run.id, (found.st_mtime_ns, found.st_size, run.step))


@lru_cache(maxsize=1024)
def _last(root: str, run_id: str, stamp: tuple) -> Told | None:
    """The same, kept as long as root, run and stamp are the same."""
    try:
        events = get_lab().verdicts(run_id)
    except GanError:
        return None
    if not events or events[-1]["name"] in SILENT:
        return None
    return Told(events[-1]["word"], bool(events[-1].get("alarm")))


def sick(run) -> bool:
    """Whether a run ended with an ailment."""
    told = last(run)
    return told is not None and told.alarm
