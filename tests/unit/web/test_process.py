"""How the page server ends: a real one on a real terminal, which is closed while it trains."""

import os
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from gan_core import recipes
from gan_core.runs.store import RunStore
from gan_core.web import process

ROOT = Path(__file__).resolve().parents[3]
pty = pytest.importorskip("pty", reason="POSIX terminals")


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def serve(port, tmp_path):
    """(process, terminal) of a server whose terminal is ours."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {
            "GAN_RUNS_DIR": str(tmp_path / "runs"),
            "GAN_DATA_DIR": str(tmp_path / "data"),
        }
        os.chdir(ROOT)
        words = ["-m", "streamlit", "run", "app.py", "--server.headless", "true"]
        os.execv(sys.executable, [sys.executable, *words, "--server.port", str(port)])
    return pid, terminal


def wait(condition, seconds=90.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(port, run):
    try:
        url = f"http://127.0.0.1:{port}/api/runs/{run.id}/status"
        return urllib.request.urlopen(url, timeout=5).status == 200
    except OSError:
        return False


def ended(pid):
    return os.waitpid(pid, os.WNOHANG)[0] == pid


@pytest.mark.thorough
@pytest.mark.filterwarnings("ignore:.*use of forkpty:DeprecationWarning")
def test_a_closed_terminal_costs_no_step(tmp_path):
    store = RunStore(tmp_path / "runs")
    settings = {"width": 4, "batch_size": 16, "num_steps": None, "num_minutes": 10}
    run = store.create(recipes.config("toy_mlp", "ring", **settings).model_dump())
    (store.root / "queue.json").write_text(f'["{run.id}"]')  # it waited when the last server ended
    port = free_port()
    pid, terminal = serve(port, tmp_path)
    try:
        wait(lambda: answers(port, run))
        wait(lambda: run.status().step > 50)
        os.close(terminal)  # the system sends SIGHUP to the server, and its output goes nowhere
        wait(lambda: ended(pid), 40)
        pid = 0
    finally:
        if pid:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    status = run.status()
    assert (status.state, status.error) == ("interrupted", "")
    assert (run.path / "checkpoints" / f"{status.step:06d}" / "state.npz").exists()


def test_nohup_stays_in_force_and_a_hang_up_is_a_termination():
    before = {n: signal.signal(n, signal.SIG_IGN) for n in (signal.SIGHUP, signal.SIGTERM)}
    try:
        process.end_on_hang_up()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        process.end_on_hang_up()
        heard = []
        signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGHUP)
        assert heard == [signal.SIGTERM] * 2
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
