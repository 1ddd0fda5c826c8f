"""What the machine is doing: processor, memory and GPU, measured at most twice a second."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time

import psutil

INTERVAL = 0.5  # seconds; shorter windows make the processor figure jump
GPU_QUERY = (
    "--query-gpu=utilization.gpu,memory.used,memory.total",
    "--format=csv,noheader,nounits",
)


class Meters:
    """Meters of this process, shared by all requests; a call within INTERVAL costs nothing."""

    def __init__(self):
        self._lock = threading.Lock()
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first call only starts the measurement
        self._nvidia = shutil.which("nvidia-smi")
        self._time = 0.0
        self._values: dict = {}

    def read(self) -> dict:
        """`cpu` in % of all cores, `cores`, `memory` and `memory_total` in bytes, `gpu` or None."""
        with self._lock:
            if time.monotonic() - self._time >= INTERVAL:
                self._values = self._measure()
                self._time = time.monotonic()
            return self._values

    def _measure(self) -> dict:
        cores = psutil.cpu_count() or 1
        return {
            "cpu": min(100.0, self._process.cpu_percent() / cores),
            "cores": cores,
            "memory": self._process.memory_info().rss,
            "memory_total": psutil.virtual_memory().total,
            "gpu": self._gpu(),
        }

    def _gpu(self) -> dict | None:
        """The busiest GPU as {"use": %, "memory", "memory_total": bytes}; None without one."""
        if self._nvidia is None:
            return None
        try:
            done = subprocess.run(
                [self._nvidia, *GPU_QUERY], capture_output=True, text=True, timeout=2, check=True
            )
            rows = [[float(v) for v in line.split(",")] for line in done.stdout.splitlines()]
        except (OSError, subprocess.SubprocessError, ValueError):
            self._nvidia = None  # it does not work here: do not ask again
            return None
        if not rows:
            return None
        use, used, total = max(rows)
        return {"use": use, "memory": used * 2**20, "memory_total": total * 2**20}
