"""The child process in which other people's files are opened and decoded, with limits on itself.

It reads one line of JSON a request from standard input and answers each with a line of JSON and, where
the line says `"bytes": N`, N bytes after it. The first request opens a path:

    {"open": path, "answers": {...}, "memory": bytes}  -> {"recognised", "form", "kind", "labelled",
                                                           "items", "passed_over", "unmatched",
                                                           "notes"}
    {"recognise": path, "answers": {...}, "memory"}    -> {"found": null | {...}}
    {"look": index, "ground"}                          -> {"size", "did", "grey", "flat", "bytes"}
    {"pixels": index, "side": pixels, "ground"}        -> {"shape", "size", "did", "bytes"}

What cannot be done is answered by {"error": text, "reason": one of base.REASONS, or "" where all of it
is gone}. It writes no file but temporary ones without a name, for arrays that are packed; it opens no
connection, and gets no secrets of the process that starts it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gan_core.errors import DataError, in_brief
from gan_core.importing import forms_list
from gan_core.importing.arrays.stored import MOST_BYTES
from gan_core.importing.base import Decoded, Source, Vanished
from gan_core.importing.looks import SIDE, look

FILES = 64  # open at once

Answer = tuple[dict[str, Any], bytes]


def limit(memory: int) -> None:
    """Limits that the system enforces; Windows has none, there the parent watches alone."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # lower already
            continue


class Server:
    """Answers requests about one path."""

    def __init__(self):
        self.source: Source | None = None

    def answer(self, request: dict[str, Any]) -> Answer:
        """The answer to one request; DataError where it cannot be done."""
        asked = next(name for name in ("open", "recognise", "look", "pixels") if name in request)
        return getattr(self, asked)(**request)

    def recognise(self, recognise: str, answers: dict[str, str]) -> Answer:
        found = forms_list.recognise(Path(recognise), answers)
        return {"found": asdict(found)}, b""

    def open(self, open: str, answers: dict[str, str]) -> Answer:
        self.source, found = forms_list.open_source(Path(open), answers)
        source = self.source
        return {
            "recognised": asdict(found),
            "form": source.form,
            "kind": source.kind,
            "labelled": source.labelled,
            "items": [list(asdict(item).values()) for item in source.items],
            "passed_over": list(source.passed_over),
            "unmatched": list(source.unmatched),
            "notes": list(getattr(source, "notes", ())),
        }, b""

    def look(self, look: int, ground: str) -> Answer:
        seen = _look(self._decoded(look, SIDE, ground))
        facts = {"size": seen.size, "did": seen.did, "grey": seen.grey, "flat": seen.flat}
        return facts, seen.small.tobytes()

    def pixels(self, pixels: int, side: int, ground: str) -> Answer:
        found = self._decoded(pixels, side, ground)
        data = np.ascontiguousarray(found.pixels, np.uint8)
        return {"shape": data.shape, "size": found.size, "did": found.did}, data.tobytes()

    def _decoded(self, index: int, side: int, ground: str) -> Decoded:
        if self.source is None:
            raise DataError("Nothing has been opened yet.")
        self.source.ground = ground
        return Decoded.of(self.source.pixels(index, side))


_look = look


def guarded(answer: Callable[[dict], Answer], request: dict[str, Any]) -> Answer:
    """The answer, or in words why there is none."""
    try:
        return answer(request)
    except Vanished as error:
        return {"error": str(error), "reason": ""}, b""
    except DataError as error:
        return {"error": str(error), "reason": getattr(error, "reason", "damaged")}, b""
    except MemoryError:
        return {"error": "It needs more memory than is allowed.", "reason": "memory"}, b""
    except RecursionError:
        return {"error": "It is nested too deep.", "reason": "damaged"}, b""
    except Exception as error:  # whatever a hostile file provokes is one answer
        told = f"{type(error).__name__}: {in_brief(error)}"
        return {"error": f"It is damaged ({told}).", "reason": "damaged"}, b""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the requests end."""
    server = Server()
    for line in requests:
        request = json.loads(line)
        if "memory" in request:
            limit(request.pop("memory"))
        facts, data = guarded(server.answer, request)
        answers.write(json.dumps(facts | {"bytes": len(data)}).encode() + b"\n" + data)
        answers.flush()


def main() -> None:
    """Standard output is for answers alone: what libraries print goes nowhere."""
    if hasattr(os, "nice"):
        os.nice(5)  # a training beside it comes first
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, answers)
