"""Progress of a training on stderr: a live line in a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from gan_core.cli import streams
from gan_core.cli.common import measured
from gan_core.metric_table import names_of

if TYPE_CHECKING:
    from gan_core.training.job import TrainingJob


class Progress:
    """Shows step, speed, losses and the time left; `on_result` and `on_phase` are handed to the job."""

    def __init__(self, every: float = 10.0):
        self.terminal = sys.stderr.isatty()
        self.every = 0.2 if self.terminal else every
        self.job: TrainingJob | None = None
        self._shown = 0.0
        self._width = 0
        self._phase = ""

    def on_result(self, result) -> None:
        """Called after every step."""
        del result
        if time.monotonic() - self._shown >= self.every:
            self.show()

    def on_phase(self, phase: str) -> None:
        """Called while the run is prepared; outside a terminal only what counts, as downloads do."""
        kind, counts, _ = phase.partition(":")
        if not phase or not (self.terminal or counts):
            return
        if kind != self._phase or time.monotonic() - self._shown >= self.every:
            self._phase = kind
            self._print(phase)

    def show(self) -> None:
        """Print the present state."""
        if self.job is not None:
            self._print(describe(self.job.snapshot()))

    def _print(self, line: str) -> None:
        self._shown = time.monotonic()
        if self.terminal:
            streams.tell("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            streams.tell(line + "\n")

    def close(self) -> None:
        """Leave the last state on a line of its own."""
        self.show()
        if self.terminal:
            streams.tell("\n")


def describe(snap) -> str:
    """One line: bar, step, epoch, speed, time left, losses."""
    filled = round(20 * snap.progress)
    limit = f" of {snap.num_steps:,}" if snap.num_steps else ""
    left = "" if snap.seconds_left is None else f", {clock(snap.seconds_left)} left"
    shown = (name for name in names_of("loss") if name in snap.metrics)
    losses = "".join(f"  {name} {measured(snap.metrics[name])}" for name in shown)
    return (
        f"[{'=' * filled}{' ' * (20 - filled)}] step {snap.step:,}{limit}, epoch {snap.epoch:.2f}, "
        f"{snap.images_per_second:,.0f} images/s, {clock(snap.wall_time)}{left}{losses}"
    )


def clock(seconds: float) -> str:
    """125 -> 2:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
