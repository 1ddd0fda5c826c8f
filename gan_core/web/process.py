"""The one Lab of this process: pages and routes share it, whoever asks first makes it."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gan_core.lab import Lab

_lock = threading.Lock()
_lab: Lab | None = None


def get_lab() -> Lab:
    """The process's Lab, made on first use with the default folders; safe from any thread.

    Runs that were waiting when the last server stopped go on waiting: the first starts now.
    """
    global _lab
    with _lock:
        if _lab is None:
            from gan_core.lab import Lab

            _lab = Lab()
            if address := _cluster():
                from gan_core import cluster

                cluster.join(_lab, address)
            _lab.jobs.start_next()
        return _lab


def _cluster() -> str:
    """GAN_CLUSTER: the scheduler on whose workers the server's runs are trained; "" is a thread."""
    return os.environ.get("GAN_CLUSTER", "").strip()


def check_environment() -> None:
    """GanError before anything is served where GAN_CLUSTER or GAN_CPU_DEVICES cannot be used as it is."""
    from gan_core.startup import devices

    devices.cpu_devices()
    if address := _cluster():
        from gan_core.cluster import jobs, shared
        from gan_core.cluster.address import parse, security
        from gan_core.runs.store import default_runs_dir

        where = parse(address)
        jobs.require()
        security(where)
        shared.require_locks(default_runs_dir())


def end_on_hang_up() -> None:
    """Let a closed terminal (SIGHUP) end the server as SIGTERM does, which writes checkpoints.

    For the main thread. Under `nohup` it stays ignored, and Windows has none.
    """
    number = getattr(signal, "SIGHUP", None)
    main = threading.current_thread() is threading.main_thread()
    if main and number is not None and signal.getsignal(number) == signal.SIG_DFL:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGTERM))


def shutdown(timeout: float = 20.0) -> None:
    """Let every running job write a checkpoint and end; harmless twice or without a Lab."""
    with _lock:
        lab = _lab
    if lab is not None:
        lab.shutdown(timeout)


def forget() -> None:
    """Shut down and drop the Lab; the next `get_lab` reads the folders again (for tests)."""
    global _lab
    shutdown()
    with _lock:
        _lab = None
