"""Keeps the status of a run that is being trained on disk, at most once a second unless it matters."""

from __future__ import annotations

import time
from typing import Any

from gan_core.runs.run import Run

EVERY = 1.0  # seconds


class StatusFile:
    """Writes a job's state into its run folder.

    Args:
        facts: fields of records.Status that stay the same, for example the owner.
    """

    def __init__(self, run: Run, **facts: Any):
        self.run, self.facts = run, facts
        self._written = 0.0

    def write(self, session, last, steps_per_second: float, **state: Any) -> None:
        """Everything now.

        Args:
            session, last: None while they are prepared; then what is on disk stays.
            state: state, phase, error and the limits.
        """
        self._written = time.monotonic()
        known = {}
        if session is not None and last is not None:
            known = {
                "step": last.step, "images_seen": last.images_seen, "wall_time": session.wall_time,
                "steps_per_second": steps_per_second,
            }  # fmt: skip
        self.run.write_status(**self.facts, **state, **known)

    @property
    def due(self) -> bool:
        """Whether the last time is a second ago."""
        return time.monotonic() - self._written >= EVERY
