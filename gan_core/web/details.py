"""Small facts about the files of a run, cheaper than reading them (names: see runs.py)."""

from __future__ import annotations

import os
from collections.abc import Iterable

from gan_core.errors import RunError
from gan_core.runs.pictures import grid_size, is_whole
from gan_core.runs.run import Run
from gan_core.storage.files import read_json, step_name


def event_bytes(run: Run) -> int:
    """Length of the event log; it grows when an event is logged."""
    try:
        return (run.path / "events.jsonl").stat().st_size
    except OSError:
        return 0


def sample_time(run: Run, step: int) -> float | None:
    """When the sample grid of `step` was written, as Unix time; None if it is not there."""
    return _time(run, f"samples/{step_name(step)}.png")


def sample_times(run: Run, steps: Iterable[int]) -> list[float | None]:
    """The same for many steps: a live page asks for all it has missed."""
    folder = str(run.path / "samples")
    return [_time_of(f"{folder}{os.sep}{step_name(step)}.png") for step in steps]


def reals_time(run: Run) -> float | None:
    """The same for the grid of real images."""
    return _time(run, "reals.png")


def _time(run: Run, name: str) -> float | None:
    return _time_of(str(run.path / name))


def _time_of(path: str) -> float | None:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return None


def measured_png(run: Run) -> bytes | None:
    """Best and worst fakes of the newest measurement (evaluation/extremes.py); None without.

    A damaged picture counts as none.
    """
    path = run.path / "measured.png"
    try:
        inside = path.resolve().is_relative_to(run.path.resolve())
        data = path.read_bytes() if inside else b""
    except OSError:
        return None
    return data if is_whole(data) else None


def grid_header(run: Run) -> dict | None:
    """How to cut the grids: {"columns", "rows", "tile": [H, W], "names", ...}; None if unknown.

    Columns, rows and tile are numbers of a picture that can be read; bad names are left out, and columns
    of one class that do not fit are one.
    """
    path = run.path / "samples" / "grid.json"
    try:
        found = read_json(path) if path.exists() else None
    except RunError:
        return None
    if found is None or grid_size(found) is None:
        return None
    names = found.get("names")
    texts = isinstance(names, list) and all(isinstance(name, str) for name in names)
    each = found.get("each", 1)
    if type(each) is not int or each < 1 or found["columns"] % each:
        found = found | {"each": 1}
    return found | {"names": names if texts else []}


def log_tail(run: Run, characters: int = 4000) -> str:
    """The end of the run's log: after a bug, its traceback."""
    try:
        return (run.path / "log.txt").read_text("utf-8", errors="replace")[-characters:]
    except OSError:
        return ""
