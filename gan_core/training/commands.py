"""What people want of a job, from any thread; the worker asks and obeys between two steps."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable


class Commands:
    """Flags and a queue of calls, and an event that is set whenever one of them changes.

    Attributes:
        paused, stopping: what is wanted.
        leaving: it stops because the program ends, not because anybody wanted it to.
        until_files: paused by itself, until files can be opened again.
    """

    def __init__(self):
        self.paused = self.stopping = self.leaving = self.until_files = False
        self.wake = threading.Event()
        self._calls: queue.SimpleQueue = queue.SimpleQueue()

    def pause(self, *, until_files: bool = False) -> None:
        """Hold after the current step."""
        self.paused, self.until_files = True, until_files
        self.wake.set()

    def resume(self) -> None:
        """Go on from a pause."""
        self.paused = self.until_files = False
        self.wake.set()

    def stop(self, *, leaving: bool = False) -> None:
        """End after the current step."""
        self.leaving = self.leaving or leaving
        self.stopping = True
        self.wake.set()

    def send(self, call: Callable[[], None]) -> None:
        """Call this between two steps."""
        self._calls.put(call)
        self.wake.set()

    def obey(self) -> None:
        """Make the calls that were sent, oldest first; by the worker."""
        self.wake.clear()
        while not self._calls.empty():
            self._calls.get()()
