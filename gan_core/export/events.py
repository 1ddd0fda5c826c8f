"""TensorBoard events: while a run trains, or afterwards from what it stored.

The events go to `<log dir>/<run id>/`, so that one log dir shows many runs. They are written with
the `tensorboard` package alone, in the plain form that every reader knows; TensorFlow is not
needed.
"""

from __future__ import annotations

import errno
import importlib
import io
import itertools
import os
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from gan_core.errors import ConfigError, RunError
from gan_core.export.film import film_frames
from gan_core.metric_table import find
from gan_core.runs.run import Run
from gan_core.storage import outputs

EVERY = 10  # steps between points
MOST_POINTS = 5000  # of each curve, when written afterwards
MOST_GRIDS = 100
_count = itertools.count()


def require() -> None:
    """ConfigError in words if the tensorboard package is missing."""
    try:
        importlib.import_module("tensorboard")
        importlib.import_module("tensorboard.compat.proto.event_pb2")
    except ImportError as error:
        raise ConfigError(
            "TensorBoard events need the package `tensorboard`, which is not installed. "
            "Install it, or leave out the log folder."
        ) from error


class EventFile:
    """One append-only events file. Every event is on disk when `add` returns.

    Args:
        folder: of the run in the log dir; made if missing.
        first_step: events of this step and later that older files of the folder hold are void.
    """

    def __init__(self, folder: Path, first_step: int):
        from tensorboard.compat.proto import event_pb2

        self._event = event_pb2.Event
        name = f"events.out.tfevents.{time.time():.6f}.{socket.gethostname()}.{os.getpid()}"
        self.path = folder / f"{name}.{next(_count)}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = open(self.path, "xb", buffering=0)  # noqa: SIM115  (closed by close)
        except OSError as error:
            raise outputs.explain(error, self.path) from error
        now = time.time()
        self._write(self._event(wall_time=now, file_version="brain.Event:2"))
        start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
        self._write(self._event(wall_time=now, step=first_step, session_log=start))

    def add(self, step: int, wall_time: float, values: Iterable) -> None:
        """Summary values (`scalar`, `picture`, ...) of one step; `wall_time` is Unix time."""
        event = self._event(wall_time=wall_time, step=step)
        event.summary.value.extend(values)
        self._write(event)

    def _write(self, event) -> None:
        """One record, or nothing: a torn one would hide all that follow."""
        from tensorboard.summary.writer.record_writer import RecordWriter

        record = io.BytesIO()
        RecordWriter(record).write(event.SerializeToString())
        data, start = record.getvalue(), self._file.tell()
        try:
            if self._file.write(data) < len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            self._file.truncate(start)
            self._file.seek(start)
            raise outputs.explain(error, self.path) from error

    def close(self) -> None:
        """Harmless when repeated."""
        self._file.close()


# ---- what an event holds ----


def scalar(name: str, value: float):
    """One point of a curve."""
    from tensorboard.compat.proto.summary_pb2 import Summary

    return Summary.Value(tag=name, simple_value=float(value))


def scalars(values: Mapping[str, float]) -> list:
    """Points of all metrics that were measured, by their tags."""
    return [scalar(find(name).tag, v) for name, v in values.items() if np.isfinite(v)]


def picture(name: str, png: bytes):
    """An image."""
    from tensorboard.compat.proto.summary_pb2 import Summary

    try:
        with Image.open(io.BytesIO(png)) as image:
            width, height = image.size
            channels = len(image.getbands())
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise RunError(f"A stored picture of {name} is damaged.") from error
    shown = Summary.Image(width=width, height=height, colorspace=channels, encoded_image_string=png)
    return Summary.Value(tag=name, image=shown)


def settings(run: Run, metric_names: Iterable[str]) -> list:
    """The run's settings: for the table of hyper-parameters, and as text to read."""
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.types_pb2 import DT_STRING
    from tensorboard.plugins.hparams import summary_v2 as hparams
    from tensorboard.plugins.text.metadata import create_summary_metadata

    values = {n: v if v is not None else "none" for n, v in run.config.items()}
    table = hparams.hparams_config_pb(
        hparams=[hparams.HParam(name) for name in values],
        metrics=[hparams.Metric(find(name).tag) for name in metric_names],
    )
    own = hparams.hparams_pb(values, trial_id=run.id, start_time_secs=run.created_at)
    rows = "\n".join(f"|{name}|{value}|" for name, value in values.items())
    text = TensorProto(dtype=DT_STRING, string_val=[f"|setting|value|\n|---|---|\n{rows}".encode()])
    note = Summary.Value(
        tag="settings", tensor=text, metadata=create_summary_metadata("settings", "")
    )
    return [*table.value, *own.value, note]


# ---- while it trains ----


class Result(Protocol):
    """What is asked of a step (training.loop.StepResult)."""

    @property
    def step(self) -> int: ...

    @property
    def values(self) -> Sequence[float] | np.ndarray: ...


class TensorBoardWriter:
    """A writer of the training loop: scalars every tenth step and at the last, new grids, settings.

    A resumed run goes on in a new file, which voids what an unclean end left behind it.

    Args:
        session: of the run (training.session.Session).
        log_dir: the folder that `tensorboard --logdir` is given.
    """

    def __init__(self, session, log_dir: Path | str):
        require()
        self.run, self.names = session.run, session.algorithm.metric_names
        step = session.algorithm.counters()["step"]
        folder = Path(log_dir) / self.run.id
        fresh = not any(folder.glob("*tfevents*"))
        self.file = EventFile(folder, step + 1)
        self._shown = step - 1 if fresh else step
        self._reals_due = fresh
        self._last: Result | None = None
        self._written = step
        if fresh:
            self.file.add(0, time.time(), settings(self.run, self.names))

    def on_result(self, result) -> None:
        """Write every tenth result, and grids that were stored since the tenth before."""
        self._last = result
        if result.step % EVERY == 0:
            self._write(result)

    def _write(self, last: Result) -> None:
        now = time.time()
        self.file.add(last.step, now, scalars(dict(zip(self.names, last.values, strict=True))))
        self._written = last.step
        self._write_pictures(last.step, now)

    def _write_pictures(self, step: int, now: float) -> None:
        reals = self.run.reals_png() if self._reals_due else None
        if reals is not None:
            self.file.add(0, now, [picture("reals", reals)])
            self._reals_due = False
        for stored in self.run.sample_steps():
            if self._shown < stored <= step:
                self.file.add(stored, now, [picture("samples", self.run.sample_png(stored))])
                self._shown = stored

    def close(self) -> None:
        """Write the last step; harmless when repeated."""
        if self._last is not None:
            if self._last.step != self._written:
                self._write(self._last)
            self._write_pictures(self._last.step, time.time())
            self._last = None
        self.file.close()


# ---- afterwards ----


@dataclass(frozen=True)
class Events:
    """What `write_events` wrote: the run's folder, its size, points a curve, sample grids."""

    path: Path
    bytes: int
    points: int
    grids: int


def write_events(run: Run, log_dir: Path | str) -> Events:
    """The events of a run from its stored metrics and samples, in place of any older ones.

    Raises:
        ConfigError: the folder holds other files, or `tensorboard` is missing.
        RunError: nothing is measured yet, or the run trains and has events there already.
    """
    require()
    reader = run.metrics()
    if reader is None or not len(reader):
        raise RunError(f"{run.id} has no curves yet. They come with its first step.")
    log_dir = Path(log_dir)
    _make(log_dir)
    folder = outputs.check_folder(log_dir / run.id, _only_events)
    if folder.exists() and run.is_locked():
        raise RunError(f"{run.id} is in training and may be writing to {folder}. Stop it first.")
    steps = _points(reader.first_step, reader.last_step)
    grids = film_frames(run.sample_steps(), MOST_GRIDS)
    with outputs.whole_folder(folder) as temp:
        file = EventFile(temp, 0)
        try:
            for step, wall_time, values in _stored(run, reader, steps, grids):
                file.add(step, run.created_at + wall_time, values)
        finally:
            file.close()
    return Events(folder, outputs.size(folder), len(steps), len(grids))


def as_bytes(run: Run) -> bytes:
    """The log folder that `write_events` makes, as a zip to hand to a browser."""
    with tempfile.TemporaryDirectory() as folder:
        return outputs.one_file(write_events(run, folder).path).read_bytes()


def _make(log_dir: Path) -> None:
    try:
        log_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise outputs.explain(error, log_dir) from error


def _only_events(folder: Path) -> bool:
    return all("tfevents" in entry.name and entry.is_file() for entry in folder.iterdir())


def _points(first: int, last: int) -> list[int]:
    """Every tenth step and the last; more apart where that would be more than MOST_POINTS."""
    apart = EVERY * -(-(last - first + 1) // (EVERY * (MOST_POINTS - 1)))
    steps = range(-(-first // apart) * apart, last + 1, apart)
    return sorted({*steps, last})


def _stored(run: Run, reader, steps: list[int], grids: list[int]) -> Iterator:
    """(step, training seconds, values) of all that is written."""
    yield 0, 0.0, settings(run, reader.names)
    reals = run.reals_png()
    if reals is not None:
        yield 0, 0.0, [picture("reals", reals)]
    for step in steps:
        row = reader.rows(step, step)[0]
        yield step, float(row["wall_time"]), scalars({n: row[n] for n in reader.names})
    for step in grids:
        row = reader.rows(step, step)
        seconds = float(row["wall_time"][0]) if len(row) else 0.0
        yield step, seconds, [picture("samples", run.sample_png(step))]
