"""What status.json, notes.json and config.json of a run hold, and how they are read."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from gan_core import files, locks
from gan_core.errors import RunError

FORMAT = 1


class State(StrEnum):
    """What a run is doing; compare with ==, the values are what status.json holds."""

    QUEUED = "queued"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"  # derived: a live state on disk, but nobody holds the lock


LIVE = frozenset({State.READY, State.RUNNING, State.PAUSED})


@dataclass(frozen=True)
class Status:
    """Where a run stands; times in seconds, `updated_at` as Unix time."""

    state: State = State.QUEUED
    step: int = 0
    images_seen: float = 0
    wall_time: float = 0.0
    steps_per_second: float = 0.0
    num_steps: int | None = None
    num_minutes: float | None = None
    phase: str = ""
    error: str = ""
    updated_at: float = 0.0
    owner: str = ""


@dataclass(frozen=True)
class Notes:
    """What a person added to a run; kept apart from what training writes."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    archived: bool = False
    pinned_steps: tuple[int, ...] = ()
    favourites: tuple[Any, ...] = ()
    directions: tuple[Any, ...] = ()


def read_header(path: Path) -> dict[str, Any]:
    """config.json of a run folder, checked for its format."""
    header = files.read_json(path / "config.json")
    if not isinstance(header, dict) or not isinstance(header.get("config"), dict):
        raise RunError(f"{path / 'config.json'} is damaged: it holds no settings.")
    files.check_format(header.get("format"), FORMAT, path.name)
    return header


def read_status(path: Path) -> Status:
    """The status of a run folder, with INTERRUPTED worked out from the lock."""
    for _ in range(3):
        status = _seen_status(path)
        if status.state not in LIVE or locks.is_held(path / "lock"):
            return status
        if _seen_status(path) == status:  # else it ended, or began, between the two looks
            break
    return replace(status, state=State.INTERRUPTED)


def _seen_status(path: Path) -> Status:
    """status.json as it stands; a damaged one belongs to an interrupted run that says so."""
    try:
        return stored_status(path)
    except RunError as error:
        return Status(State.INTERRUPTED, error=f"The status could not be read: {error}")


def stored_status(path: Path) -> Status:
    """status.json as it stands, unknown fields left out; RunError if missing or damaged."""
    stored = files.read_json(path / "status.json")
    known = {field.name for field in fields(Status)}
    try:
        status = Status(**{key: value for key, value in stored.items() if key in known})
        return replace(status, state=State(status.state))
    except (AttributeError, ValueError) as error:
        raise RunError(f"{path / 'status.json'} is damaged: {error}") from error


def read_notes(path: Path, header: dict[str, Any]) -> Notes:
    """notes.json of a run folder, with the note of its config.json where there is none."""
    if not (path / "notes.json").exists():
        return Notes(note=str(header.get("note") or ""))
    try:
        return clean_notes(files.read_json(path / "notes.json"), "notes.json")
    except RunError:
        return Notes(note=str(header.get("note") or ""))


def clean_notes(values: Any, where: str) -> Notes:
    """Notes from JSON values of the right types; unknown keys of other programs are left out."""
    if not isinstance(values, dict):
        raise RunError(f"{where} must be an object. Received: {values!r}")
    known = {field.name: field.default for field in fields(Notes)}
    values = {key: value for key, value in values.items() if key in known}
    for key, value in values.items():
        expected = list | tuple if isinstance(known[key], tuple) else type(known[key])
        if not isinstance(value, expected):
            raise RunError(f"`{key}` in {where} cannot be {value!r}; for example {known[key]!r}.")
        values[key] = tuple(value) if isinstance(known[key], tuple) else value
    return Notes(**values)
