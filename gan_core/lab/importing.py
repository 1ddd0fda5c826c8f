"""The part of the Lab that knows data sets one by one, and makes them out of people's own pictures."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from gan_core.data import DatasetSpec, spec
from gan_core.training.manager import JobManager

if TYPE_CHECKING:  # imported once they are asked for: most commands need none of them
    from gan_core.data.fetching import Fetching
    from gan_core.data.portrait import Portraits
    from gan_core.importing.desk import Desk
    from gan_core.importing.shelf import Shelf
    from gan_core.training.trial import Trials


class Importing:
    """Data sets, what waits to be one, and what a recipe could do with it."""

    data_dir: Path
    jobs: JobManager

    def dataset(self, name: str) -> DatasetSpec:
        """The metadata of one data set; DataError where there is none, or it cannot be used."""
        return spec(name, self.data_dir)

    @functools.cached_property
    def portraits(self) -> Portraits:
        """What sets look like."""
        from gan_core.data.portrait import Portraits

        return Portraits(self.data_dir)

    @functools.cached_property
    def fetching(self) -> Fetching:
        """Downloads of known sets in the background."""
        from gan_core.data.fetching import Fetching

        return Fetching(self.data_dir)

    @functools.cached_property
    def trials(self) -> Trials:
        """How fast recipes would train on what is not kept yet."""
        from gan_core.training.trial import Trials

        return Trials(self.jobs.active)

    @functools.cached_property
    def desk(self) -> Desk:
        """What was dropped and is not kept yet; nothing is read before it is asked for."""
        from gan_core.importing.desk import Desk

        return Desk(self.data_dir)

    @functools.cached_property
    def shelf(self) -> Shelf:
        """Sets of one's own: renamed, removed and restored."""
        from gan_core.importing.shelf import Shelf

        return Shelf(self.data_dir)

    def close_desk(self) -> None:
        """End what is being read or kept; harmless where nobody asked for the desk."""
        if "desk" in self.__dict__:
            self.desk.close()
