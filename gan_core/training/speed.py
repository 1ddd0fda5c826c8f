"""How fast steps come, and what of a clock's time was work.

Speed is a mean over the last seconds, so that one slow step does not jump it. A program that was
stopped (SIGSTOP, Ctrl-Z), frozen (a container, a virtual machine) or asleep (a laptop) finds that
one piece of its work took many times the usual: that is no training time.
"""

from __future__ import annotations

import statistics
from collections import deque

MANY = 10.0  # times the usual


class Usual:
    """What a piece of work usually takes: the median of the last `window` ones, in seconds.

    Args:
        floor: seconds up to which anything may be an ordinary delay.
    """

    def __init__(self, floor: float = 2.0, window: int = 31):
        self.floor = floor
        self._times: deque[float] = deque(maxlen=window)

    def counted(self, seconds: float, count: int = 1) -> float:
        """The part of `seconds` that `count` equal pieces worked: all of it, or the usual where
        they took longer than `floor` and many times the usual. Work that stays slow becomes usual."""
        usual = count * statistics.median_low(self._times) if self._times else seconds
        self._times.append(seconds / count)
        return usual if seconds > max(self.floor, MANY * usual) else seconds


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
