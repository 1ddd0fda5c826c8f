"""How fast steps come: a mean over the last seconds, so that one slow step does not jump it."""

from __future__ import annotations

from collections import deque


class Speed:
    """Steps per second over the last `window` seconds of stepping; the first step compiles and
    does not count."""

    def __init__(self, window: float = 5.0):
        self.window = window
        self._times: deque[float] = deque()
        self._total = 0.0
        self._compiled = False

    def add(self, seconds: float) -> None:
        """A step took this long."""
        if not self._compiled:
            self._compiled = True
            return
        self._times.append(seconds)
        self._total += seconds
        while self._total > self.window and len(self._times) > 1:
            self._total -= self._times.popleft()

    @property
    def steps_per_second(self) -> float:
        """0 until two steps were taken."""
        return len(self._times) / self._total if self._total > 0 else 0.0
