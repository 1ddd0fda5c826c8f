"""The queue: one run trains, others wait in an order that survives a restart."""

import json
import threading
import time

import pytest

from gan_core.errors import RunError
from gan_core.lab import Lab
from gan_core.runs.records import State
from gan_core.storage.files import dump_json


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
    from gan_core.runs.saved import checkpoints

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


def config_of(run):
    return json.loads((run.path / "config.json").read_text("utf-8"))


def damage(run, name, text):
    (run.path / name).write_bytes(text.encode() if isinstance(text, str) else text)


def of_no_data(run):
    header = config_of(run)
    damage(run, "config.json", dump_json(header | {"config": header["config"] | {"dataset": "no"}}))


def of_bad_settings(run):
    header = config_of(run)
    damage(run, "config.json", dump_json(header | {"config": header["config"] | {"width": -3}}))


DAMAGES = {
    "a torn config": lambda run: damage(run, "config.json", '{"format": 1, "config": {"rec'),
    "a config of zeros": lambda run: damage(run, "config.json", bytes(300)),
    "a newer format": lambda run: damage(run, "config.json", '{"format": 9, "config": {}}'),
    "settings out of range": of_bad_settings,
    "data that are gone": of_no_data,
    "a torn status": lambda run: damage(run, "status.json", '{"state": "que'),
    "a status of other types": lambda run: damage(run, "status.json", '{"step": "many"}'),
    "a status that is a list": lambda run: damage(run, "status.json", "[[]]"),
    "no config": lambda run: (run.path / "config.json").unlink(),
}


@pytest.fixture(scope="module")
def after_damages(tmp_path_factory):
    """({damage: summary of its run}, the queue, the state of the run behind them all)."""
    folder = tmp_path_factory.mktemp("damages")
    lab = Lab(folder / "runs", folder / "data")
    first, bad = start(lab), {name: start(lab) for name in DAMAGES}
    good = start(lab, num_steps=20)
    for name, run_id in bad.items():
        DAMAGES[name](lab.store.get(run_id))
    lab.job(first).stop()
    wait(lambda: lab.snapshot(good).state == State.FINISHED)
    summaries = {summary.id: summary for summary in lab.store.summaries()}
    yield {name: summaries[i] for name, i in bad.items()}, lab.queue(), summaries[good].state
    lab.shutdown()


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_run_in_the_queue_fails_and_the_next_one_starts(after_damages, name):
    found, queue, last = after_damages
    assert (found[name].state, queue, last) == (State.FAILED, [], State.FINISHED)
    assert len(found[name].error) > 20 and "Traceback" not in found[name].error


def test_a_bug_of_one_run_does_not_hold_the_others(lab, monkeypatch):
    first, bad, good = start(lab), start(lab), start(lab, num_steps=20)
    make = lab.jobs._make_job

    def making(run_id):
        if run_id == bad:
            raise ZeroDivisionError("a bug")
        return make(run_id)

    monkeypatch.setattr(lab.jobs, "_make_job", making)
    lab.job(first).stop()
    wait(lambda: lab.snapshot(good).state == State.FINISHED)
    assert lab.snapshot(bad).state == State.FAILED
    assert lab.snapshot(bad).error == "ZeroDivisionError: a bug"
    assert "Traceback" in (lab.store.get(bad).path / "log.txt").read_text("utf-8")


def test_a_queue_that_cannot_be_written_goes_on_when_it_can(lab, monkeypatch):
    from gan_core.training import manager

    monkeypatch.setattr(manager, "RETRY", 0.05)
    first, second = start(lab), start(lab, num_steps=20)
    change, full, tried = manager.run_queue.change, threading.Event(), threading.Event()

    def changing(*args):
        if full.is_set():
            tried.set()
            raise RunError("The disk is full.")
        return change(*args)

    monkeypatch.setattr(manager.run_queue, "change", changing)
    full.set()
    lab.job(first).stop()
    assert tried.wait(60) and lab.queue() == [second]
    full.clear()
    wait(lambda: lab.snapshot(second).state == State.FINISHED)


JUNK = ["[[]]", "[{}]", "{}", "7", "null", '"text"', "[null, 1, 2.5, true]", "", "[", bytes(9),
        '[["00001-toy_mlp-ring"]]', "[" * 5000, '["../x", "\\ud800", ""]', b"\xff\xfe["]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK)
def test_any_junk_in_the_queue_file_is_no_queue(lab, junk):
    run = lab.create(lab.make_config("toy_mlp", "ring", num_steps=5), who="test")
    (lab.store.root / "queue.json").write_bytes(junk if isinstance(junk, bytes) else junk.encode())
    assert lab.queue() == [] and lab.jobs.place(run.id) is None
    assert lab.snapshot(run.id).queue_position is None
    lab.jobs.start_next()
    with pytest.raises(RunError, match="is not waiting"):
        lab.move_up(run.id)


def test_ids_among_junk_still_wait_and_each_only_once(lab):
    run = lab.create(lab.make_config("toy_mlp", "ring", num_steps=5), who="test")
    (lab.store.root / "queue.json").write_text(json.dumps([[], run.id, {}, run.id, "00099-a-b"]))
    assert lab.queue() == [run.id]


def test_a_run_deleted_while_it_waits_waits_no_more(lab):
    first, second, third = start(lab), start(lab), start(lab)
    lab.store.delete(second, "test")
    assert json.loads((lab.store.root / "queue.json").read_text()) == [third]
    restored = lab.store.restore(second, "test")
    assert restored.status().state == lab.snapshot(second).state == State.STOPPED
    assert lab.queue() == [third] and lab.active() == first


@pytest.mark.thorough
def test_a_paused_run_holds_the_queue_and_lets_another_one_pass(lab):
    first, second, third = start(lab), start(lab), start(lab, num_steps=20)
    wait(lambda: lab.snapshot(first).step > 5)
    assert lab.jobs.place(third) == (2, (second,), first, False)
    with pytest.raises(RunError, match=f"{first} is training. Pause or stop it first"):
        lab.jobs.start_first(third)
    lab.job(first).pause()
    wait(lambda: lab.jobs.paused() == first)
    assert lab.jobs.place(third) == (2, (second,), first, True)
    held = lab.snapshot(first).step
    lab.jobs.start_first(third)
    wait(lambda: lab.snapshot(third).state == State.FINISHED)
    wait(lambda: lab.active() == first)  # it was put aside, not lost, and goes on by itself
    assert lab.queue() == [second]
    wait(lambda: lab.snapshot(first).step > held)
    kinds = [event["kind"] for event in lab.store.get(first).events()]
    assert kinds[-2:] == ["stopped", "resumed"] and "paused" in kinds


def test_a_run_that_was_put_aside_can_be_taken_out_of_the_queue(lab):
    first, second = start(lab), start(lab)
    lab.job(first).pause()
    wait(lambda: lab.jobs.paused() == first)
    lab.jobs.start_first(second)
    wait(lambda: lab.active() == second and lab.queue() == [first])
    wait(lambda: lab.snapshot(first).state == State.QUEUED)
    lab.cancel(first)
    assert lab.snapshot(first).state == State.STOPPED and lab.queue() == []
