"""Desk: what was dropped and is not kept yet is read and kept in the background, one after another."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gan_core.errors import DataError, RunLockedError
from gan_core.importing import asking, forms_list, sweeping
from gan_core.importing.background import Shown, Worker
from gan_core.importing.base import NO_ANSWERS, Cancelled, CheckUp, Plan
from gan_core.importing.keeping import keep
from gan_core.importing.looking import look
from gan_core.importing.proof import Proof
from gan_core.importing.states import Entry, Waiting
from gan_core.importing.waiting import Shelter, told
from gan_core.storage import access, decode, locks, outputs


class Desk:
    """What waits in a data folder; safe from any thread, and for several processes at once."""

    def __init__(self, data_dir: Path | str):
        self.data_dir = Path(data_dir).expanduser().absolute()
        self._shelter = Shelter(self.data_dir)
        self._entries: dict[str, Entry] = {}
        self._lock = threading.RLock()
        self._reading, self._keeping = Worker("import reads"), Worker("import keeps")
        self._shown = Shown()

    # ---- what waits ----

    @access.for_trainers
    def receive(self, path: Path | str) -> str:
        """Take in a path on this machine; its id. Reading starts at once.

        Raises:
            DataError: nothing is there. RunError: the disk is full.
        """
        self._sweep()
        path = Path(path).expanduser().absolute()
        forms_list.check_there(path)
        key = self._shelter.add_path(path)
        self._entry(key)
        return key

    @access.for_trainers
    def take(self, folder: Path, title: str, named: bool = True) -> str:
        """Take in a folder of files that have come, which is moved; its id. Reading starts at once.

        Args:
            named: whether the title is a name, and not how many loose files there are.

        Raises:
            DataError: it holds no file.
        """
        key = self._shelter.add_folder(folder, title, named)
        self._entry(key)
        return key

    def waiting(self) -> list[Waiting]:
        """All that wait, the newest first; what is a day old is gone."""
        self._sweep()
        states = []
        for key in self._shelter.ids():
            with contextlib.suppress(DataError):
                states.append(self.state(key))
        return sorted(states, key=lambda state: -state.received_at)

    def state(self, key: str) -> Waiting:
        """One of them; DataError where there is none of this id."""
        with self._lock:
            entry = self._entry(key)
            if entry.phase == "reading" and entry.doing == "elsewhere":
                self._look_again(key, entry)
            return entry.told(key)

    def picture(
        self, key: str, index: int, side: int, answers: Mapping = NO_ANSWERS, ground: str = "white"
    ) -> np.ndarray:
        """A picture of one that waits, as its source decodes it: uint8 [H, W, 1 or 3].

        Args:
            index: in `found.items`.
            side: what it is wanted for; of a plan its `size`. ground: of a plan.
            answers: instead of those that were given, to see what they would make of it.

        Raises:
            DataError: there is none, or it cannot be used.
        """
        return self._shown.picture(*self._answered(key, answers), index, side, ground)

    def proof(self, key: str, answers: Mapping[str, str]) -> Proof:
        """Which pictures show what these answers would make of it; DataError where they make nothing."""
        return self._shown.proof(*self._answered(key, answers))

    def _answered(self, key: str, answers: Mapping[str, str]) -> tuple[Path, dict[str, str]]:
        with self._lock:
            entry = self._entry(key)
            return self._shelter.path(key, entry.record), entry.settled(answers)[0]

    # ---- what is done with them ----

    @access.for_trainers
    def answer(self, key: str, answers: Mapping[str, str]) -> None:
        """Say what the questions asked, and read on; also again, with other answers."""
        with self._lock:
            entry = self._entry(key)
            if entry.phase in ("keeping", "kept"):
                raise DataError("It is being kept already.")
            (entry.record.answers, entry.untouched), entry.tried = entry.settled(answers), {}
            self._shelter.write(key, entry.record)
            self._start_reading(key, entry)

    @access.for_trainers
    def ask_again(self, key: str, answers: Mapping[str, str]) -> None:
        """Ask anew with these answers, on which other questions may depend; nothing is read on yet.

        Raises:
            DataError: nothing is asked, or an answer cannot be.
        """
        with self._lock:
            entry = self._entry(key)
            path = self._shelter.path(key, entry.record)
        asking.again(entry, self._lock, path, answers)

    @access.for_trainers
    def look_on(self, key: str, ground: str) -> None:
        """Look at all of it on another ground, one of decode.GROUNDS: what shows through decides what can
        be used. The check-up that is there stays until there is another one, or where it is cancelled.

        Raises:
            DataError: there is no such ground, or no check-up.
        """
        decode.check_ground(ground)
        with self._lock:
            entry = self._entry(key)
            if entry.phase != "ready":
                raise DataError(f"It cannot be looked at now: it is {entry.phase}.")
            cancelled = entry.began("looking")
        self._reading.put(lambda: self._look_on(key, entry, cancelled, ground))

    @access.for_trainers
    def keep(self, key: str, plan: Plan) -> None:
        """Make a data set of it in the background; the state says how far it is."""
        with self._lock:
            entry = self._entry(key)
            if entry.phase != "ready" or (found := entry.found) is None:
                raise DataError(f"It cannot be kept now: it is {entry.phase}.")
            entry.phase, entry.done, entry.error = "keeping", 0, ""
            entry.total, entry.doing = found.num_usable, "waiting"
            entry.cancelled = threading.Event()
        self._keeping.put(lambda: self._keep(key, entry, found, plan))

    @access.for_trainers
    def cancel(self, key: str) -> None:
        """End reading or keeping; a check-up that is there stays."""
        with self._lock:
            entry = self._entry(key)
            entry.cancelled.set()
            if entry.phase == "reading":
                entry.phase = "stopped"
            elif entry.phase == "looking":
                entry.has_still()

    @access.for_trainers
    def discard(self, key: str) -> None:
        """Drop it and what came with it; files on this machine that were only named stay."""
        self._drop(key)

    def _drop(self, key: str) -> None:
        with self._lock:
            entry = self._entries.pop(key, None)
            if entry is not None:
                entry.cancelled.set()
        self._shown.close()
        self._shelter.remove(key)

    def close(self) -> None:
        """End what is being done; what waits goes on waiting for the next process."""
        with self._lock:
            for entry in self._entries.values():
                entry.cancelled.set()
        self._shown.close()

    # ---- inside ----

    def _entry(self, key: str) -> Entry:
        """What is known of one; what an earlier process left is taken up again."""
        with self._lock:
            if key in self._entries:
                return self._entries[key]
            entry = Entry(self._shelter.record(key), found=self._shelter.check_up(key))
            self._entries[key] = entry
            if entry.found is not None:
                entry.has(entry.found)
            elif entry.record.error:
                entry.phase, entry.error = "failed", entry.record.error
            else:
                self._start_reading(key, entry)
            return entry

    def _start_reading(self, key: str, entry: Entry) -> None:
        cancelled, entry.found = entry.began("reading"), None
        self._reading.put(lambda: self._read(key, entry, cancelled))

    def _read(self, key: str, entry: Entry, cancelled: threading.Event) -> None:
        """Recognise it, and look at all of it unless there is something to be asked."""
        try:
            with self._shelter.alone(key):
                self._read_alone(key, entry, cancelled)
        except RunLockedError:
            entry.doing = "elsewhere"
        except Cancelled:
            pass
        except Exception as error:  # whatever it is, it is said where it was dropped
            if not cancelled.is_set():
                self._fail(key, entry, told(error))

    def _read_alone(self, key: str, entry: Entry, cancelled: threading.Event) -> None:
        record, start = entry.record, time.monotonic()
        path = self._shelter.path(key, record)
        asked = entry.recognised.questions if entry.recognised else ()
        found, answers = asking.recognised(path, asked, record.answers, entry.untouched, cancelled)
        with self._lock:
            if cancelled.is_set():
                return
            entry.recognised, record.answers, entry.untouched = found, answers, {}
            if not {question.name for question in found.questions} <= set(record.answers):
                entry.phase = "asking"
                return
        look(key, entry, self._shelter, self._lock, cancelled, start=start)

    def _look_on(self, key: str, entry: Entry, cancelled: threading.Event, ground: str) -> None:
        error, start = "", time.monotonic()
        try:
            with self._shelter.alone(key):
                look(key, entry, self._shelter, self._lock, cancelled, start=start, ground=ground)
        except Cancelled:
            pass
        except Exception as problem:  # said beside the button
            error = told(problem)
        with self._lock:
            if entry.phase == "looking" and entry.cancelled is cancelled:
                entry.has_still(error)

    def _fail(self, key: str, entry: Entry, error: str) -> None:
        with self._lock:
            entry.phase, entry.error, entry.record.error = "failed", error, error
            with contextlib.suppress(Exception):  # a full disk has its words already
                self._shelter.write(key, entry.record)

    def _keep(self, key: str, entry: Entry, found: CheckUp, plan: Plan) -> None:
        error, cancelled = "", entry.cancelled
        try:
            with self._shelter.alone(key):
                keep(
                    self._shelter.path(key, entry.record),
                    found,
                    plan,
                    self.data_dir,
                    progress=lambda *told: entry.goes_on(cancelled, *told),
                    cancelled=cancelled,
                )
        except Cancelled:
            error = "" if cancelled.is_set() else "It is no longer there."
        except Exception as problem:  # said beside the button
            error = told(problem)
        else:
            self._shown.close()
            self._shelter.remove(key)
            with self._lock:
                entry.phase, entry.kept = "kept", plan.name
            return
        with self._lock:
            entry.phase, entry.error = "ready", error

    def _look_again(self, key: str, entry: Entry) -> None:
        """Whether the other process that read it has come to an end."""
        if (found := self._shelter.check_up(key)) is not None:
            entry.record = self._shelter.record(key)
            entry.has(found)
        elif not locks.is_held(self._shelter.folder(key) / "lock"):
            del self._entries[key]
            self._entries[key] = self._entry(key)

    def _sweep(self) -> None:
        """Remove what has waited for a day, and what killed processes left in the data folder."""
        for key in self._shelter.ids():
            with self._lock:
                busy = key in self._entries and self._entries[key].phase == "keeping"
            if not busy and self._shelter.is_old(key):
                self._drop(key)  # whoever looks: a viewer, too
        sweeping.sweep(self.data_dir)
        outputs.clear_left_overs(self._shelter.root)
