"""Atomic files: what is on disk is always the old version or the new one, never half of one.

Every write goes to a temporary name (`.tmp-*`) in the same folder, is flushed to the disk, and then
takes the final name in one rename. A process killed in between leaves a `.tmp-*` behind, which the
next writer of that folder removes. `crash_point` marks every place where such a kill is tested.
"""

import contextlib
import errno
import os
import re
import secrets
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from gan_core.errors import DiskFullError, OpenFilesError, RunError, in_brief
from gan_core.storage.json_text import dump_json, parse_json

TEMP_PREFIX = ".tmp-"
_STEP = re.compile(r"[0-9]{6,12}")

# What write_atomic and atomic_file are used for; each has the three points start, written, renamed.
ATOMIC_KINDS = ("file", "config", "status", "notes", "sample", "reals", "weights", "header")

CRASH_POINTS: tuple[str, ...] = (
    *(f"{kind}:{moment}" for kind in ATOMIC_KINDS for moment in ("start", "written", "renamed")),
    *("create:start", "create:written", "create:renamed"),
    *("append:start", "append:written"),
    *("metrics:start", "metrics:rows", "metrics:level"),
    *("metrics:truncate", "metrics:truncated-level", "metrics:truncated", "metrics:padded"),
    *("checkpoint:start", "checkpoint:arrays", "checkpoint:written"),
    *("checkpoint:aside", "checkpoint:renamed", "checkpoint:cleared"),
    *("prune:start", "prune:moved", "prune:removed", "prune:unlink", "prune:unlinked"),
    *("delete:start", "delete:noted", "delete:moved"),
    *("restore:start", "restore:moved", "restore:noted"),
    *("purge:start", "purge:moved", "purge:removed"),
    *("clean:start", "clean:removed"),
    *("import:start", "import:written", "import:renamed"),
    *("branch:start", "branch:written", "branch:renamed"),
)


TOO_MANY = (errno.EMFILE, errno.ENFILE)  # open files, of this process or of the whole system


def crash_point(name: str) -> None:
    """Die here, at once and without clean-up, if GAN_CRASH_AT has this name."""
    if os.environ.get("GAN_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)


def explain(error: OSError, path: Path) -> RunError:
    """The same failure of the operating system, as an error in words about `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"The disk is full: {path.name} could not be written to {path.parent}. "
            "What was there before is untouched; free some space and try again."
        )
    if error.errno in TOO_MANY:
        return OpenFilesError(
            f"Too many open files: {path.name} in {path.parent} could not be opened. Nothing is "
            "lost. Close pages that are not needed, or raise the limit (`ulimit -n`)."
        )
    if error.errno == errno.ENOENT and not path.parent.exists():
        return RunError(f"{path.parent} is no longer there: it was moved or deleted.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return RunError(
            f"{path.name} cannot be written: {path.parent} is read-only for this user. "
            "Choose another runs folder (--runs-dir or GAN_RUNS_DIR) or change its permissions."
        )
    return RunError(f"{path.name} could not be written to {path.parent}: {error.strerror or error}")


def unreadable(error: OSError, path: Path | str) -> RunError:
    """A failure to read `path`, in words."""
    if error.errno in TOO_MANY:
        return explain(error, Path(path))
    return RunError(f"{path} cannot be read: {error.strerror or error}")


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn any OSError inside the block into a RunError about `path`."""
    try:
        yield
    except OSError as error:
        raise explain(error, path) from error


def temp_path(path: Path) -> Path:
    """A fresh temporary name beside `path`."""
    return path.with_name(f"{TEMP_PREFIX}{secrets.token_hex(6)}-{path.name}")


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` survive a power cut (Windows cannot and need not)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def atomic_file(path: Path, *, kind: str = "file", durable: bool = True) -> Iterator[BinaryIO]:
    """An open temporary file that becomes `path` when the block ends without an error.

    Args:
        kind: one of ATOMIC_KINDS, names the crash points.
        durable: also survive a power cut (fsync); without it only a killed process.
    """
    crash_point(f"{kind}:start")
    temp = temp_path(path)
    try:
        with in_words(path):
            with open(temp, "xb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            crash_point(f"{kind}:written")
            os.replace(temp, path)
            if durable:
                sync_folder(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
        raise
    crash_point(f"{kind}:renamed")


def write_atomic(path: Path, data: bytes, *, kind: str = "file", durable: bool = True) -> None:
    """Replace the file `path` by `data` in one step; a full disk is a DiskFullError."""
    with atomic_file(path, kind=kind, durable=durable) as file:
        file.write(data)


def write_json(path: Path, value: Any, *, kind: str = "file", durable: bool = True) -> None:
    """Replace `path` by the JSON text of `value` (NaN and infinity become null)."""
    text = dump_json(value, indent=2) + "\n"
    write_atomic(path, text.encode(), kind=kind, durable=durable)


def read_json(path: Path | str) -> Any:
    """The JSON value in `path`; RunError in words if it is missing, unreadable or damaged."""
    try:
        with open(path, "rb") as file:
            return parse_json(file.read())
    except FileNotFoundError as error:
        folder, name = os.path.split(path)
        raise RunError(f"{name} is missing in {folder}.") from error
    except OSError as error:
        raise unreadable(error, path) from error
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} is damaged: it holds no valid JSON ({in_brief(error)}).") from error


def append_jsonl(path: Path, value: Any) -> None:
    """Add one line of JSON to `path` in one write; a torn last line stays a line of its own."""
    line = dump_json(value).encode() + b"\n"
    crash_point("append:start")
    append_line(path, line)
    crash_point("append:written")


def append_line(path: Path, line: bytes) -> None:
    """Add `line` (ending in a newline) to `path` in one write, on a line of its own."""
    with in_words(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            start = b"\n" if _ends_torn(descriptor) else b""
            if os.write(descriptor, start + line) < len(start + line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(descriptor)


def _ends_torn(descriptor: int) -> bool:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    if size == 0:
        return False
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1) != b"\n"


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """All JSON objects in `path`, one a line; torn lines are left out, a missing file is empty."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise unreadable(error, path) from error
    values = (_parse_line(line) for line in lines)
    return [value for value in values if isinstance(value, dict)]


def _parse_line(line: bytes) -> Any:
    try:
        return parse_json(line)
    except (ValueError, RecursionError):
        return None


def check_format(found: Any, newest: int, what: str) -> None:
    """RunError unless `found` is a format number that this program reads."""
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise RunError(f"{what} is damaged: its format is {found!r}, not a number from 1.")
    if found > newest:
        raise RunError(
            f"{what} was made by a newer GANscope: format {found}; this one reads up to {newest}."
        )


def step_name(step: int) -> str:
    """The name of a step on disk: at least six digits, 500 -> 000500."""
    return f"{step:06d}"


def steps_in(folder: Path, suffix: str = "") -> list[int]:
    """Steps that have an entry such as 000500<suffix> in `folder`, ascending."""
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.name.endswith(suffix)]
    except OSError as error:
        if error.errno in TOO_MANY:  # that says nothing of what there is
            raise explain(error, Path(folder) / "files") from error
        return []
    stems = (name.removesuffix(suffix) for name in names)
    return sorted(int(stem) for stem in stems if _STEP.fullmatch(stem))


def remove_temps(folder: Path) -> None:
    """Remove what a killed writer left in `folder`; call it only while nobody else writes there."""
    if not folder.is_dir():
        return
    with in_words(folder):
        for path in folder.glob(f"{TEMP_PREFIX}*"):
            crash_point("clean:start")
            remove_tree(path)
            crash_point("clean:removed")


def remove_tree(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a whole folder; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=False)
    else:
        path.unlink(missing_ok=True)
