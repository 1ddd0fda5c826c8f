"""The workers on the Runs page: what each does, and in words why nothing is trained."""

import socket
import time

import pytest

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

from gan_core.cluster.facts import Worker
from gan_core.web import process


@pytest.fixture
def jobs(store, monkeypatch):
    """Those of an app whose scheduler is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setenv("GAN_CLUSTER", address)
    jobs = process.get_lab().jobs
    assert jobs.cluster == address
    end = time.monotonic() + 600
    while not jobs.problem:
        assert time.monotonic() < end
        time.sleep(0.02)
    return jobs


def said(at):
    return " ".join(str(each.value) for each in (*at.markdown, *at.caption)).replace("\\", "")


def test_a_scheduler_that_is_not_there_is_told_in_words(jobs, open_page):
    at = open_page("runs.py")
    assert "does not answer" in said(at) and "nobody trains there" in said(at)


def test_the_workers_and_what_they_do(jobs, open_page, make_run):
    jobs.workers = (
        Worker("box-0", "10.0.0.5", 1, True, 2_000_000_000, True),
        Worker("box-1", "10.0.0.6", 1, False, 0, False, "Locks do not hold in /runs."),
    )
    at = open_page("runs.py")
    assert "2 workers, 0 train, 0 runs in the queue" in said(at)
    assert "box-0" in said(at) and "waits for a run" in said(at)
    assert "10.0.0.5, GPU, 2.0 GB" in said(at) and "Locks do not hold in /runs." in said(at)
    run = make_run()
    run.write_status(state="running", step=30, num_steps=100, where="box-0", knobs={"g_lr": 0.001})
    with run.writer_lock():
        jobs.trained = {"box-0": run.id}
        at = open_page("runs.py")
        assert "step 30 of 100" in said(at)
        assert at.button(key="sm_watch_box_0")
        at = open_page("train.py", run=run.id)
        assert "on box-0" in said(at)
        at.button(key="stop").click().run()
        assert [path.suffix for path in (run.path / "commands").iterdir()] == [".json"]
