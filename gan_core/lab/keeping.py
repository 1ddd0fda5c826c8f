"""What was trained on the Learn page, kept as a run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_core.runs.run import Run
from gan_core.runs.store import RunStore
from gan_core.storage import access


class Keeping:
    """The part of the Lab that takes over what a page trained."""

    store: RunStore
    data_dir: Path

    @access.for_trainers
    def keep_plane(self, told: Mapping[str, Any], *, name: str = "", who: str = "page") -> Run:
        """A stopped run that goes on with the page's GAN on points; see training.plane.keep.

        Raises:
            ConfigError, DataError: what was told is no such training.
        """
        from gan_core.training import plane

        return plane.keep(self.store, told, who=who, name=name, data_dir=self.data_dir)
