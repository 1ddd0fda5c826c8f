"""One run on disk: its settings, status, notes, events, samples and the lock of its writer."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from gan_core.errors import OpenFilesError, RunError
from gan_core.runs import values
from gan_core.runs.metrics.reader import MetricsReader
from gan_core.runs.records import (
    NOTES,
    Notes,
    State,
    Status,
    clean_notes,
    first_limits,
    notes_problem,
    read_header,
    read_notes,
    read_status,
    stored_status,
    told_of_data,
)
from gan_core.runs.saved import checkpoints
from gan_core.storage import access, files, locks


class Run:
    """The folder of one run (format: runs.py). Cheap to make, safe to use from any thread."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.id = self.path.name

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r})"

    @cached_property
    def header(self) -> dict[str, Any]:
        """All of config.json; RunError if it is damaged or of a newer format."""
        return read_header(self.path)

    @property
    def config(self) -> dict[str, Any]:
        """The settings the run was made with."""
        found: dict[str, Any] = self.header["config"]
        return found

    @property
    def image_shape(self) -> tuple[int, ...]:
        """Of what it learned from, as (H, W, C); () of a run of before that does not say."""
        shape = told_of_data(self.header).get("image_shape")
        sizes = shape if isinstance(shape, list) else []
        return tuple(n for n in sizes if isinstance(n, int))

    @property
    def num_train(self) -> int:
        """How many images it learned from; 0 of a run of before that does not say."""
        count = told_of_data(self.header).get("num_train")
        return count if isinstance(count, int) else 0

    @property
    def versions(self) -> dict[str, Any]:
        """Versions of the programs that made the run."""
        return self.header.get("versions") or {}

    @property
    def parent(self) -> dict[str, Any] | None:
        """{"run": id, "step": int} of the checkpoint this run branched from, else None."""
        return self.header.get("parent")

    @property
    def created_at(self) -> float:
        """Unix time in seconds, by the clock of that moment."""
        return float(self.header.get("created_at", 0.0))

    # Status

    def status(self) -> Status:
        """The status on disk; a live state whose lock is free is INTERRUPTED."""
        return read_status(self.path)

    def write_status(self, **changes: Any) -> None:
        """Change these fields of the status in one step and stamp it with the time."""
        with self._editing():
            old = self._status_to_change()
            new = replace(old, **{"updated_at": time.time(), **changes})
            new = replace(new, state=State(new.state))
            # Every few steps a power cut may cost one status; a change of state must survive it.
            durable = new.state != old.state
            files.write_json(self.path / "status.json", asdict(new), kind="status", durable=durable)

    def _status_to_change(self) -> Status:
        try:
            return stored_status(self.path)
        except OpenFilesError:
            raise
        except RunError:  # none yet, or damaged: the limits are those it was made with
            return replace(Status(), **first_limits(self.path))

    def settle(self, **settings: Any) -> None:
        """Write into config.json what settings came to that were left open; by the run's one writer."""
        path = self.path / "config.json"
        with self._editing():
            header = files.read_json(path)
            changed = {**header, "config": {**header["config"], **settings}}
            files.write_json(path, changed, kind="config")
        self.__dict__.pop("header", None)

    def fail(self, error: str, trace: str = "") -> None:
        """Mark a run that could not be started as failed, as far as its folder can be written."""
        with contextlib.suppress(RunError):
            self.write_status(state=State.FAILED, phase="", error=error)
            self.log_event("failed", step=self.status().step, who="training", error=error)
            if trace:
                self.log(trace)

    def _editing(self) -> contextlib.AbstractContextManager[None]:
        """Held for the moment of a change, so that two processes do not undo each other's."""
        text = f"Another process has been changing {self.id} for a while. Try again."
        return self._holding("edit.lock", text, timeout=10)

    # Notes

    def notes(self) -> Notes:
        """Name, tags, pins and so on; the note given at creation until another is written."""
        return read_notes(self.path, self.header)

    def notes_problem(self) -> str:
        """What is wrong with the file of the notes and what follows, in words; empty: nothing."""
        problem = notes_problem(self.path, self.header)
        if not problem:
            return ""
        pins = ", ".join(f"{step:,}" for step in self.notes().pinned_steps) or "none"
        return (
            f"{problem} Name, tags, rules and pins are taken from the run's log; pinned: {pins}. "
            "No checkpoint is removed before notes are saved again."
        )

    @access.for_trainers
    def update_notes(self, who: str, **changes: Any) -> Notes:
        """Change these notes and log it, with the old values, as an event."""
        unknown = sorted(set(changes) - {field.name for field in fields(Notes)})
        if unknown:
            allowed = ", ".join(field.name for field in fields(Notes))
            raise RunError(f"Unknown note `{unknown[0]}`. Allowed: {allowed}")
        with self._editing():
            old = self.notes()
            new = clean_notes(asdict(replace(old, **changes)), f"the notes of {self.id}")
            if problem := notes_problem(self.path, self.header):
                self._put_notes_aside(problem, who)
            files.write_json(self.path / NOTES, asdict(new), kind="notes")
        before, after = asdict(old), asdict(new)
        changed = {key: [before[key], after[key]] for key in changes if before[key] != after[key]}
        if changed:
            kind = "renamed" if "name" in changed else "noted"
            self.log_event(kind, step=self.status().step, who=who, changes=changed)
        return new

    # Events and log

    def _put_notes_aside(self, problem: str, who: str) -> None:
        """Keep a damaged file for people, and say so in the log."""
        path, kept = self.path / NOTES, ""
        if path.exists():
            aside = path.with_name(f"{NOTES}.damaged-{time.time_ns() // 1_000_000}")
            with files.in_words(path):
                os.rename(path, aside)
            kept = f" The damaged file is kept as {aside.name}."
        text = f"{problem} The notes were saved again as the log tells them.{kept}"
        self.log_event("warning", step=self.status().step, who=who, text=text)

    def log_event(self, kind: str, *, step: int, who: str, **details: Any) -> None:
        """Add one line to the event log, with the time."""
        event = {"time": time.time(), "who": who, "step": step, "kind": kind, **details}
        files.append_jsonl(self.path / "events.jsonl", event)

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """Events with `id` > after, numbered 1, 2, ... in the order in which they were written."""
        lines = values.read_events(files.read_jsonl(self.path / "events.jsonl"))
        return [{**line, "id": i} for i, line in enumerate(lines, start=1) if i > after]

    def log(self, text: str) -> None:
        """Add a line with the time (UTC) to log.txt."""
        line = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n"
        files.append_line(self.path / "log.txt", line.encode())

    # The writer's lock

    @contextlib.contextmanager
    def writer_lock(self) -> Iterator[None]:
        """Be the one writer of this run during the block; removes what a killed writer left behind.

        RunLockedError if another process, or another job of this one, writes the run.
        """
        refusal = (
            f"{self.id} is being written by another process (or another job of this one). "
            "Watch it, or stop that job first."
        )
        with self._holding("lock", refusal, timeout=locks.PROBE_SECONDS):
            self.clear_remains()
            yield

    @contextlib.contextmanager
    def _holding(self, name: str, refusal: str, *, timeout: float) -> Iterator[None]:
        """Hold a lock file of this run, if the run is still there once it is ours."""
        gone = f"{self.id} is no longer in {self.path.parent}; it was moved or deleted."
        if not self.path.is_dir():
            raise RunError(gone)
        with locks.hold(self.path / name, refusal, timeout=timeout):
            if not (self.path / "config.json").exists():
                self._remove_remains(name)
                raise RunError(gone)
            yield

    def _remove_remains(self, name: str) -> None:
        """The folder that waiting for a lock made anew while the run was moved away."""
        with contextlib.suppress(OSError):
            (self.path / name).unlink()
            self.path.rmdir()  # only if nothing else is in it

    def clear_remains(self) -> None:
        """Remove unfinished files; only for the holder of the run's lock."""
        with self._editing():
            files.remove_temps(self.path)
        for name in ("checkpoints", "weights", "samples"):
            files.remove_temps(self.path / name)
        checkpoints.repair(self.path)

    def is_locked(self) -> bool:
        """Whether some process writes this run now; asking does not disturb it."""
        return locks.is_held(self.path / "lock")

    # Metrics and pictures

    def metrics(self) -> MetricsReader | None:
        """A reader of the metrics, None before the first one is written."""
        return MetricsReader(self.path) if (self.path / "metrics.json").exists() else None

    def sample_steps(self) -> list[int]:
        """Steps that have a sample grid, ascending."""
        return files.steps_in(self.path / "samples", ".png")

    def sample_png(self, step: int) -> bytes:
        """The sample grid of `step` as PNG bytes."""
        png = self._read(self._sample_path(step))
        if png is None:
            raise RunError(f"{self.id} has no sample of step {step}.")
        return png

    def write_sample(self, step: int, png: bytes, *, durable: bool = True) -> None:
        """Store the sample grid of `step`; `durable` as in files.atomic_file."""
        path = self._sample_path(step)
        with files.in_words(path):
            path.parent.mkdir(exist_ok=True)
        files.write_atomic(path, png, kind="sample", durable=durable)

    def _sample_path(self, step: int) -> Path:
        return self.path / "samples" / f"{files.step_name(step)}.png"

    def reals_png(self) -> bytes | None:
        """The grid of real images as PNG bytes, None if there is none."""
        return self._read(self.path / "reals.png")

    def write_reals(self, png: bytes) -> None:
        """Store the grid of real images."""
        files.write_atomic(self.path / "reals.png", png, kind="reals")

    def _read(self, path: Path) -> bytes | None:
        """A file of this run; a link that leads out of the folder counts as missing."""
        try:
            inside = path.resolve().is_relative_to(self.path.resolve())
            return path.read_bytes() if inside else None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise files.unreadable(error, path) from error

    def size(self) -> int:
        """Bytes on disk of everything in the folder (walks it)."""
        return sum(_sizes(self.path))


def _sizes(folder: Path | str) -> Iterator[int]:
    """Sizes of all files below; what is removed meanwhile counts nothing."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                if entry.is_dir(follow_symlinks=False):
                    yield from _sizes(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_size
