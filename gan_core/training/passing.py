"""Failures that pass: a full disk, too many open files. A run waits for their end, it does not fail."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from gan_core.errors import DiskFullError, OpenFilesError, RunError
from gan_core.runs.run import Run
from gan_core.storage import files

PASSING = (DiskFullError, OpenFilesError)
CAUGHT = (*PASSING, OSError)
EVERY = 1.0  # seconds between two looks whether files can be opened again
SPARE = 8  # files that can be opened before a run that waited for them goes on
TRIES = 30  # such looks at the end of a run, before it fails


def in_words(error: Exception, run: Run) -> RunError:
    """One of CAUGHT in words; an OSError that does not pass is raised again."""
    told = files.explain(error, run.path) if isinstance(error, OSError) else error
    if not isinstance(told, PASSING):
        raise error
    return told


def can_open() -> bool:
    """Whether a few files could be opened now."""
    with contextlib.ExitStack() as stack:
        try:
            for _ in range(SPARE):
                stack.enter_context(open(os.devnull, "rb"))
        except OSError:
            return False
    return True


def when_files_open(action: Callable[[], None], run: Run) -> None:
    """Call; where too many files are open, again until it works.

    Raises:
        OpenFilesError: they are still too many after TRIES looks.
    """
    for left in reversed(range(TRIES)):
        try:
            return action()
        except (OpenFilesError, OSError) as error:
            told = in_words(error, run)
            if not left or not isinstance(told, OpenFilesError):
                raise told from error
            time.sleep(EVERY)
    return None
