"""Whether a folder is shared as runs need it: the same files, and locks that all machines keep.

A run's lock is the claim on it. Where locks do not hold between two machines (NFS mounted with
`local_lock`, Lustre without `-o flock`) both would train one run at a time, so they are tried first.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from gan_core.errors import ClusterError, RunLockedError
from gan_core.storage import files, locks

FOLDER = ".cluster"  # of the runs folder
PATIENCE = 5.0  # seconds until a file that was written elsewhere must be seen
DAY = 86_400  # seconds
ANOTHER = """
import sys, filelock
try:
    filelock.FileLock(sys.argv[1]).acquire(timeout=0)
except filelock.Timeout:
    sys.exit(17)
"""
REFUSED = 17  # what ANOTHER says where the lock holds


def require_locks(root: Path) -> None:
    """Two processes, one lock.

    Raises:
        ClusterError: a second process gets a lock that this one holds.
    """
    with probe(root) as token:
        path = str(root / FOLDER / token)
        command = [sys.executable, "-c", ANOTHER, path]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if found.returncode != REFUSED:
        why = found.stderr.strip().splitlines()[-1:] or ["a second process got it too"]
        raise ClusterError(_no_locks(root, f"on this machine ({why[0]})"))


@contextlib.contextmanager
def probe(root: Path) -> Iterator[str]:
    """Hold a lock in the folder, for others to try by its name (`problem_with`)."""
    folder, token = root / FOLDER, f"{socket.gethostname()}-{secrets.token_hex(8)}"
    with files.in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    with locks.hold(folder / token, "This lock is held already."):
        yield token
    with contextlib.suppress(OSError):
        (folder / token).unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove what killed programs left a day ago and more."""
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > DAY and not locks.is_held(path):
                path.unlink()


def problem_with(root: Path, token: str, theirs: str, patience: float = PATIENCE) -> str:
    """Why this folder is not the one in which `token` is held, or its locks do not hold; "" if all is well.

    Args:
        theirs: the folder as whoever holds the lock names it.
        patience: seconds until it must be there.
    """
    path, end = root / FOLDER / token, time.monotonic() + patience
    while not path.exists():
        if time.monotonic() >= end:
            return (
                f"The runs folder {root} on {socket.gethostname()} is not the {theirs} of the "
                "program that queues the runs. Share that folder with this machine, and name it by "
                "`--runs-dir` or GAN_RUNS_DIR."
            )
        time.sleep(0.1)
    with contextlib.suppress(RunLockedError), locks.hold(path, "held"):
        return _no_locks(root, f"between {socket.gethostname()} and {token.rpartition('-')[0]}")
    return ""


def _no_locks(root: Path, where: str) -> str:
    return (
        f"Locks do not hold in {root} {where}, so a run could be trained twice at once. Mount NFS "
        "without `nolock` and `local_lock`, Lustre with `-o flock`, or use another shared folder."
    )
