"""The errors a person can cause or repair; each message says what was wrong, what came and what is allowed.

GanError
├── ConfigError            a setting is unknown, out of range, or does not fit the others
├── RoleError              a viewer asks for what only trainers may do
├── BusyError              others are served; the same may be asked again in a moment
├── ClusterError           a cluster, its certificate or its shared folder cannot be used as asked
├── DataError              a data set is unknown, damaged, or does not fit the recipe
│   └── UnknownDataError   there is none of this name, neither built in nor in the data folder
└── RunError               a run cannot be found, read or written
    ├── RunLockedError     another process writes this run
    ├── CheckpointError    a checkpoint is missing, damaged, or of another network
    ├── DiskFullError      the disk has no room; nothing that was there is lost
    └── OpenFilesError     the program may open no more files for now; nothing is lost
"""

import difflib
from collections.abc import Iterable


class GanError(Exception):
    """Base of all errors whose text is meant for the user; anything else is a bug."""


class ConfigError(GanError):
    """A setting is unknown, out of range, or does not fit the others."""


class RoleError(GanError):
    """A viewer asks for what only trainers may do."""


class BusyError(GanError):
    """Others are served; the same may be asked again in a moment."""


class ClusterError(GanError):
    """A cluster, its certificate or its shared folder cannot be used as asked."""


class DataError(GanError):
    """A data set is unknown, damaged, or does not fit the recipe."""


class UnknownDataError(DataError):
    """There is no data set of this name, neither built in nor in the data folder."""


class RunError(GanError):
    """A run cannot be found, read or written."""


class RunLockedError(RunError):
    """Another process writes this run."""


class CheckpointError(RunError):
    """A checkpoint is missing, damaged, or of another network."""


class DiskFullError(RunError):
    """The disk has no room; nothing that was there is lost."""


class OpenFilesError(RunError):
    """The program may open no more files for now; nothing is lost."""


def in_brief(error: object, most: int = 200) -> str:
    """What another library says of a damaged file, as a line to quote; of one that says nothing its kind.

    Some put bytes of the file into it: the name in a zip's header may be as long as the file, and what a
    terminal would obey.

    Args:
        most: characters.
    """
    lines = (line.strip() for line in str(error).splitlines())
    first = next(filter(None, lines), type(error).__name__)
    text = "".join(c if c.isprintable() else " " for c in first)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def unknown(kind: str, name: object, known: Iterable[str]) -> str:
    """'Unknown recipe `dcgn`. Did you mean `dcgan`? Available: ...'."""
    known = list(known)
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"Unknown {kind} `{str(name)[:80]}`.{hint} Available: {', '.join(sorted(known))}."
