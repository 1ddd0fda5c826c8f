"""What takes a run's files away while it trains: the limit of open files, a folder moved or removed."""

import contextlib
import errno
import shutil

import pytest

from gan_core.errors import RunError
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.training import passing
from tests.unit.training.conftest import new_run, rows, wait

resource = pytest.importorskip("resource", reason="this system has no limit of open files")


@contextlib.contextmanager
def no_more_files():
    """This process may open nothing, as when a server has many visitors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            open(__file__).close()
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def training(lab, monkeypatch):
    monkeypatch.setattr(passing, "EVERY", 0.05)
    run = new_run(lab, num_steps=1_000_000, checkpoint_every=20)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: checkpoints.list_checkpoints(run.path))
    yield run, job
    job.stop()
    job.join(60)


def whole(run):
    found = rows(run)
    return (
        len(found) == run.metrics().last_step == checkpoints.newest_good_checkpoint(run.path).step
    )


def test_too_many_open_files_pause_and_training_goes_on_by_itself(training):
    run, job = training
    with no_more_files():
        wait(lambda: job.snapshot().state == State.PAUSED)
        held, error = job.snapshot().step, job.snapshot().error
        assert "Too many open files" in error and "Nothing is lost" in error
    wait(lambda: job.snapshot().step > held + 50)
    assert (job.snapshot().state, job.snapshot().error) == (State.RUNNING, "")
    job.stop()
    assert job.join(60) and run.status().state == State.STOPPED and whole(run)
    assert not list(run.path.rglob(".tmp-*"))


def test_who_pauses_meanwhile_is_obeyed(training):
    _, job = training
    with no_more_files():
        wait(lambda: job.snapshot().state == State.PAUSED)
        held = job.snapshot().step
        job.pause()
    assert not job.join(0.5)
    assert (job.snapshot().state, job.snapshot().step) == (State.PAUSED, held)


def test_a_stop_meanwhile_waits_for_the_last_checkpoint(training):
    run, job = training
    with no_more_files():
        wait(lambda: job.snapshot().state == State.PAUSED)
        job.stop()
        assert not job.join(0.3)
    assert job.join(60) and run.status().state == State.STOPPED and whole(run)


def test_what_does_not_pass_still_fails(lab):
    with pytest.raises(OSError, match="Input/output"):
        passing.in_words(OSError(errno.EIO, "Input/output error"), new_run(lab))


@pytest.mark.parametrize("how", ["removed", "moved"])
def test_a_folder_that_goes_while_it_trains_ends_the_run_in_words_and_stays_away(
    training, lab, how, tmp_path
):
    run, job = training
    wait(lambda: job.snapshot().step > 40)
    if how == "moved":
        run.path.rename(tmp_path / "elsewhere")
    else:
        run.path.rename(lab.store.root / ".tmp-gone")
        shutil.rmtree(lab.store.root / ".tmp-gone")
    assert job.join(60)
    assert job.snapshot().state == State.FAILED
    assert "moved or deleted" in job.snapshot().error
    assert not run.path.exists() and lab.store.ids() == []
    with pytest.raises(RunError, match="There is no run"):
        lab.snapshot(run.id)
    if how == "moved":  # what was there is whole, and trains on where it is now
        (tmp_path / "elsewhere").rename(run.path)
        assert lab.snapshot(run.id).state == State.INTERRUPTED
        assert lab.make_job(run.id)
        assert checkpoints.newest_good_checkpoint(run.path).step > 0
