"""stdout and stderr that are closed, full, left by their reader or of an old encoding; real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from gan_core.cli import training
from gan_core.runs.store import RunStore

ROOT = Path(__file__).resolve().parents[3]
TOY = [
    "train",
    "--recipe",
    "toy_mlp",
    "--dataset",
    "ring",
    "--set",
    "width=4",
    "--batch-size",
    "16",
]
FULL = "error: the output could not be written: No space left on device."
pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and devices")


def environment(tmp_path, **more):
    folders = {"GAN_RUNS_DIR": str(tmp_path / "runs"), "GAN_DATA_DIR": str(tmp_path / "data")}
    return os.environ | folders | {"PYTHONPATH": str(ROOT)} | more


def shell(tmp_path, line, **more):
    """A line of the shell; `gan` is the command line."""
    script = f'gan() {{ "{sys.executable}" -m gan_core "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        env=environment(tmp_path, **more),
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_output_is_said_in_one_line(tmp_path, unbuffered):
    done = shell(tmp_path, "gan recipes >/dev/full", PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr.splitlines()) == (1, [FULL])


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "line", ["gan recipes | head -1 >/dev/null", "gan recipes >&-", "gan recipes 2>&- >&- <&-"]
)
def test_an_output_that_nobody_reads_is_no_failure(tmp_path, line):
    done = shell(tmp_path, f"set -o pipefail; {line}")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_refusal_keeps_its_code_where_nothing_can_be_said(tmp_path):
    for streams in ("2>/dev/full", "2>&-", ">&- 2>&-"):
        assert shell(tmp_path, f"gan train --recipe none {streams}").returncode == 2


@pytest.mark.sampled(1)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "ascii:strict", "latin-1:surrogateescape"])
def test_names_that_the_terminal_cannot_show_are_escaped(tmp_path, encoding):
    (tmp_path / "data").mkdir()
    shown = np.zeros((40, 8, 8), np.uint8)
    np.savez(tmp_path / "data" / "한글.npz", x_train=shown, x_test=shown)
    done = shell(tmp_path, "gan datasets", PYTHONIOENCODING=encoding)
    assert done.returncode == 0 and "Traceback" not in done.stderr
    assert r"\ud55c\uae00" in done.stdout or "한글" not in done.stdout


def test_nohup_stays_in_force():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with training.signals(lambda: None):
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.thorough
def test_a_training_that_everything_happens_to(tmp_path):
    """Its reader leaves, it is stopped for seconds, and its terminal is closed: nothing is lost."""
    store = RunStore(tmp_path / "runs")
    read, write = os.pipe()
    job = subprocess.Popen(
        [sys.executable, "-m", "gan_core", *TOY, "--minutes", "5"],
        stdout=write,
        stderr=write,
        env=environment(tmp_path),
        start_new_session=True,
    )
    os.close(write)
    os.close(read)
    try:
        wait(lambda: store.ids() and store.get(store.ids()[0]).status().step > 50, job)
        run = store.get(store.ids()[0])
        job.send_signal(signal.SIGSTOP)
        stopped = 4.0
        time.sleep(stopped)
        job.send_signal(signal.SIGCONT)
        step = run.status().step
        wait(lambda: run.status().step > step, job)
        gaps = np.diff(run.metrics().rows(1)["wall_time"])
        assert gaps.max() < stopped - 1  # no step has taken as long as it was stopped
        assert run.status().steps_per_second > 0.1 / np.median(gaps)
        job.send_signal(signal.SIGHUP)
        job.send_signal(signal.SIGHUP)
        assert job.wait(120) == 130
    finally:
        job.kill()
        job.wait()
    status = run.status()
    assert (status.state, status.error) == ("stopped", "")
    assert (run.path / "checkpoints" / f"{status.step:06d}" / "state.npz").exists()


def wait(condition, job, seconds=90.0):
    end = time.monotonic() + seconds
    while not condition():
        assert job.poll() is None, "the training ended"
        assert time.monotonic() < end
        time.sleep(0.05)
