"""Recognising again with the answers so far, for what is asked may depend on what was answered."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from gan_core.errors import DataError
from gan_core.importing.base import Cancelled, Question, Recognised
from gan_core.importing.reader import recognise
from gan_core.importing.states import Entry

NOTHING = "It asks nothing now: it was read, or discarded."


def recognised(
    path: Path,
    asked: Sequence[Question],
    answers: Mapping[str, str],
    untouched: Mapping[str, str],
    cancelled: threading.Event,
) -> tuple[Recognised, dict[str, str]]:
    """(what it is, the answers that hold).

    Args:
        asked: before.
        untouched: answers that may hold no more; they are taken where the same is asked again.

    Raises:
        DataError: it cannot be read, or an answer cannot be.
    """
    holding, left = dict(answers), dict(untouched)
    while True:
        found = recognise(path, holding, cancelled=cancelled)
        again = [each.name for each in found.questions if each in asked and each.name in left]
        if not again:
            return found, holding
        holding |= {name: left.pop(name) for name in again}


def again(entry: Entry, lock: threading.RLock, path: Path, answers: Mapping[str, str]) -> None:
    """What one that waits asks with these answers, which it remembers as tried; see Desk.ask_again."""
    with lock:
        if entry.phase != "asking" or (before := entry.recognised) is None:
            raise DataError(NOTHING)
        given, cancelled = entry.settled(answers), entry.cancelled
    try:
        found, tried = recognised(path, before.questions, *given, cancelled)
    except Cancelled as error:
        raise DataError(NOTHING) from error
    with lock:
        if entry.phase == "asking" and entry.recognised is before:
            entry.recognised, entry.tried = found, tried
