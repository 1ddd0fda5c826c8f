"""How far each of those is that wait to be kept: as the desk knows it, and as it is told."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from gan_core.importing.answers import settled
from gan_core.importing.base import Answers, Cancelled, CheckUp, Recognised, Unusable
from gan_core.importing.waiting import Record

FIRST = 64  # pictures that are told while the others are read


@dataclass(frozen=True)
class Waiting:
    """One that is not kept yet, at a moment.

    Attributes:
        phase: "reading"; "asking": questions of `recognised` wait for `Desk.answer`; "ready": `found` is
            there; "looking": at all of it on another ground, `found` stays meanwhile; "keeping"; "kept"
            as the set `kept`; "failed": see `error`; "stopped": reading was cancelled.
        path: on this machine; "" of what came through the browser.
        received_at: Unix time in seconds.
        done, total, doing: of what is being read or kept.
        num_usable, num_skipped: pictures so far, while they are read.
        first: indices of the first pictures that can be used.
        seconds: that reading took.
        answers: that were given, or tried.
        error: why reading failed, or why it was not kept, in words.
    """

    id: str
    title: str
    path: str
    received_at: float
    phase: str
    done: int = 0
    total: int = 0
    doing: str = ""
    num_usable: int = 0
    num_skipped: int = 0
    first: tuple[int, ...] = ()
    seconds: float = 0.0
    answers: Answers = field(default_factory=dict)
    recognised: Recognised | None = None
    found: CheckUp | None = None
    kept: str = ""
    error: str = ""


@dataclass
class Entry:
    """What this process knows of one; guarded by the lock of the desk; see Waiting."""

    record: Record
    phase: str = "reading"
    done: int = 0
    total: int = 0
    doing: str = "waiting"
    num_usable: int = 0
    num_skipped: int = 0
    first: list[int] = field(default_factory=list)
    recognised: Recognised | None = None
    found: CheckUp | None = None
    kept: str = ""
    error: str = ""
    cancelled: threading.Event = field(default_factory=threading.Event)
    untouched: dict[str, str] = field(default_factory=dict)  # answers that may hold no more
    tried: dict[str, str] = field(default_factory=dict)  # answers that nobody has confirmed

    @property
    def answers(self) -> dict[str, str]:
        """Those that were given, and above them those that are tried."""
        return self.record.answers | self.tried

    def began(self, phase: str, doing: str = "waiting") -> threading.Event:
        """Something new is done with it, in place of what was done; what cancels it."""
        self.cancelled.set()
        self.cancelled = threading.Event()
        self.phase, self.doing, self.error = phase, doing, ""
        self.done = self.total = self.num_usable = self.num_skipped = 0
        self.first = []
        return self.cancelled

    def goes_on(self, cancelled: threading.Event, done: int, total: int, doing: str) -> None:
        """How far it is."""
        if cancelled.is_set():
            raise Cancelled
        self.done, self.total, self.doing = done, total, doing

    def saw(self, index: int, seen: object) -> None:
        """A picture was looked at."""
        if isinstance(seen, Unusable):
            self.num_skipped += 1
            return
        self.num_usable += 1
        if len(self.first) < FIRST:
            self.first.append(index)

    def has(self, found: CheckUp) -> None:
        """All of it was looked at."""
        self.phase, self.found, self.recognised = "ready", found, found.recognised
        self.done = self.total = found.num_files
        self.num_usable, self.num_skipped = found.num_usable, len(found.skipped)
        self.first = list(found.usable[:FIRST])

    def has_still(self, error: str = "") -> None:
        """The check-up that was there is what there is; `error`: why there is no other one."""
        if self.found is not None:
            self.has(self.found)
        self.error = error

    def settled(self, given: Answers) -> tuple[dict[str, str], dict[str, str]]:
        """What these answers make of those there are; see answers.settled."""
        asked = self.recognised.questions if self.recognised else ()
        return settled(asked, self.answers, given)

    def told(self, key: str) -> Waiting:
        """How far it is now."""
        record = self.record
        return Waiting(
            id=key,
            title=record.title,
            path="" if record.uploaded else record.path,
            received_at=record.received_at,
            first=tuple(self.first),
            seconds=record.seconds,
            answers=self.answers,
            **{name: getattr(self, name) for name in _TOLD},
        )


_TOLD = (
    "phase", "done", "total", "doing", "num_usable", "num_skipped", "recognised", "found", "kept",
    "error",
)  # fmt: skip
