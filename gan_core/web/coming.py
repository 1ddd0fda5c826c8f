"""Files on their way from a browser: announced, then written as they come, then handed on as a folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from gan_core.errors import DataError
from gan_core.importing.arrivals import Arrival
from gan_core.importing.waiting import FOLDER
from gan_core.storage import access
from gan_core.storage.files import TEMP_PREFIX
from gan_core.web.answers import BadRequest

STALE = 3600.0  # seconds after which files that stopped coming are dropped
UNKNOWN = "These files are not expected. Send them again."


@dataclass
class _One:
    """What was announced, under an id of its own until all of it is here."""

    title: str
    total: int
    arrival: Arrival
    folder: Path
    named: bool
    touched: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def touch(self) -> None:
        """Something comes: nobody shall take the folder for what a killed process left.

        Raises:
            DataError: it was dropped meanwhile.
        """
        self.touched = time.monotonic()
        try:
            os.utime(self.folder)
        except OSError as error:
            raise DataError(UNKNOWN) from error


class Coming:
    """All that is on its way."""

    def __init__(self):
        self._all: dict[str, _One] = {}

    def told(self) -> list[dict]:
        """As JSON, like what waits."""
        return [
            {
                "id": key,
                "title": one.title,
                "phase": "receiving",
                "firsts": [],
                "done": one.arrival.num_files,
                "total": one.total,
                "files": one.total,
                "unit": "files",
            }
            for key, one in [*self._all.items()]
        ]

    @access.for_trainers
    def begin(self, data_dir: Path, title: str, count: int, size: int, named: bool = True) -> str:
        """So many files and bytes will come; their id. DataError where there is no room for them."""
        for key, one in [*self._all.items()]:
            if time.monotonic() - one.touched > STALE:
                self.forget(key)
        key = uuid.uuid4().hex[:12]
        folder = data_dir / FOLDER / f"{TEMP_PREFIX}{key}-coming"
        try:
            (folder / "files").mkdir(parents=True)
            arrival = Arrival(folder / "files", size)
        except OSError as error:
            raise DataError(f"{data_dir} cannot be written ({error.strerror}).") from error
        except DataError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._all[key] = _One(title, count, arrival, folder, named)
        return key

    async def take(self, key: str, stream: AsyncIterator[bytes]) -> int:
        """One portion of files; how many have come. One portion at a time.

        Raises:
            DataError: they are not expected, or are not as announced.
        """
        access.require_trainer()
        one = self._all.get(key)
        if one is None or not one.lock.acquire(blocking=False):
            raise DataError(UNKNOWN)
        try:
            one.touch()
            async for part in stream:
                one.touch()
                await anyio.to_thread.run_sync(one.arrival.feed, part)
            await anyio.to_thread.run_sync(one.arrival.end_portion)
        finally:
            one.arrival.close()
            one.lock.release()
        return one.arrival.num_files

    @access.for_trainers
    @contextlib.contextmanager
    def over(self, key: str) -> Iterator[tuple[Path, str, bool]]:
        """All is here: the folder, which may be moved, the title, and whether that is a name."""
        one = self._all.pop(key, None)
        if one is None:
            raise DataError(UNKNOWN)
        try:
            yield one.folder / "files", one.title, one.named
        finally:
            shutil.rmtree(one.folder, ignore_errors=True)

    @access.for_trainers
    def forget(self, key: str) -> bool:
        """Drop what came; whether something of this id was on its way."""
        one = self._all.pop(key, None)
        if one is not None:
            shutil.rmtree(one.folder, ignore_errors=True)
        return one is not None


# ---- what a body says ----


def json_object(body: bytes) -> dict:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadRequest("The body must be a JSON object.")
    return found


def text_of(asked: dict, name: str, most: int) -> str:
    found = asked.get(name)
    if not isinstance(found, str) or len(found) > most or "\0" in found:
        raise BadRequest(f"`{name}` must be a text of at most {most} characters.")
    return found.strip()


def count_of(asked: dict, name: str) -> int:
    found = asked.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**50:
        raise BadRequest(f"`{name}` must be a whole number from 0.")
    return found
