"""stdout and stderr as they are found: closed, full, gone in mid-work, or in an old encoding.

What is lost there never ends the work: a note that nobody reads is left out. Data that could not
be written is said on stderr and makes the exit code 1, once the work is done; a reader that has
read enough (`| head -1`) is no failure.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TextIO

# What stdout answers, where files are named in the error and in words by then
LOST = (errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def prepare() -> None:
    """Make stdout and stderr usable whatever the program was started with."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # `2>&-`: else the next file opened would be that number
            _take(number)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        _take_any_text(stream)


def _take(number: int) -> None:
    """Give a closed descriptor to the null device, so that no file of ours becomes it."""
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)


def _take_any_text(stream: TextIO) -> None:
    """Characters that its encoding lacks are shown as \\u escapes instead of failing."""
    strict = getattr(stream, "errors", "") == "strict"
    narrow = getattr(stream, "errors", "") == "surrogateescape" and stream.encoding != "utf-8"
    if (strict or narrow) and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")


def tell(text: str) -> None:
    """Write to stderr, at once; where that cannot be, not."""
    with contextlib.suppress(OSError, ValueError):  # ValueError: it was closed in this process
        sys.stderr.write(text)
        sys.stderr.flush()


def answer(text: str, code: int) -> int:
    """Print the last line of a command; returns its exit code, or 1 if 0 and stdout is full."""
    try:
        print(text, flush=True)
    except (OSError, ValueError) as error:
        full = lost(error)
        return code or full
    return code


def finish(code: int) -> int:
    """The exit code once stdout has taken everything; 1 instead of 0 if it could not."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        full = lost(error)
        return code or full
    return code


def lost(error: OSError | ValueError) -> int:
    """stdout cannot be written: say so unless its reader just left; returns the exit code."""
    _forget_stdout()
    if isinstance(error, BrokenPipeError):
        return 0
    tell(f"error: the output could not be written: {getattr(error, 'strerror', None) or error}.\n")
    return 1


def _forget_stdout() -> None:
    """What is still in its buffer goes nowhere, so that Python does not fail with it at the end."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
