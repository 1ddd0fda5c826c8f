"""A run as one zip: packed while it may be training, unpacked only when every part was checked.

The zip holds the files of the run folder (format: runs.py) under their names there, stored, not
compressed: pictures and weights do not shrink. The levels of the metrics and the locks stay out;
the levels are built anew. `ganscope.json` comes first: {"format": 1, "run", "packed_at",
"parent_created_at"}. What may come in is decided in archive_checks.py and
contents.py.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from gan_core.archive import checks, contents
from gan_core.errors import RunError, RunLockedError, in_brief
from gan_core.runs.metrics.writer import MetricsReader, MetricsWriter
from gan_core.runs.records import State
from gan_core.runs.run import Run
from gan_core.runs.store import RunStore
from gan_core.storage import access, files, locks, outputs

CHUNK = 1 << 20
MANY = 500  # files beyond which all disks are synchronised at once
UNPACKING = ".import-"  # folders of the runs folder in which a zip is being unpacked
_OLDEST = (1980, 1, 1, 0, 0, 0)


def export_run(run: Run, file: Path | str) -> Path:
    """Write a run as one zip, in one step; the run may be training meanwhile."""
    path = Path(file)
    if path.suffix.lower() != ".zip":
        raise RunError(f"A packed run is a .zip file. Received: `{path.name}`.")
    if not path.parent.is_dir():
        raise RunError(f"There is no folder {path.parent}.")
    outputs.check_file(path, (".zip",))
    with outputs.whole_file(path) as temp, open(temp, "xb") as out:
        for part in packed(run):
            out.write(part)
    return path


def packed(run: Run) -> Iterator[bytes]:
    """The bytes of the zip, part after part; never more than about a megabyte in memory."""
    _ = run.header  # a run that cannot be read is refused before the first byte
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        _add(archive, checks.LABEL, json.dumps(_label(run), indent=2).encode())
        for names in _groups(run):
            for _ in _add_together(archive, run.path, names):
                yield pipe.take()
    yield pipe.take()


class _Pipe(io.RawIOBase):
    """What is written waits here until it is taken; cannot go back, so zips are made in one pass."""

    def __init__(self):
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _label(run: Run) -> dict[str, Any]:
    parent = None
    if run.parent:
        with contextlib.suppress(RunError):
            parent = RunStore(run.path.parent).get(run.parent["run"]).created_at
    return {
        "format": checks.FORMAT,
        "run": run.id,
        "packed_at": time.time(),
        "parent_created_at": parent,
    }


def _groups(run: Run) -> Iterator[list[str]]:
    """Names that belong together; a group of which something is gone by now is left out whole."""
    for name in checks.SINGLE:
        yield [name]
    # The rows after their header; a run that is going on only ever adds to both.
    yield ["metrics.json", "metrics.bin"]
    for step in files.steps_in(run.path / "samples", ".png"):
        yield [f"samples/{files.step_name(step)}.png"]
    for step in files.steps_in(run.path / "weights", ".npz"):
        yield [f"weights/{files.step_name(step)}.npz"]
    for step in files.steps_in(run.path / "checkpoints"):
        folder = f"checkpoints/{files.step_name(step)}"
        yield [f"{folder}/state.npz", f"{folder}/manifest.json"]


def _add_together(archive: zipfile.ZipFile, root: Path, names: list[str]) -> Iterator[None]:
    """Open all, then copy all: what is removed or replaced meanwhile is still read whole."""
    with contextlib.ExitStack() as stack:
        try:
            opened = [(name, stack.enter_context(_open(root, name))) for name in names]
        except FileNotFoundError:
            return
        for name, source in opened:
            yield from _copy_in(archive, name, source)


def _open(root: Path, name: str) -> BinaryIO:
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):  # a link that leads out of the run
        raise FileNotFoundError(name)
    return open(path, "rb")


def _copy_in(archive: zipfile.ZipFile, name: str, source: BinaryIO) -> Iterator[None]:
    """As many bytes as the file has now; what is added while it is copied stays out."""
    left = os.fstat(source.fileno()).st_size
    entry = _entry(name, left)
    with archive.open(entry, "w", force_zip64=left > 1 << 30) as out:
        while left and (part := source.read(min(CHUNK, left))):
            out.write(part)
            left -= len(part)
            yield
    yield


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(_entry(name, len(data)), data)


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _OLDEST)
    entry.file_size = size
    entry.external_attr = 0o644 << 16
    return entry


# ---- unpacking ----


@access.for_trainers
def import_run(store: RunStore, file: Path | str | BinaryIO, who: str) -> Run:
    """Add a packed run under a new number; nothing appears unless all of it is good.

    Raises:
        RunError: no zip, or one that holds anything a run does not; the text says what.
        DiskFullError: there is no room for it.
    """
    try:
        with zipfile.ZipFile(checks.small_directory(file)) as archive:
            entries = checks.entries(archive)
            checks.room_for(entries, store.root)
            header = _header(archive, entries, store)
            return _unpack(store, archive, entries, header, who)
    except zipfile.BadZipFile as error:
        raise RunError(f"The file is no whole zip: {in_brief(error)}.") from error
    except FileNotFoundError as error:
        raise RunError(f"There is no file {file}.") from error
    except (EOFError, RuntimeError, zlib.error) as error:
        raise RunError(f"The zip is damaged: {in_brief(error)}.") from error


def _header(archive: zipfile.ZipFile, entries, store: RunStore) -> dict[str, Any]:
    """config.json of the new run: the checked settings, and where they came from."""
    label, header = checks.label(archive, entries), checks.header(archive, entries)
    known = header["parent"]
    if known and not _is_same_parent(store, known, label):
        header["parent"] = None  # here that number is another run, or none
    header["imported"] = {"run": label.get("run", ""), "at": time.time(), "parent": known}
    return header


def _is_same_parent(store: RunStore, parent: dict[str, Any], label: dict[str, Any]) -> bool:
    try:
        return store.get(parent["run"]).created_at == label.get("parent_created_at")
    except RunError:
        return False


def _unpack(store, archive, entries, header, who) -> Run:
    _clear(store.root)
    room = store.root / f"{UNPACKING}{secrets.token_hex(6)}"
    try:
        with files.in_words(store.root):
            room.mkdir()
        with locks.hold(room / "lock", "This import is going on already."):
            files.crash_point("import:start")
            run = Run(room / "run")
            with files.in_words(store.root):
                _copy_out(archive, entries, run.path)
            files.write_json(run.path / "config.json", header, kind="config")
            _check(run)
            with files.in_words(store.root):
                _sync(run.path)
            _settle(run)
            files.crash_point("import:written")
            run = store.adopt(run.path, header["config"])
            files.crash_point("import:renamed")
    finally:
        with contextlib.suppress(OSError):
            files.remove_tree(room)
    old = header["imported"]["run"]
    run.log_event("imported", step=run.status().step, who=who, run=old)
    return run


def _check(run: Run) -> None:
    """Refuse a bad run by the names in its zip: where it lies meanwhile is nobody's business."""
    try:
        contents.check(run)
    except RunError as error:
        words = str(error).replace(f"{run.path}{os.sep}", "")
        raise RunError(words.replace(f" in {run.path}", "")) from error


def _copy_out(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], target: Path) -> None:
    target.mkdir()
    for name, entry in entries.items():
        if name in (checks.LABEL, "config.json"):
            continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source, open(path, "xb") as out:
            _copy_exactly(source, out, entry)
        if path.suffix == ".png":  # the first of thousands that is none ends the import
            contents.check_picture(path)


def _sync(folder: Path) -> None:
    """Let everything survive a power cut; only once it was found good, for it takes a while."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    if len(paths) > MANY and hasattr(os, "sync"):
        os.sync()  # one wait instead of thousands
        return
    for path in paths:
        with open(path, "rb+") as file:
            os.fsync(file.fileno())


def _copy_exactly(source, out: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Neither more nor less than was declared; zipfile itself checks the checksum."""
    left = entry.file_size
    while part := source.read(min(CHUNK, left + 1)):
        left -= len(part)
        if left < 0:
            raise RunError(f"`{entry.filename}` is larger than the zip declares.")
        out.write(part)
    if left:
        raise RunError(f"`{entry.filename}` is smaller than the zip declares.")


def _settle(run: Run) -> None:
    """What follows from the files, built here: the metrics' levels; nobody queues an import."""
    if (run.path / "metrics.json").exists():
        found = MetricsReader(run.path)
        MetricsWriter(run.path, found.names, counters=found.counters).close()
    if run.status().state == State.QUEUED:
        run.write_status(state=State.STOPPED)
    with contextlib.suppress(FileNotFoundError):
        (run.path / "edit.lock").unlink()


def _clear(root: Path) -> None:
    """Remove what a killed import left; one that is going on holds its lock."""
    for room in root.glob(f"{UNPACKING}*"):
        with contextlib.suppress(OSError, RunLockedError, RunError):
            if not locks.is_held(room / "lock"):
                shutil.rmtree(room)
