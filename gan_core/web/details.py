"""Small facts about the files of a run, cheaper than reading them (names: see runs.py)."""

from __future__ import annotations

from gan_core.errors import RunError
from gan_core.files import read_json, step_name
from gan_core.run import Run


def event_bytes(run: Run) -> int:
    """Length of the event log; it grows when an event is logged."""
    try:
        return (run.path / "events.jsonl").stat().st_size
    except OSError:
        return 0


def sample_time(run: Run, step: int) -> float | None:
    """When the sample grid of `step` was written, as Unix time."""
    try:
        return (run.path / "samples" / f"{step_name(step)}.png").stat().st_mtime
    except OSError:
        return None


def measured_png(run: Run) -> bytes | None:
    """Best and worst fakes of the newest measurement (evaluation/extremes.py); None without."""
    path = run.path / "measured.png"
    try:
        inside = path.resolve().is_relative_to(run.path.resolve())
        return path.read_bytes() if inside else None
    except OSError:
        return None


def grid_header(run: Run) -> dict | None:
    """How to cut the grids: {"columns", "rows", "tile": [H, W], "names", ...}; None if unknown."""
    path = run.path / "samples" / "grid.json"
    try:
        return read_json(path) if path.exists() else None
    except RunError:
        return None


def log_tail(run: Run, characters: int = 4000) -> str:
    """The end of the run's log: after a bug, its traceback."""
    try:
        return (run.path / "log.txt").read_text("utf-8", errors="replace")[-characters:]
    except OSError:
        return ""
