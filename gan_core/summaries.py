"""Lists of runs, from small JSON files only, each read again only when it changed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from gan_core import records
from gan_core.errors import RunError
from gan_core.records import Notes, State


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


class _Known(NamedTuple):
    """What config.json and notes.json say, and the stamps of the files that said it."""

    stamps: tuple[Any, ...]
    header: dict[str, Any]
    notes: Notes
    problem: str
    gone: bool = False  # deleted while the list was made


class SummaryCache:
    """Summaries of the runs in one folder; safe from any thread."""

    def __init__(self, root: Path):
        self._root = root
        self._known: dict[str, _Known] = {}
        self._sizes: dict[str, int] = {}

    def set_size(self, run_id: str, size: int) -> None:
        """Show `size` bytes for this run from now on."""
        self._sizes[run_id] = size

    def summaries(self, run_ids: list[str]) -> list[RunSummary]:
        """One summary a run, in this order."""
        known = {run_id: self._look(run_id) for run_id in run_ids}
        self._known = known  # replaced, never changed: another thread may be reading it
        return [self._summary(run_id, each) for run_id, each in known.items() if not each.gone]

    def _look(self, run_id: str) -> _Known:
        path = self._root / run_id
        stamps = tuple(_stamp(path / name) for name in ("config.json", "notes.json"))
        old = self._known.get(run_id)
        return old if old and old.stamps == stamps else _read(path, stamps)

    def _summary(self, run_id: str, known: _Known) -> RunSummary:
        status = records.read_status(self._root / run_id)
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
            bytes=self._sizes.get(run_id),
        )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever the file is replaced."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path, stamps: tuple[Any, ...]) -> _Known:
    try:
        header = records.read_header(path)
    except RunError as error:
        return _Known(stamps, {}, Notes(), str(error), gone=not path.exists())
    return _Known(stamps, header, records.read_notes(path, header), "")
