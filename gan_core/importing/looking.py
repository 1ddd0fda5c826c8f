"""Looking at all of one that waits: how far that is goes into its entry, the check-up is stored."""

from __future__ import annotations

import threading
import time

from gan_core.importing.base import Cancelled
from gan_core.importing.checking import check_up
from gan_core.importing.states import Entry
from gan_core.importing.waiting import Record, Shelter

NAMELESS = "my data"  # loose files, whose title is only how many they are


def look(
    key: str,
    entry: Entry,
    shelter: Shelter,
    lock: threading.RLock,
    cancelled: threading.Event,
    *,
    start: float,
    ground: str = "",
) -> None:
    """Make its check-up, unless it is `cancelled`.

    Args:
        lock: of the desk, which guards the entry.
        start: time.monotonic() when it was begun to be read.
        ground: see check_up.
    """
    record = entry.record
    path = shelter.path(key, record)

    def saw(index: int, seen: object) -> None:
        with lock:
            if cancelled.is_set():
                raise Cancelled
            entry.saw(index, seen)

    found = check_up(
        path,
        record.answers,
        progress=lambda *told: entry.goes_on(cancelled, *told),
        on_look=saw,
        cancelled=cancelled,
        title=_title(record) if record.uploaded and path.is_dir() else "",
        ground=ground,
    )
    with lock:
        if cancelled.is_set():
            return
        record.seconds = time.monotonic() - start
        shelter.write_check_up(key, found)
        shelter.write(key, record)
        entry.has(found)


def _title(record: Record) -> str:
    """What a folder that came is called."""
    return record.title if record.named else NAMELESS
