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

    def write(self, **state: Any) -> None:
        """These fields now; those that are not given stay as they are on disk."""
        self._written = time.monotonic()
        self.run.write_status(**self.facts, **state)

    @property
    def due(self) -> bool:
        """Whether the last time is a second ago."""
        return time.monotonic() - self._written >= EVERY
