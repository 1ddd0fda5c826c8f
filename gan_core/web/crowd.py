"""How long pages should wait between two polls, so that many of them leave the training its time."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

SHARE = 0.1  # of one core, for the polls of all pages together
AROUND = 0.002  # seconds of processor time that an answer costs outside its route
LEAST = 500.0  # ms between two polls of a page by itself
MOST = 10_000.0  # ms; as far as they are put apart
TURN = 1.0  # seconds, at least, from one change to the next


class Crowd:
    """The rest between polls that pages are told, in ms: 0 while each may have its own pace.

    What the polls since the last change have cost of a core is compared with SHARE, and the rest grows or
    shrinks by as much; before the next change all pages have had the time to follow.

    Args:
        clock: seconds; monotonic.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock, self._lock = clock, threading.Lock()
        self._rest, self._spent, self._since = 0.0, 0.0, clock()

    @property
    def rest(self) -> int:
        """ms that a page should wait at least until it asks again."""
        return round(self._rest)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Around what a poll takes; of its thread only the processor time counts."""
        began = time.thread_time()
        try:
            yield
        finally:
            self.took(time.thread_time() - began)

    def took(self, seconds: float) -> None:
        """A poll has taken so many seconds of processor time."""
        with self._lock:
            self._spent += seconds + AROUND
            passed = self._clock() - self._since
            if passed < max(TURN, 2 * self._rest / 1000):
                return
            wanted = max(self._rest, LEAST) * self._spent / passed / SHARE
            self._rest = min(wanted, MOST) if wanted > LEAST else 0.0
            self._spent, self._since = 0.0, self._clock()
