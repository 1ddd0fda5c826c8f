"""Several readers of one source, so that all cores decode; answers come in the order of the questions."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from gan_core.importing.base import Answers, Unusable
from gan_core.importing.reader import Reader

MOST = 4  # processes
FEW = 64  # pictures that are not worth a second process
AHEAD = 4  # answers that wait for their turn, for each process

T = TypeVar("T")
Q = TypeVar("Q")


class Pool(contextlib.AbstractContextManager):
    """Readers of one path. `reader` is one of them, to ask what the source is.

    Args:
        cancelled: once it is set, whatever is asked ends with Cancelled.
    """

    def __init__(self, path: Path | str, answers: Answers, cancelled: threading.Event | None):
        self._path, self._answers = path, answers
        self._cancelled = cancelled or threading.Event()
        self._readers: list[Reader] = []
        self._free: queue.SimpleQueue[Reader] = queue.SimpleQueue()
        self.reader = self._another()

    def _another(self) -> Reader:
        reader = Reader(self._path, self._answers, cancelled=self._cancelled)
        reader.__enter__()
        self._readers.append(reader)
        self._free.put(reader)
        return reader

    def map(self, ask: Callable[[Reader, Q], T], questions: list[Q]) -> Iterator[T | Unusable]:
        """`ask(reader, question)` for each question, in their order; Unusable where it raised that."""
        workers = 1 if len(questions) < FEW else min(MOST, os.cpu_count() or 1)
        while len(self._readers) < workers:
            self._another()
        with ThreadPoolExecutor(workers, "import decodes") as threads:
            waiting: deque[Future] = deque()
            try:
                yield from self._in_order(threads, waiting, ask, questions, AHEAD * workers)
            finally:
                for future in waiting:
                    future.cancel()

    def _in_order(
        self, threads, waiting: deque[Future], ask: Callable, questions: Iterable, ahead: int
    ) -> Iterator:
        for question in questions:
            waiting.append(threads.submit(self._ask, ask, question))
            if len(waiting) >= ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _ask(self, ask: Callable[[Reader, Q], T], question: Q) -> T | Unusable:
        reader = self._free.get()
        try:
            return ask(reader, question)
        except Unusable as error:
            return error
        finally:
            self._free.put(reader)

    def __exit__(self, *_) -> None:
        for reader in self._readers:
            reader.close()
