"""Who writes: locks of the operating system, which end with the process that holds them.

A lock file that exists says nothing; only a lock held on it does. So a copied, zipped or crashed
run is never taken for a running one, and no process number is ever looked at.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import filelock

from gan_core.errors import RunLockedError
from gan_core.storage.files import TOO_MANY, in_words

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module, or none: whoever uses it asks first

# How long a writer waits for the probe of a reader, which takes microseconds.
PROBE_SECONDS = 0.3
PATIENCE = 30  # times that long, while all who hold it are readers that probe


@contextlib.contextmanager
def hold(path: Path, refusal: str, *, timeout: float = PROBE_SECONDS) -> Iterator[None]:
    """Hold the lock file `path` during the block; RunLockedError(refusal) if someone else does.

    Also refused to the process that already holds it. `timeout` in seconds.
    """
    # thread_local=False: a job may be started in one thread and ended by another.
    lock = filelock.FileLock(path, thread_local=False)
    with in_words(path):
        try:
            _acquire(lock, path, timeout)
        except filelock.Timeout as error:
            raise RunLockedError(refusal) from error
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: filelock.FileLock, path: Path, timeout: float) -> None:
    """Acquire it; filelock.Timeout where a writer has it. Readers that probe are waited for."""
    for _ in range(PATIENCE):
        try:
            lock.acquire(timeout=timeout, poll_interval=0.01)
            return
        except filelock.Timeout:
            if fcntl is None or is_held(path):
                raise
    raise filelock.Timeout(str(path))


def is_held(path: Path | str) -> bool:
    """Whether some process holds the lock `path`; never creates or changes the file."""
    if fcntl is None:
        return _is_held_elsewhere(path)
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        return error.errno in TOO_MANY  # nobody can tell now: as if it were held
    try:
        # Shared: two readers that probe at once do not take each other for a writer.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _is_held_elsewhere(path: Path | str) -> bool:
    """The same without shared locks (Windows): a few tries, so that other readers do not count."""
    path = Path(path)
    if not path.exists():
        return False
    try:
        with hold(path, "held"):
            return False
    except RunLockedError:
        return True
