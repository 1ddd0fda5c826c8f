"""When to write: by steps where asked, else by time, dense at first and never too costly."""

from __future__ import annotations

import time
from collections.abc import Callable

from gan_core.training.speed import Usual

# The first steps change a picture most: noise at 1, digits before 200. Grids of all of them, the
# small weights of every other one.
EARLY_GRIDS = (1, 2, 4, *range(8, 64, 8), *range(64, 200, 16), 200)
EARLY_WEIGHTS = (1, 4, 8, 16, 32, 48, 64, 96, 128, 160, 200)
EARLY_ALLOWANCE = 0.25  # seconds that the early ones may take beyond it, on a busy machine


class Schedule:
    """Says whether something is due, from the training time and what it has cost so far.

    Args:
        interval: training seconds until the next one, as a function of the training time.
        share: of the training time that it may cost; a dearer one waits longer.
        every: if not 0, due at the multiples of this many steps instead.
        stride: steps between two times at which it is asked; a multiple in between counts.
        early: steps at which it is due besides, as long as its share of the time is not used up.
    """

    def __init__(
        self,
        interval: Callable[[float], float],
        *,
        share: float = 0.02,
        every: int = 0,
        stride: int = 1,
        early: tuple[int, ...] = (),
    ):
        self.interval, self.share, self.every, self.stride = interval, share, every, stride
        self.early, self._spent = early, 0.0
        self._next, self._multiple = 0.0, -1
        self._usual = Usual()

    def due(self, step: int, wall_time: float) -> bool:
        """Whether it is time, after a step at this training time in seconds."""
        if self.every:
            return step % self.every < self.stride and step // self.every != self._multiple
        return wall_time >= self._next or self._is_early(step, wall_time)

    def _is_early(self, step: int, wall_time: float) -> bool:
        if not self.early or step - self.stride >= self.early[-1]:
            return False
        affordable = self._spent <= EARLY_ALLOWANCE + self.share * wall_time
        return affordable and any(step - self.stride < early <= step for early in self.early)

    def when_due(self, step: int, wall_time: float, action: Callable[[int], None]) -> None:
        """Call `action(step)` if it is time, and let its cost decide when it is time again."""
        if self.due(step, wall_time):
            started = time.perf_counter()
            action(step)
            self._multiple = step // self.every if self.every else -1
            self.done(wall_time, time.perf_counter() - started)

    def done(self, wall_time: float, cost: float) -> None:
        """It was done now and took `cost` seconds; 0: that tells nothing of what it costs."""
        self._spent += cost
        cost = self._usual.counted(cost) if cost else 0.0
        self._next = wall_time + max(self.interval(wall_time), cost / self.share)


def sample_interval(wall_time: float) -> float:
    """Seconds between sample grids: 1 at first, then 2 % of the time trained so far."""
    return max(1.0, 0.02 * wall_time)


def weights_interval(wall_time: float) -> float:
    """Seconds between small weights: 10 in the first minute, then 60."""
    return 10.0 if wall_time < 60 else 60.0


def checkpoint_interval(wall_time: float) -> float:
    """Seconds between full checkpoints."""
    del wall_time
    return 60.0
