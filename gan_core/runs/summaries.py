"""Lists of runs, from small JSON files only, each read again only when it changed."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from gan_core.errors import RunError
from gan_core.runs import records
from gan_core.runs.records import LIVE, Notes, State, Status

_FILES = ("config.json", "notes.json", "status.json")
_SWEEP = re.compile(r"sweep [0-9a-f]{8}")
_SETTLED = 2_000_000_000  # nanoseconds; more than the coarsest clock of a file system


@dataclass(frozen=True)
class RunSummary:
    """One line of a list of runs; times in seconds, created_at and updated_at as Unix time."""

    id: str
    recipe: str
    dataset: str
    state: State
    step: int
    num_steps: int | None
    images_seen: float
    wall_time: float
    created_at: float
    updated_at: float
    error: str
    name: str
    tags: tuple[str, ...]
    archived: bool
    pinned: bool
    parent: dict[str, Any] | None
    bytes: int | None = None  # on disk; None until RunStore.measure was asked
    sweep: str = ""  # the name of the sweep that made it, see sweep.py
    steps_per_second: float = 0.0  # over the last seconds
    config: dict[str, Any] = field(default_factory=dict)
    processor: str = ""  # that it was made on
    imported: bool = False  # unpacked here; it may have been trained elsewhere


class _Known(NamedTuple):
    """What the files of a run said, and how they looked when they were read."""

    stamps: tuple[Any, ...]
    settled: bool  # old enough that a later change must show in the stamps
    header: dict[str, Any]
    notes: Notes
    status: Status
    problem: str = ""


class SummaryCache:
    """Summaries of the runs in one folder; safe from any thread."""

    def __init__(self, root: Path):
        self._root = str(root)
        self._known: dict[str, _Known] = {}
        self._sizes: dict[str, tuple[float, int]] = {}

    def set_size(self, run_id: str, size: int, updated_at: float = 0.0) -> None:
        """Show `size` bytes for this run from now on; it was walked at this state."""
        self._sizes[run_id] = (updated_at, size)

    def size_at(self, run_id: str, updated_at: float) -> int | None:
        """The size that was walked at this state of the run; None if it changed since."""
        walked, size = self._sizes.get(run_id, (None, None))
        return size if walked == updated_at else None

    def summaries(self, run_ids: list[str]) -> list[RunSummary]:
        """One summary a run, in this order; runs deleted meanwhile are left out."""
        known = {run_id: self._look(run_id) for run_id in run_ids}
        self._known = known  # replaced, never changed: another thread may be reading it
        return [
            self._summary(run_id, each)
            for run_id, each in known.items()
            if not each.problem or os.path.isdir(self._path(run_id))
        ]

    def _path(self, run_id: str) -> str:
        return os.path.join(self._root, run_id)

    def _look(self, run_id: str) -> _Known:
        path = self._path(run_id)
        stamps = tuple(_stamp(os.path.join(path, name)) for name in _FILES)
        old = self._known.get(run_id)
        if old and old.settled and old.stamps == stamps:
            return old
        return _read(path, stamps)

    def _summary(self, run_id: str, known: _Known) -> RunSummary:
        status = known.status
        if status.state in LIVE:  # whether its writer lives is not in any file
            status = records.read_status(self._path(run_id))
        config, notes = known.header.get("config", {}), known.notes
        _, recipe, dataset = run_id.split("-", 2)
        return RunSummary(
            id=run_id,
            recipe=str(config.get("recipe", recipe)),
            dataset=str(config.get("dataset", dataset)),
            state=State.FAILED if known.problem else status.state,
            step=status.step,
            num_steps=status.num_steps,
            images_seen=status.images_seen,
            wall_time=status.wall_time,
            created_at=known.header.get("created_at", 0.0),
            updated_at=status.updated_at,
            error=known.problem or status.error,
            name=notes.name,
            tags=notes.tags,
            archived=notes.archived,
            pinned=notes.pinned,
            parent=known.header.get("parent"),
            bytes=self._sizes.get(run_id, (0, None))[1],
            sweep=_sweep_of(known.header.get("note")),
            steps_per_second=status.steps_per_second,
            config=config,
            processor=_processor_of(known.header.get("versions")),
            imported="imported" in known.header,
        )


def _sweep_of(note: Any) -> str:
    return note if isinstance(note, str) and _SWEEP.fullmatch(note) else ""


def _processor_of(versions: Any) -> str:
    return str(versions.get("processor", "")) if isinstance(versions, dict) else ""


def _stamp(path: str) -> tuple[int, int, int] | None:
    """Changes when the file is replaced, unless that happens twice within a tick of the clock."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: str, stamps: tuple[Any, ...]) -> _Known:
    newest = max((stamp[0] for stamp in stamps if stamp), default=0)
    settled = newest < time.time_ns() - _SETTLED
    status = records.seen_status(path)
    try:
        header = records.read_header(path)
    except RunError as error:
        return _Known(stamps, settled, {}, Notes(), status, str(error))
    notes = records.read_notes(path, header) if stamps[1] else records.first_notes(header)
    return _Known(stamps, settled, header, notes, status)
