"""What the desk does beside the page: tasks one after another, and single pictures when asked."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from gan_core.errors import DataError
from gan_core.importing.proof import Proof, proof
from gan_core.importing.reader import AS_IT_IS, Reader

IDLE = 60.0  # seconds after which the child that shows pictures is ended


class Worker:
    """Does one thing after another in a thread of its own, which never keeps a program from ending."""

    def __init__(self, name: str):
        self._name = name
        self._todo: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, task: Callable[[], None]) -> None:
        self._todo.put(task)
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._todo.get()()


class Shown:
    """Decodes single pictures for the page, in a child that stays while it is asked."""

    def __init__(self):
        self._lock = threading.Lock()
        self._reader: Reader | None = None
        self._asked = 0.0
        self._key: tuple | None = None

    def picture(
        self, path: Path, answers: Mapping[str, str], index: int, side: int, ground: str
    ) -> np.ndarray:
        with self._lock:
            reader = self._of(path, answers)
            if not 0 <= index < len(reader.items):
                most = len(reader.items) - 1
                raise DataError(f"There is no picture {index}. Allowed: 0 to {most}.")
            return reader.pixels(index, side or AS_IT_IS, ground)

    def proof(self, path: Path, answers: Mapping[str, str]) -> Proof:
        with self._lock:
            reader = self._of(path, answers)
            return proof(reader.kind, reader.items)

    def _of(self, path: Path, answers: Mapping[str, str]) -> Reader:
        """The reader of a path with these answers; the last one goes on."""
        key = (path, tuple(sorted(answers.items())))
        reader = self._reader
        if reader is None or self._key != key:
            self._end()
            reader = self._reader = Reader(path, answers).__enter__()
            self._key = key
            threading.Thread(target=self._tidy, args=(reader,), daemon=True).start()
        self._asked = time.monotonic()
        return reader

    def _tidy(self, reader: Reader) -> None:
        """End the child once nobody has asked for a while."""
        while True:
            time.sleep(IDLE / 4)
            with self._lock:
                if self._reader is not reader:
                    return
                if time.monotonic() - self._asked > IDLE:
                    self._end()
                    return

    def close(self) -> None:
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._key = None
