"""Slow motion: how many steps a second a training takes at most, for people who watch."""

from __future__ import annotations

import threading
import time


class Pace:
    """Holds the next call of steps back until it is due. The steps themselves are the same.

    Args:
        steps_per_second: 0 holds nothing back.
        steps_per_call: a call of several steps waits for all of them.
    """

    def __init__(self, steps_per_second: float = 0.0, steps_per_call: int = 1):
        self.steps_per_second, self._stride = steps_per_second, steps_per_call
        self._due = 0.0  # monotonic seconds

    def turn(self, steps_per_second: float) -> None:
        """Another pace from now on."""
        self.steps_per_second, self._due = steps_per_second, 0.0

    def wait(self, wake: threading.Event) -> bool:
        """Wait until the next call is due; False if `wake` was set before that."""
        if not self.steps_per_second:
            return True
        if wake.wait(max(0.0, self._due - time.monotonic())):
            return False
        self._due = time.monotonic() + self._stride / self.steps_per_second
        return True

    def shown(self, measured: float) -> float:
        """Steps per second as they come, from those that the machine could take."""
        return min(measured, self.steps_per_second) if self.steps_per_second else measured
