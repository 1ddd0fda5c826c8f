"""The part of the Lab that makes data sets out of people's own pictures."""

from __future__ import annotations

import functools
from pathlib import Path

from gan_core.importing.desk import Desk
from gan_core.importing.shelf import Shelf


class Importing:
    """What waits to be kept, and the sets that were."""

    data_dir: Path

    @functools.cached_property
    def desk(self) -> Desk:
        """What was dropped and is not kept yet; nothing is read before it is asked for."""
        return Desk(self.data_dir)

    @functools.cached_property
    def shelf(self) -> Shelf:
        """Sets of one's own: renamed, removed and restored."""
        return Shelf(self.data_dir)

    def close_desk(self) -> None:
        """End what is being read or kept; harmless where nobody asked for the desk."""
        if "desk" in self.__dict__:
            self.desk.close()
