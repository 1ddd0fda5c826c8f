"""The queue: one run trains, others wait in an order that survives a restart."""

import time

import pytest

from gan_core.errors import RunError
from gan_core.lab import Lab
from gan_core.records import State


def wait(condition, seconds=120.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    yield lab
    lab.shutdown()


def start(lab, **settings):
    fields = {"batch_size": 16, "width": 4, "num_steps": 1_000_000} | settings
    return lab.start(lab.make_config("toy_mlp", "ring", **fields))


def test_the_second_run_waits_and_starts_when_the_first_ends(lab):
    first, second = start(lab), start(lab, num_steps=20)
    assert lab.active() == first and lab.queue() == [second]
    snapshot = lab.snapshot(second)
    assert snapshot.state == State.QUEUED and snapshot.queue_position == 1
    lab.job(first).stop()
    wait(lambda: lab.snapshot(second).state == State.FINISHED)
    assert lab.snapshot(first).state == State.STOPPED and lab.queue() == []


def test_the_queue_can_be_reordered_and_left(lab):
    start(lab)
    waiting = [start(lab) for _ in range(3)]
    lab.move_up(waiting[2])
    assert lab.queue() == [waiting[0], waiting[2], waiting[1]]
    lab.move_up(waiting[0])
    lab.cancel(waiting[0])
    assert lab.queue() == [waiting[2], waiting[1]]
    assert lab.snapshot(waiting[0]).state == State.STOPPED
    with pytest.raises(RunError, match="is not waiting"):
        lab.cancel(waiting[0])


def test_the_queue_survives_a_restart_in_order(lab, tmp_path):
    first = start(lab)
    waiting = [start(lab), start(lab)]
    lab.shutdown()
    again = Lab(tmp_path / "runs", tmp_path / "data")
    assert again.queue() == waiting and again.snapshot(first).state == State.INTERRUPTED
    again.jobs.start_next()
    assert again.active() == waiting[0] and again.queue() == waiting[1:]
    again.shutdown()


def test_shutdown_writes_a_checkpoint_and_can_be_repeated(lab):
    from gan_core import checkpoints

    run_id = start(lab)
    wait(lambda: lab.snapshot(run_id).step > 5)
    lab.shutdown()
    lab.shutdown()
    run = lab.store.get(run_id)
    assert checkpoints.list_checkpoints(run.path)[-1].step == run.status().step
    assert run.status().state == State.INTERRUPTED  # nobody wanted it to stop


def test_a_run_of_another_process_is_watched_not_commanded(lab, tmp_path):
    run_id = start(lab)
    wait(lambda: lab.snapshot(run_id).step > 5)
    other = Lab(tmp_path / "runs", tmp_path / "data")
    snapshot = other.snapshot(run_id)
    assert snapshot.state == State.RUNNING and not snapshot.owned
    with pytest.raises(RunError, match="is not trained by this program; it is running"):
        other.job(run_id)
    with pytest.raises(RunError, match="is running already"):
        other.resume(run_id)


def test_a_second_server_on_the_same_folder_watches_until_the_first_ends(lab, tmp_path):
    run_id = start(lab)
    waiting = start(lab, num_steps=20)
    second = Lab(tmp_path / "runs", tmp_path / "data")
    second.jobs.start_next()  # what a server does when it starts
    assert second.active() is None and second.queue() == [waiting]
    before = lab.store.ids()
    with pytest.raises(RunError, match="Another GANscope server uses .*: train there"):
        start(second)
    with pytest.raises(RunError, match="can be watched, explored and compared"):
        second.resume(waiting)
    assert lab.store.ids() == before
    assert second.snapshot(run_id).run_id == run_id
    lab.shutdown()
    second.jobs.start_next()
    assert second.active() == waiting
    second.shutdown()
