"""Metrics of a run: one row a step, only ever added to, any window of it read in constant time.

Files in the run folder (numbers are little-endian, without padding or header):

    metrics.json     {"format": 2, "first_step": 1, "factor": 16, "levels": 6,
                      "columns": [[name, dtype], ...]}
    metrics.bin      row i is step first_step + i: step u4, images_seen f8, wall_time f8 (seconds of
                     training), then one u4 a counter, then one f4 a metric (NaN: not measured)
    metrics.l1.bin   row j summarises rows 16 j .. 16 j + 15 of metrics.bin: step u4 of the first,
                     images_seen f8 and wall_time f8 of the last, then for M metrics min f4[M],
                     max f4[M], mean f4[M], count u4[M] (of the values that are not NaN)
    metrics.l2.bin   the same for 16 rows of metrics.l1.bin, and so on; only whole groups are stored

Format 1 is the same with exactly the counters g_updates and d_updates; a run that has it goes on in it.
The levels follow from metrics.bin: a reader may ignore them and a writer rebuilds them. A torn last
row (the file ends inside it) does not exist.
"""

import errno
import os
import struct
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gan_core.errors import RunError
from gan_core.runs.metrics.pyramid import FACTOR, LEVELS, Layout, summarise
from gan_core.runs.metrics.reader import MetricsReader, Window, layout_of, level_path
from gan_core.storage.files import crash_point, in_words, read_json, write_json

__all__ = ["MetricsReader", "MetricsWriter", "Window"]

_CHUNK = 4096 * FACTOR  # rows of a level summarised at once when a level is rebuilt
_FULL_BUFFER = 1 << 20  # bytes that may wait in memory before they are written unasked


class MetricsWriter:
    """Adds rows; opening it repairs the files and drops every row after `keep_to_step`.

    Args:
        counters: names of whole numbers that only grow, kept beside the metrics.

    The header of existing metrics wins over `first_step`. If rows up to `keep_to_step` were lost
    (a power cut), they are filled with NaN so that row and step still belong together.
    """

    def __init__(
        self,
        directory: Path,
        metric_names: Sequence[str],
        *,
        counters: Sequence[str] = (),
        first_step: int = 1,
        keep_to_step: int | None = None,
    ):
        self._directory = Path(directory)
        wanted = Layout(tuple(metric_names), first_step, tuple(counters))
        self._layout = _open_header(self._directory, wanted)
        self._struct = struct.Struct(f"<Idd{len(counters)}I{len(metric_names)}f")
        self._buffer = bytearray()
        self._files: list[int] = []
        try:
            with in_words(self._directory / "metrics.bin"):
                self._files.extend(self._open(level) for level in range(LEVELS + 1))
                self._rows = self._repair(keep_to_step)
        except BaseException:
            self._close_files()
            raise
        self._next_step = self._layout.first_step + self._rows

    def _open(self, level: int) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        return os.open(level_path(self._directory, level), flags, 0o666)

    @property
    def last_step(self) -> int:
        """The step of the last row appended, first_step - 1 if there is none."""
        return self._next_step - 1

    def append(
        self,
        step: int,
        images_seen: float,
        wall_time: float,
        counters: Collection[int],
        values: Sequence[float],
    ) -> None:
        """Add the row of `step`, which must be the next one; `flush` makes it visible."""
        if step != self._next_step:
            raise ValueError(f"the next metrics row is step {self._next_step}. Received: {step}")
        head = (step, images_seen, wall_time, *counters)
        try:
            self._buffer += self._struct.pack(*head, *values)
        except OverflowError:  # larger than float32 can say
            self._buffer += self._struct.pack(*head, *_clamp(values))
        except struct.error as error:
            expected = (
                f"{len(self._layout.counters)} counters and {len(self._layout.names)} numbers"
            )
            raise ValueError(f"a metrics row has {expected}: {error}") from error
        self._next_step += 1
        if len(self._buffer) > _FULL_BUFFER:
            self.flush()

    def flush(self, *, durable: bool = False) -> None:
        """Write what waits in memory; after a DiskFullError it waits for the next flush."""
        crash_point("metrics:start")
        with in_words(self._directory / "metrics.bin"):
            while self._buffer:
                written = os.write(self._files[0], self._buffer)
                del self._buffer[:written]
            crash_point("metrics:rows")
            rows = self._next_step - self._layout.first_step
            if rows // FACTOR > self._rows // FACTOR:
                self._extend_levels(rows)
            self._rows = rows
            if durable:
                os.fsync(self._files[0])

    def close(self) -> None:
        """Flush to the disk and close; harmless when closed already."""
        if self._files:
            try:
                self.flush(durable=True)
            finally:
                self._close_files()

    def _close_files(self) -> None:
        while self._files:
            os.close(self._files.pop())

    def __enter__(self) -> "MetricsWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _repair(self, keep_to_step: int | None) -> int:
        """Cut, fill and rebuild until the files hold exactly the rows to keep; returns how many."""
        rows = self._sound_rows(0)
        keep = rows if keep_to_step is None else max(0, keep_to_step - self._layout.first_step + 1)
        self._truncate(min(keep, rows))
        if keep > rows:
            self._pad(rows, keep)
        self._extend_levels(keep)
        os.lseek(self._files[0], 0, os.SEEK_END)
        return keep

    def _size(self, level: int) -> int:
        return os.fstat(self._files[level]).st_size // self._layout.dtype(level).itemsize

    def _sound_rows(self, level: int) -> int:
        """Whole rows of a level whose step is right (a power cut may leave zeros at the end)."""
        rows, stride = self._size(level), FACTOR**level
        while rows > 0:
            start = max(0, rows - _CHUNK)
            expected = self._layout.first_step + np.arange(start, rows, dtype=np.int64) * stride
            wrong = np.flatnonzero(self._read(level, start, rows)["step"] != expected)
            if not wrong.size:
                break
            rows = start + int(wrong[0])
        return rows

    def _truncate(self, rows: int) -> None:
        """Cut every file to `rows` steps, the highest level first: no level is ever ahead."""
        crash_point("metrics:truncate")
        for level in range(LEVELS, -1, -1):
            keep = min(rows // FACTOR**level, self._sound_rows(level))
            os.ftruncate(self._files[level], keep * self._layout.dtype(level).itemsize)
            crash_point("metrics:truncated-level")
        crash_point("metrics:truncated")

    def _pad(self, rows: int, keep: int) -> None:
        last = self._read(0, rows - 1, rows) if rows else np.zeros(1, self._layout.dtype(0))
        for start in range(rows, keep, _CHUNK):
            filled = np.repeat(last, min(_CHUNK, keep - start))
            filled["step"] = self._layout.first_step + np.arange(start, start + len(filled))
            filled["values"] = np.nan
            self._write_rows(0, start, filled)
        crash_point("metrics:padded")

    def _extend_levels(self, rows: int) -> None:
        """Bring every level up to the first `rows` rows of metrics.bin; whole groups of 16 only."""
        for level in range(1, LEVELS + 1):
            have, want = self._size(level), rows // FACTOR**level
            for start in range(have, want, _CHUNK // FACTOR):
                stop = min(start + _CHUNK // FACTOR, want)
                below = self._read(level - 1, start * FACTOR, stop * FACTOR)
                self._write_rows(level, start, summarise(below, self._layout))
                crash_point("metrics:level")

    def _read(self, level: int, start: int, stop: int) -> np.ndarray:
        dtype = self._layout.dtype(level)
        os.lseek(self._files[level], start * dtype.itemsize, os.SEEK_SET)
        data = os.read(self._files[level], (stop - start) * dtype.itemsize)
        if level == 0:
            os.lseek(self._files[0], 0, os.SEEK_END)
        return np.frombuffer(data, dtype)

    def _write_rows(self, level: int, start: int, rows: np.ndarray) -> None:
        """Write whole rows at row `start`, over whatever a failed write left there."""
        data = rows.tobytes()
        os.lseek(self._files[level], start * rows.dtype.itemsize, os.SEEK_SET)
        if os.write(self._files[level], data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _clamp(values: Sequence[float]) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float64).astype(np.float32)


def _open_header(directory: Path, wanted: Layout) -> Layout:
    """The layout of existing metrics, checked against the names wanted, or a new header."""
    path = directory / "metrics.json"
    if not path.exists():
        write_json(path, _header(wanted), kind="header")
        return wanted
    layout = layout_of(read_json(path), path)
    if (layout.counters, layout.names) != (wanted.counters, wanted.names):
        stored, received = ((*w.counters, *w.names) for w in (layout, wanted))
        raise RunError(
            f"This run records other metrics. Stored: {', '.join(stored)}. "
            f"Received: {', '.join(received)}"
        )
    return layout


def _header(layout: Layout) -> Mapping[str, Any]:
    return {
        "format": layout.format,
        "first_step": layout.first_step,
        "factor": FACTOR,
        "levels": LEVELS,
        "columns": layout.named_dtype.descr,
    }
