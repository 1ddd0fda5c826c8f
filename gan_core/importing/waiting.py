"""What is not kept yet: one folder each in `<data folder>/.waiting`, with what was dropped in it.

.waiting/<id>/desk.json       {"format", "title", "path", "uploaded", "received_at", "answers",
                               "seconds", "error", "named"}
.waiting/<id>/check_up.json   once all of it was looked at
.waiting/<id>/upload/         files that came through the browser; a path on this machine is only named
.waiting/<id>/lock            locked while it is read or kept
"""

from __future__ import annotations

import contextlib
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gan_core.errors import DataError, GanError
from gan_core.importing import stored
from gan_core.importing.base import Cancelled, CheckUp
from gan_core.storage import files, locks

FOLDER = ".waiting"
DAY = 86_400.0  # seconds that something waits at most
_ID = re.compile(r"[0-9a-f]{12}")


@dataclass
class Record:
    """What is stored of one that waits."""

    title: str
    path: str
    uploaded: bool
    received_at: float
    answers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    error: str = ""
    named: bool = (
        True  # whether the title is the name of what was dropped, and not how many files it is
    )


class Shelter:
    """The folder of all that waits in a data folder."""

    def __init__(self, data_dir: Path | str):
        self.root = Path(data_dir).expanduser().absolute() / FOLDER

    def folder(self, key: str) -> Path:
        """The folder of one; DataError where there is none of this id."""
        if not _ID.fullmatch(key) or not (self.root / key).is_dir():
            raise DataError(
                f"Nothing waits under {key[:40]!r}: it was kept, discarded, or a day old."
            )
        return self.root / key

    def ids(self) -> list[str]:
        """Of all that wait."""
        try:
            return [p.name for p in self.root.iterdir() if _ID.fullmatch(p.name)]
        except OSError:
            return []

    def add_path(self, path: Path) -> str:
        """Take in the name of a path on this machine."""
        return self._add(Record(path.name or str(path), str(path), False, time.time()))

    def add_folder(self, folder: Path, title: str, named: bool) -> str:
        """Take in a folder of files that came, on this disk; it is moved, and gone where it was."""
        return self._add(Record(title, "", True, time.time(), named=named), folder)

    def _add(self, record: Record, came: Path | None = None) -> str:
        key = secrets.token_hex(6)
        temp = self.root / f"{files.TEMP_PREFIX}{key}-upload"
        try:
            with files.in_words(self.root.parent / record.title):
                temp.mkdir(parents=True)
                if came is not None:
                    record.path = str(Path("upload") / _move(came, temp / "upload"))
                files.write_json(temp / "desk.json", {"format": 1} | asdict(record))
                temp.rename(self.root / key)
        except BaseException:
            shutil.rmtree(temp, ignore_errors=True)
            raise
        return key

    def record(self, key: str) -> Record:
        """What is stored of one; DataError where there is none of this id, or it is damaged."""
        folder = self.folder(key)
        try:
            found = files.read_json(folder / "desk.json")
            del found["format"]
            return Record(**found)
        except (GanError, TypeError, KeyError) as error:
            raise DataError(f"What waits under {key} is damaged: {error}") from error

    def write(self, key: str, record: Record) -> None:
        files.write_json(self.folder(key) / "desk.json", {"format": 1} | asdict(record))

    def path(self, key: str, record: Record) -> Path:
        """Where the pictures are."""
        return self.folder(key) / record.path if record.uploaded else Path(record.path)

    def check_up(self, key: str) -> CheckUp | None:
        """As it was stored; None where there is none that can be read."""
        try:
            return stored.unpack(files.read_json(self.root / key / "check_up.json"))
        except (GanError, TypeError, KeyError, ValueError, IndexError):
            return None

    def write_check_up(self, key: str, found: CheckUp) -> None:
        files.write_json(self.folder(key) / "check_up.json", stored.pack(found))

    @contextlib.contextmanager
    def alone(self, key: str) -> Iterator[None]:
        """Only one process reads or keeps it; Cancelled where it is gone meanwhile."""
        try:
            folder = self.folder(key)
        except DataError as error:
            raise Cancelled from error
        with locks.hold(folder / "lock", "Another program reads it."):
            yield

    def remove(self, key: str) -> None:
        """All of it; harmless where nothing is."""
        if _ID.fullmatch(key):
            shutil.rmtree(self.root / key, ignore_errors=True)

    def is_old(self, key: str) -> bool:
        """Whether it has waited for a day; also what is damaged, by the time of its folder."""
        try:
            since = self.record(key).received_at
        except DataError:
            try:
                since = (self.root / key).stat().st_mtime
            except OSError:
                return False
        return not isinstance(since, int | float) or time.time() - since > DAY


def _move(found: Path, folder: Path) -> str:
    """Move files that came; the name of the only one, "" where they are more. DataError: there are none."""
    inside = [place for place in found.iterdir() if not place.name.startswith(".")]
    if not inside:
        raise DataError("No file came. Drop pictures, a folder or a zip.")
    found.rename(folder)
    return inside[0].name if len(inside) == 1 and (folder / inside[0].name).is_file() else ""


def told(value: Any) -> str:
    """An error in words, also one that is none of ours."""
    return str(value) if isinstance(value, GanError) else f"{type(value).__name__}: {value}"
