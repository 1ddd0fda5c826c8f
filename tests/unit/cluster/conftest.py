"""A real cluster on this machine: a scheduler and two workers, each a process of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from gan_core.cluster import certificates

START = 600.0  # seconds at most, of a process that starts
OLD = {"GAN_RUNS_DIR", "GAN_DATA_DIR", "GAN_CLUSTER", "GAN_CLUSTER_TLS"}


def wait(condition, seconds=900.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.02)


class Cluster:
    """Its processes; all end with the test."""

    def __init__(self, folder):
        self.runs, self.data, self.tls = folder / "runs", folder / "data", folder / "tls"
        self.logs = folder
        certificates.make(self.tls)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tls://127.0.0.1:{free.getsockname()[1]}"
        self._started = []

    def start(self, what, *words, until):
        """`cluster WHAT ADDRESS` with its folders, once it has said `until`."""
        log = self.logs / f"{len(self._started)}-{what}.log"
        command = [sys.executable, "-m", "gan_core", "cluster", what, self.address, *words]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, "--tls", str(self.tls)], stdout=out, stderr=out,
                env={k: v for k, v in os.environ.items() if k not in OLD},
            )  # fmt: skip
        self._started.append(process)
        wait(lambda: until in log.read_text() or process.poll() is not None, START)
        assert process.poll() is None, log.read_text()
        return process

    def start_scheduler(self):
        return self.start("scheduler", until="scheduler at")

    def start_worker(self, name, runs=None):
        words = ["--runs-dir", str(runs or self.runs), "--data-dir", str(self.data)]
        return self.start("worker", *words, "--name", name, until=f"worker {name} trains")

    def end(self):
        """SIGTERM, the workers first."""
        for process in reversed(self._started):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self._started:
            process.wait(START)


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.end()
