"""A real job on the ring: pause holds, stop ends, knobs turn, failures are kept."""

import re
import threading
import time

import numpy as np
import pytest

from gan_core.errors import DiskFullError, RunLockedError
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.training import schedule
from tests.unit.training.conftest import new_run, rows, train, wait


def test_a_run_ends_at_its_limit_with_everything_on_disk(lab):
    run = new_run(lab)
    assert train(lab, run) == State.FINISHED
    status = run.status()
    assert (status.state, status.step, status.images_seen) == (State.FINISHED, 40, 40 * 16)
    assert run.metrics().last_step == 40 and np.isfinite(rows(run)).all()
    assert checkpoints.list_checkpoints(run.path)[-1].step == 40
    assert {0, 40} <= set(checkpoints.list_weights(run.path))
    assert {0, 40} <= set(run.sample_steps()) and run.reals_png()[:4] == b"\x89PNG"
    assert [e["kind"] for e in run.events()] == ["started", "checkpoint", "finished"]
    assert not run.is_locked()


def test_pause_holds_the_step_and_single_steps_advance_it(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 3)
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    held = job.snapshot().step
    assert checkpoints.list_checkpoints(run.path)[-1].step == held
    for which in ("both", "discriminator", "generator"):
        job.step_once(which)
    wait(lambda: job.snapshot().step == held + 3)
    counters = job._ready.session.algorithm.counters()
    assert counters["g_updates"] == held + 2 and counters["d_updates"] == held + 2
    job.resume()
    wait(lambda: job.snapshot().step > held + 10)
    assert job.snapshot().state == State.RUNNING
    job.stop()
    assert job.join(60) and run.status().state == State.STOPPED


def test_stop_while_paused_ends_and_a_second_stop_is_harmless(lab):
    job = lab.make_job(new_run(lab, num_steps=100_000).id)
    job.start()
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    job.stop()
    job.stop()
    assert job.join(60) and job.snapshot().state == State.STOPPED


def test_a_knob_is_read_back_marked_and_preceded_by_a_checkpoint(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 3)
    job.set_knobs({"g_lr": 0.0123, "d_lr": job.snapshot().knobs["d_lr"]}, who="page")
    wait(lambda: job.snapshot().knobs["g_lr"] == 0.0123)
    job.stop()
    job.join(60)
    event = next(e for e in run.events() if e["kind"] == "knob")
    assert event["changes"] == {"g_lr": [0.002, 0.0123]} and event["who"] == "page"
    before = next(e for e in run.events() if e["kind"] == "checkpoint")
    assert before["step"] == event["step"] and before["id"] < event["id"]


def test_divergence_fails_in_words_and_keeps_the_good_checkpoint(lab):
    run = new_run(lab, num_steps=5000, checkpoint_every=5)

    def turn(result):
        if result.step == 12:
            job.set_knobs({"g_lr": 1e38, "d_lr": 1e38}, who="t")

    job = lab.make_job(run.id, on_result=turn)
    assert job.run() == State.FAILED
    status = run.status()
    assert "became" in status.error and "step 1" in status.error
    assert run.events()[-1]["kind"] == "failed"
    step, arrays, _, skipped = checkpoints.newest_good_checkpoint(run.path)
    assert step in (10, 12) and not skipped
    assert all(np.isfinite(a).all() for a in arrays.values() if a.dtype == np.float32)


def test_broken_weights_are_never_stored_however_the_run_ends(lab):
    """The step's metrics are still finite: what breaks is the update at its end, and the run stops."""
    run = new_run(lab, num_steps=1000)

    def spoil(result):
        if result.step == 12:
            network = job._ready.session.algorithm.averages["generator"]
            network.trainable_variables[0].assign(network.trainable_variables[0] * np.nan)
            job.stop()

    job = lab.make_job(run.id, on_result=spoil)
    assert job.run() == State.FAILED
    assert re.search(
        r"weight in .* became NaN or infinite at step 12\. The last finite values, at step 12, "
        r"were g_loss \d.*, d_loss \d",
        run.status().error,
    )
    assert 12 not in checkpoints.list_weights(run.path)
    assert not checkpoints.list_checkpoints(run.path)


def test_a_bug_keeps_its_traceback_with_the_run(lab):
    run = new_run(lab)

    def broken(result):
        raise ZeroDivisionError("a bug")

    assert lab.make_job(run.id, on_result=broken).run() == State.FAILED
    assert run.status().error == "ZeroDivisionError: a bug"
    assert "Traceback" in (run.path / "log.txt").read_text()


def test_a_full_disk_pauses_with_a_notice(lab, monkeypatch):
    run = new_run(lab, num_steps=100_000, checkpoint_every=4)
    full = threading.Event()
    full.set()
    save = checkpoints.save_checkpoint

    def saving(*args):
        if full.is_set():
            raise DiskFullError("The disk is full: no room.")
        return save(*args)

    monkeypatch.setattr(checkpoints, "save_checkpoint", saving)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: "disk is full" in job.snapshot().error)
    held = job.snapshot().step
    full.clear()
    job.resume()
    wait(lambda: job.snapshot().step > held + 5)
    assert job.snapshot().error == ""
    job.stop()
    assert job.join(60) and run.status().state == State.STOPPED


def test_one_run_has_one_writer(lab):
    run = new_run(lab)
    with run.writer_lock():
        job = lab.make_job(run.id)
        assert job.run() == State.FAILED
        assert "written by another process" in job.snapshot().error
        with pytest.raises(RunLockedError), run.writer_lock():
            pass


@pytest.mark.fresh
def test_two_jobs_do_not_mix(lab, ended):
    pair = [new_run(lab), new_run(lab, seed=6)]
    jobs = [lab.make_job(run.id) for run in pair]
    for job in jobs:
        job.start()
    assert all(job.join(60) for job in jobs)
    assert np.array_equal(rows(ended), rows(pair[0]))
    assert not np.array_equal(rows(ended), rows(pair[1]))


def test_a_run_keeps_its_first_steps_for_the_time_machine(lab, monkeypatch):
    monkeypatch.setattr(schedule, "EARLY_ALLOWANCE", 60.0)  # however slow this machine is
    run = new_run(lab, num_steps=210)
    assert train(lab, run) == State.FINISHED
    grids, weights = run.sample_steps(), checkpoints.list_weights(run.path)
    assert grids[:8] == [0, 1, 2, 4, 8, 16, 24, 32] and 200 in grids
    assert weights[:5] == [0, 1, 4, 8, 16] and 200 in weights
    for step in weights:
        checkpoints.load_weights(run.path, step)  # whole, by their checksums


@pytest.mark.thorough
def test_weights_of_nearly_the_same_step_are_kept_once(lab):
    run = new_run(lab, num_steps=1000)
    job = lab.make_job(run.id, on_result=lambda r: r.step in (600, 603) and job.checkpoint_now())
    assert job.run() == State.FINISHED
    kept = checkpoints.list_weights(run.path)
    assert 603 in kept and 600 not in kept


def test_slow_motion_holds_back_and_changes_no_number(lab, ended):
    run = new_run(lab, steps_per_second=1000.0)
    assert train(lab, run) == State.FINISHED
    assert np.array_equal(rows(ended), rows(run))


@pytest.mark.thorough
def test_slow_motion_is_turned_while_it_trains_and_draws_as_it_goes(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 3)
    job.set_knobs({"steps_per_second": 2.0}, who="page")
    wait(lambda: job.snapshot().knobs["steps_per_second"] == 2.0)
    start, began = job.snapshot().step, time.monotonic()
    wait(lambda: job.snapshot().step >= start + 4)
    assert time.monotonic() - began > 1.4  # four steps have three waits of half a second
    assert job.snapshot().steps_per_second <= 2.0
    wait(lambda: job.snapshot().sample_step > start)
    assert not checkpoints.list_checkpoints(run.path)  # no setting that is learned from was turned
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    job.set_knobs({"steps_per_second": 0.0}, who="page")
    job.resume()
    wait(lambda: job.snapshot().step > start + 50)
    job.stop()
    assert job.join(60) and "knob" not in [e["kind"] for e in run.events()]


def test_a_single_step_is_drawn_and_logged(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    for which in ("both", "generator"):
        before = job.snapshot().step
        job.step_once(which)
        wait(lambda step=before + 1: job.snapshot().sample_step == step)
        assert before + 1 in run.sample_steps()
    job.stop()
    assert job.join(60)
    steps = [(e["step"], e["network"]) for e in run.events() if e["kind"] == "stepped"]
    assert steps == [(before, "both"), (before + 1, "generator")]
