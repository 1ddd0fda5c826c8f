"""The parent's side of child.py: starts it, watches it, starts it again after what killed it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import psutil

from gan_core.errors import DataError
from gan_core.importing.base import (
    NO_ANSWERS,
    Answers,
    Cancelled,
    Decoded,
    Item,
    Question,
    Recognised,
    Unusable,
    Vanished,
)
from gan_core.importing.looks import SMALL, Look
from gan_core.storage.decode import WHITE

ROOT = Path(__file__).resolve().parents[2]
CODE = "import sys; sys.path.insert(0, {root!r}); from gan_core.importing.child import main; main()"
MEMORY = 1536 << 20  # bytes of address space, Python's own among them
RESIDENT = 1 << 30  # bytes in use
SECONDS = 20.0  # of processor time that one picture may take
OPENING = 600.0  # the same of opening: a large packed tar is read as a whole
AS_IT_IS = 1 << 14  # pixels that are asked for where a picture keeps its size
EVERY = 0.1  # seconds between two looks at the child
MOST_LINE = 512 << 20  # bytes of an answer
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP")


def recognise(
    path: Path | str,
    answers: Answers = NO_ANSWERS,
    *,
    cancelled: threading.Event | None = None,
) -> Recognised:
    """What lies at a path, by its names and first bytes.

    Raises:
        DataError: nothing is there, or nothing that can be read; the text says what is, and the way to
            convert it.
    """
    with Child(cancelled or threading.Event()) as child:
        request = {"recognise": _text(path), "answers": dict(answers), "memory": MEMORY}
        try:
            return _recognised(child.ask(request, OPENING)[0]["found"])
        except Unusable as error:
            raise DataError(str(error)) from error


def _recognised(found: dict[str, Any]) -> Recognised:
    questions = [Question(**q | {"choices": tuple(q["choices"])}) for q in found["questions"]]
    return Recognised(**found | {"questions": tuple(questions)})


class Reader:
    """Pictures at a path, decoded in a process of their own; a context manager, for one thread.

    Attributes:
        recognised: what it is.
        form, kind, labelled, items, passed_over, unmatched, notes: see base.Source.
        seconds: of processor time that a picture may take.

    Args:
        cancelled: once it is set, whatever is asked or being answered ends with Cancelled.
    """

    def __init__(
        self,
        path: Path | str,
        answers: Answers = NO_ANSWERS,
        *,
        seconds: float = SECONDS,
        cancelled: threading.Event | None = None,
    ):
        self.path, self.answers, self.seconds = Path(path), dict(answers), seconds
        self.cancelled = cancelled or threading.Event()
        self._child: Child | None = None

    def __enter__(self) -> Reader:
        try:
            self._read(self._start()[1])
        except BaseException:
            self.close()
            raise
        return self

    def _read(self, found: dict[str, Any]) -> None:
        self.recognised = _recognised(found["recognised"])
        self.form, self.kind, self.labelled = found["form"], found["kind"], found["labelled"]
        self.items: Sequence[Item] = tuple(Item(*values) for values in found["items"])
        self.passed_over = tuple(tuple(pair) for pair in found["passed_over"])
        self.unmatched, self.notes = tuple(found["unmatched"]), tuple(found["notes"])

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """End the child; it starts again when something is asked."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _start(self) -> tuple[Child, dict[str, Any]]:
        child = self._child = Child(self.cancelled)
        request = {"open": _text(self.path), "answers": self.answers, "memory": MEMORY}
        try:
            return child, child.ask(request, OPENING)[0]
        except Unusable as error:  # not of one picture
            raise DataError(str(error)) from error

    def look(self, index: int, ground: str = WHITE) -> Look:
        """What is seen of a picture; Unusable where it cannot be decoded."""
        found, data = self._ask({"look": index, "ground": ground})
        small = np.frombuffer(data, np.uint8).reshape(SMALL, SMALL, 3)
        return Look(tuple(found["size"]), tuple(found["did"]), found["grey"], found["flat"], small)

    def decoded(self, index: int, side: int, ground: str = WHITE) -> Decoded:
        """A picture that is wanted with `side` pixels; Unusable where it cannot be decoded.

        Args:
            ground: what shows through it where it is transparent, one of decode.GROUNDS.
        """
        found, data = self._ask({"pixels": index, "side": side, "ground": ground})
        pixels = np.frombuffer(data, np.uint8).reshape(found["shape"])
        return Decoded(pixels, tuple(found["size"]), tuple(found["did"]))

    def pixels(self, index: int, side: int, ground: str = WHITE) -> np.ndarray:
        """The same without what was done to it: uint8 [H, W, 1 or 3]."""
        return self.decoded(index, side, ground).pixels

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        child = self._child
        if child is None or child.ended:
            self.close()
            child, found = self._start()
            if len(found["items"]) != len(self.items):
                raise Vanished(f"{self.path} has changed while it was read. Check it again.")
        return child.ask(request, self.seconds)


def checked(facts: dict[str, Any]) -> dict[str, Any]:
    """An answer of the child; Unusable or Vanished where it is an error."""
    if "error" not in facts:
        return facts
    said, reason = facts["error"], facts["reason"]
    raise Unusable(said, reason) if reason else Vanished(said)


class Child:
    """One child process; what it cannot do comes as an error in words, also its death."""

    def __init__(self, cancelled: threading.Event):
        self._cancelled = cancelled
        keep = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", CODE.format(root=str(ROOT))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=keep | {"OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
        )
        self._in, self._out = (
            cast(IO[bytes], self._process.stdin),
            cast(IO[bytes], self._process.stdout),
        )
        self.ended = False
        self._why = ""
        self._limit = 0.0  # processor seconds at which it is ended; 0 while nothing is asked
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, name="import watch", daemon=True).start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """The answer; Unusable where there is none, also where the child died of it."""
        if self._cancelled.is_set():
            raise Cancelled
        with self._lock:
            self._limit = self._used() + seconds
        try:
            self._in.write(json.dumps(request).encode() + b"\n")
            self._in.flush()
            facts = json.loads(self._out.readline(MOST_LINE))
            data = self._out.read(facts["bytes"])
            if len(data) != facts["bytes"]:
                raise EOFError
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise self._death(seconds) from error
        finally:
            with self._lock:
                self._limit = 0.0
        return checked(facts), data

    def _death(self, seconds: float) -> Exception:
        if self._cancelled.is_set():
            return Cancelled()
        if self._why == "time":
            return Unusable(f"It took over {seconds:g} s of the processor.", "time")
        if self._why == "memory":
            return Unusable("It needs more memory than is allowed.", "memory")
        return Unusable("The decoder crashed at it.", "crash")

    def _used(self) -> float:
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return times.user + times.system

    def _watch(self) -> None:
        """End a child that takes too long or too much, also where the system knows no limits."""
        while self._process.poll() is None:
            with self._lock:
                limit = self._limit
            if limit:
                with contextlib.suppress(psutil.Error):
                    self._why = self._over(limit)
                if self._why:
                    self._process.kill()
                    return
            time.sleep(EVERY)

    def _over(self, limit: float) -> str:
        if self._cancelled.is_set():
            return "cancelled"
        if self._used() > limit:
            return "time"
        size = psutil.Process(self._process.pid).memory_info().rss
        return "memory" if size > RESIDENT else ""

    def close(self) -> None:
        """End it; harmless twice."""
        self.ended = True
        self._process.kill()
        for pipe in (self._in, self._out):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()


def _text(path: Path | str) -> str:
    """A path as JSON takes it; names that are no UTF-8 keep their bytes."""
    return os.fspath(Path(path).expanduser().absolute())
