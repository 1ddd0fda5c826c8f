"""Downloads of known sets in the background, each with its progress and what went wrong."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from gan_core.data import catalogue, stacked
from gan_core.data.builtin import KNOWN
from gan_core.data.download import download
from gan_core.errors import DataError
from gan_core.storage import access

FIRST = 1.0  # seconds before it is told how long it will take


@dataclass
class Fetch:
    """A download: bytes done and in all, seconds left (None: not known yet), and why it failed."""

    done: int
    total: int
    left: float | None = None
    error: str = ""


class _StoppedError(Exception):
    """Somebody does not want it any more."""


class Fetching:
    """The downloads of a data folder; those that are over are not among them, those that failed are."""

    def __init__(self, data_dir: Path, base_url: str = ""):
        self._data_dir, self._base_url = Path(data_dir), base_url
        self._lock = threading.Lock()
        self._states: dict[str, Fetch] = {}
        self._stopped: set[str] = set()

    def states(self) -> dict[str, Fetch]:
        """By name of the set."""
        with self._lock:
            return dict(self._states)

    @access.for_trainers
    def start(self, name: str) -> None:
        """Download a set; nothing where it is on its way.

        Raises:
            DataError: there is no such set, or it is here already.
        """
        spec = catalogue.spec(name, self._data_dir)
        if not spec.download_bytes:
            raise DataError(f"`{spec.name}` is on this machine already.")
        with self._lock:
            known = self._states.get(spec.name)
            if known and not known.error:
                return
            self._states[spec.name] = Fetch(0, spec.download_bytes)
            self._stopped.discard(spec.name)
        work = threading.Thread(target=self._fetch, args=(spec.name,), name="fetch", daemon=True)
        work.start()

    @access.for_trainers
    def stop(self, name: str) -> None:
        """Stop a download, or forget that one failed; what came is dropped."""
        with self._lock:
            self._stopped.add(name)
            if name in self._states and self._states[name].error:
                del self._states[name]

    def _fetch(self, name: str) -> None:
        start = time.monotonic()

        def progress(done: int, total: int) -> None:
            seconds = time.monotonic() - start
            left = seconds * (total - done) / done if done and seconds > FIRST else None
            with self._lock:
                if name in self._stopped:
                    raise _StoppedError
                self._states[name] = Fetch(done, total, left)

        error = ""
        with contextlib.suppress(_StoppedError):
            try:
                known = KNOWN["mnist" if name == stacked.NAME else name]
                path = self._data_dir / f"{known.name}.npz"
                download(known, path, base_url=self._base_url, progress=progress)
            except DataError as problem:
                error = str(problem)
        with self._lock:
            if error and name not in self._stopped:
                self._states[name].error = error
            else:
                self._states.pop(name, None)
