"""What status.json, notes.json and config.json of a run hold, and how they are read."""

import contextlib
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from gan_core.errors import OpenFilesError, RunError
from gan_core.runs import values as run_values
from gan_core.storage import files, locks

FORMAT = 1
NOTES = "notes.json"

StrPath = str | os.PathLike[str]  # strings: joining thousands of Paths takes longer than reading


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
    """Where a run stands; times in seconds, `updated_at` as Unix time.

    `where` names the worker of a cluster that trains it, which obeys commands in the run's folder
    (runs.orders); `knobs` are its live settings then.
    """

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
    where: str = ""
    knobs: dict[str, float] | None = None


@dataclass(frozen=True)
class Notes:
    """What a person added to a run; kept apart from what training writes."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    archived: bool = False
    pinned_steps: tuple[int, ...] = ()
    keep_last: int = 3
    keep_every: int = 1000
    budget_bytes: int = 1_000_000_000
    favourites: tuple[Any, ...] = ()
    directions: tuple[Any, ...] = ()


# Which checkpoints stay, see retention.py: the smallest and the largest value of each rule.
RETENTION = {
    "keep_last": (1, 1000),
    "keep_every": (0, 100_000_000),
    "budget_bytes": (1_000_000, 10**14),
}
_STATUS_FIELDS = frozenset(field.name for field in fields(Status))
_LIMITS = ("num_steps", "num_minutes")
_ELEMENTS = {
    "tags": lambda tag: isinstance(tag, str),
    "pinned_steps": lambda step: type(step) is int and step >= 0,
}
_NOTE_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(Notes)}


def read_header(path: StrPath) -> dict[str, Any]:
    """config.json of a run folder, checked for its format."""
    header = files.read_json(os.path.join(path, "config.json"))
    if not isinstance(header, dict) or not _is_config(header.get("config")):
        raise RunError(f"{os.path.join(path, 'config.json')} is damaged: it holds no settings.")
    files.check_format(header.get("format"), FORMAT, os.path.basename(path))
    known = run_values.read(header, run_values.HEADER)
    if known is None:
        raise RunError(f"{os.path.join(path, 'config.json')} is damaged: it tells too little.")
    return known


def told_of_data(header: dict[str, Any]) -> dict[str, Any]:
    """What a header says of the data (data.record); {} where that cannot be read."""
    data = header.get("data")
    return data if isinstance(data, dict) else {}


def _is_config(config: Any) -> bool:
    """Whether these are settings; which values they may have, TrainConfig says to who uses them."""
    names = ("recipe", "dataset")
    return isinstance(config, dict) and all(isinstance(config.get(n, ""), str) for n in names)


def read_status(path: StrPath) -> Status:
    """The status of a run folder, with INTERRUPTED worked out from the lock."""
    for _ in range(3):
        status = seen_status(path)
        if status.state not in LIVE or locks.is_held(os.path.join(path, "lock")):
            return status
        if seen_status(path) == status:  # else it ended, or began, between the two looks
            break
    return replace(status, state=State.INTERRUPTED)


def seen_status(path: StrPath) -> Status:
    """status.json as it stands; a damaged one belongs to an interrupted run that says so."""
    try:
        return stored_status(path)
    except RunError as error:
        text = f"The status could not be read: {error}"
        return Status(State.INTERRUPTED, error=text, **first_limits(path))


def first_limits(path: StrPath) -> dict[str, Any]:
    """num_steps and num_minutes as the run was made with them; nothing where that is unreadable."""
    try:
        config = read_header(path)["config"]
    except RunError:
        return {}
    rules = run_values.STATUS
    return {
        name: config[name] for name in _LIMITS if name in config and rules[name].good(config[name])
    }


def stored_status(path: StrPath) -> Status:
    """status.json as it stands, unknown fields left out; RunError if missing or damaged."""
    stored = files.read_json(os.path.join(path, "status.json"))
    try:
        if not isinstance(stored, dict):
            raise ValueError("it holds no object")
        stored = {key: value for key, value in stored.items() if value is not None}
        if bad := run_values.first_bad(
            stored, run_values.STATUS
        ):  # without its limit it never ends
            raise ValueError(f"`{bad}` has the wrong type or size")
        values = run_values.read(stored, run_values.STATUS) or {}
        status = Status(**{key: value for key, value in values.items() if key in _STATUS_FIELDS})
        return replace(status, state=State(status.state))
    except (AttributeError, TypeError, ValueError) as error:
        raise RunError(f"{os.path.join(path, 'status.json')} is damaged: {error}") from error


def read_notes(path: StrPath, header: dict[str, Any]) -> Notes:
    """notes.json of a run folder; without a readable one, what the log of the run tells of them."""
    try:
        return _stored_notes(path)
    except OpenFilesError:
        raise
    except RunError:
        return logged_notes(path, header)


def _stored_notes(path: StrPath) -> Notes:
    return clean_notes(run_values.read_notes(files.read_json(os.path.join(path, NOTES))), NOTES)


def notes_problem(path: StrPath, header: dict[str, Any]) -> str:
    """Why notes.json cannot be trusted, in words; empty where it can, or was never written."""
    if os.path.exists(os.path.join(path, NOTES)):
        try:
            _stored_notes(path)
        except OpenFilesError:
            raise
        except RunError as error:
            return str(error)
        return ""
    was_written = logged_notes(path, header) != first_notes(header)
    return f"{NOTES} is missing in {path}, although notes were written." if was_written else ""


def logged_notes(path: StrPath, header: dict[str, Any]) -> Notes:
    """The notes as the changes in events.jsonl left them; values that make no sense are left out."""
    notes = first_notes(header)
    for event in files.read_jsonl(Path(path) / "events.jsonl"):
        changes = event.get("changes") if event.get("kind") in ("noted", "renamed") else None
        for name, pair in changes.items() if isinstance(changes, dict) else ():
            with contextlib.suppress(RunError):
                new = pair[1] if isinstance(pair, list) and len(pair) == 2 else None
                values = run_values.read_notes(asdict(notes) | {name: new})
                notes = clean_notes(values, "the log")
    return notes


def first_notes(header: dict[str, Any]) -> Notes:
    """The notes of a run until somebody writes some."""
    return Notes(note=run_values.unturned(str(header.get("note") or "")))


def _anything(value: Any) -> bool:
    return True


def clean_notes(values: Any, where: str) -> Notes:
    """Notes from JSON values of the right types; unknown keys of other programs are left out."""
    if not isinstance(values, dict):
        raise RunError(f"{where} must be an object. Received: {values!r}")
    values = {key: value for key, value in values.items() if key in _NOTE_DEFAULTS}
    for key, value in values.items():
        default = _NOTE_DEFAULTS[key]
        listed = isinstance(default, tuple)
        if not isinstance(value, list | tuple if listed else type(default)):
            raise RunError(f"`{key}` in {where} cannot be {value!r}; for example {default!r}.")
        if listed and not all(map(_ELEMENTS.get(key, _anything), value)):
            rule = "tags are texts and pinned steps are steps"
            raise RunError(f"`{key}` in {where} cannot be {value!r}: {rule}.")
        low, high = RETENTION.get(key, (0, 0))
        if key in RETENTION and not low <= cast(int, value) <= high:
            raise RunError(f"`{key}` in {where} must be {low:,} to {high:,}. Received: {value!r}.")
        values[key] = run_values.unturned(tuple(value) if listed else value)
    return Notes(**values)
