"""Searches of a server: each in a thread of its own, which only asks and looks; runs are the Lab's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gan_core.runs.searches import Spec
from gan_core.storage import access
from gan_core.sweeps import queue
from gan_core.sweeps.search import Search

if TYPE_CHECKING:
    from gan_core.lab import Lab

_lock = threading.Lock()
_searches: dict[tuple[str, str], tuple[Search, threading.Thread]] = {}


def is_going(lab: Lab, name: str) -> bool:
    """Whether this process searches under that name in the Lab's folder."""
    found = _searches.get(_key(lab, name))
    return found is not None and found[1].is_alive()


def going(lab: Lab) -> set[str]:
    """Names of the searches that this process does in the Lab's folder."""
    root = str(lab.store.root)
    return {name for where, name in list(_searches) if where == root and is_going(lab, name)}


@access.for_trainers
def start(lab: Lab, spec: Spec, *, who: str) -> None:
    """Begin a search, or go on with one; harmless while it goes on.

    Raises:
        ConfigError: Optuna is not installed.
        RunError: another server trains from this runs folder.
    """
    lab.jobs.require_turn()
    with _lock:
        if is_going(lab, spec.name):
            return
        search = Search(lab, spec, who=who, tell=lambda text: None)
        thread = threading.Thread(target=search.run, name=spec.name, daemon=True)
        _searches[_key(lab, spec.name)] = search, thread
        thread.start()


@access.for_trainers
def stop(lab: Lab, progress: queue.Progress) -> None:
    """Ask for no more, and end what trains and what waits; `start` goes on."""
    found = _searches.get(_key(lab, progress.name))
    if found is not None:
        found[0].stopped.set()
    queue.stop(lab, progress)


def _key(lab: Lab, name: str) -> tuple[str, str]:
    return str(lab.store.root), name
