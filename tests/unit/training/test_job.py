"""A real job on the ring: pause holds, stop ends, failures are kept, resuming is exact."""

import threading
import time

import numpy as np
import pytest

from gan_core import checkpoints
from gan_core.errors import CheckpointError, ConfigError, DiskFullError, RunError, RunLockedError
from gan_core.lab import Lab
from gan_core.records import State
from gan_core.training import writers

TOY = {"batch_size": 16, "width": 4, "seed": 5}


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    yield lab
    lab.shutdown()


def new_run(lab, **settings):
    config = lab.make_config("toy_mlp", "ring", **(TOY | {"num_steps": 40} | settings))
    return lab.create(config, who="test")


def wait(condition, seconds=30.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.005)


def rows(run, start=1):
    """Metrics float32 [steps, M] from a step on."""
    reader = run.metrics()
    table = reader.rows(start)
    return np.stack([table[name] for name in reader.names], axis=1)


def train(lab, run):
    return lab.make_job(run.id, who="test").run()


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


def test_stop_and_resume_is_never_having_stopped(lab):
    whole, parts = new_run(lab), new_run(lab)
    train(lab, whole)
    job = lab.make_job(parts.id, who="test", on_result=lambda r: r.step == 13 and job.stop())
    assert job.run() == State.STOPPED
    assert parts.status().step == 13
    lab.prepare_resume(parts.id, who="test")
    assert train(lab, parts) == State.FINISHED
    assert np.array_equal(rows(whole), rows(parts))
    states = [checkpoints.load_checkpoint(r.path, 40)[0] for r in (whole, parts)]
    assert all(np.array_equal(a, states[1][n]) for n, a in states[0].items())


def test_work_since_the_last_checkpoint_is_repeated_exactly(lab):
    """A killed run leaves metrics beyond its checkpoint; they are cut and made again, equal."""
    whole, killed = new_run(lab), new_run(lab, checkpoint_every=10)
    train(lab, whole)

    class Kill(BaseException):
        pass

    def kill(result):
        if result.step == 27:
            raise Kill
        if result.step == 20:  # the checkpoint of this step is on disk, and so must its metrics be
            assert killed.metrics().last_step == 20

    job = lab.make_job(killed.id, who="test", on_result=kill)
    with pytest.raises(Kill):
        job.run()
    job._writers.metrics.flush()
    assert killed.status().state == State.INTERRUPTED
    assert checkpoints.list_checkpoints(killed.path)[-1].step == 20
    assert train(lab, killed) == State.FINISHED
    assert np.array_equal(rows(whole), rows(killed))


def test_pause_holds_the_step_and_single_steps_advance_it(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 3)
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    held = job.snapshot().step
    assert checkpoints.list_checkpoints(run.path)[-1].step == held
    time.sleep(0.2)
    assert job.snapshot().step == held
    for which in ("both", "discriminator", "generator"):
        job.step_once(which)
    wait(lambda: job.snapshot().step == held + 3)
    counters = job._session.algorithm.counters()
    assert counters["g_updates"] == held + 2 and counters["d_updates"] == held + 2
    job.resume()
    wait(lambda: job.snapshot().step > held + 10)
    assert job.snapshot().state == State.RUNNING
    job.stop()
    assert job.join(10) and run.status().state == State.STOPPED


def test_stop_while_paused_ends_and_a_second_stop_is_harmless(lab):
    job = lab.make_job(new_run(lab, num_steps=100_000).id)
    job.start()
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    job.stop()
    job.stop()
    assert job.join(10) and job.snapshot().state == State.STOPPED


def test_a_knob_is_read_back_marked_and_preceded_by_a_checkpoint(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 3)
    job.set_knobs({"g_lr": 0.0123, "d_lr": job.snapshot().knobs["d_lr"]}, who="page")
    wait(lambda: job.snapshot().knobs["g_lr"] == 0.0123)
    job.stop()
    job.join(10)
    event = next(e for e in run.events() if e["kind"] == "knob")
    assert event["changes"] == {"g_lr": [0.002, 0.0123]} and event["who"] == "page"
    before = next(e for e in run.events() if e["kind"] == "checkpoint")
    assert before["step"] == event["step"] and before["id"] < event["id"]


def test_a_knob_turned_before_a_stop_survives_the_resume(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    job.set_knobs({"g_lr": 0.5}, who="page")
    wait(lambda: job.snapshot().knobs.get("g_lr") == 0.5)
    job.stop()
    job.join(10)
    again = lab.make_job(run.id)
    again.start()
    wait(lambda: again.snapshot().knobs)
    assert again.snapshot().knobs["g_lr"] == 0.5
    again.stop()
    again.join(10)


def test_divergence_fails_in_words_and_keeps_the_good_checkpoint(lab):
    run = new_run(lab, num_steps=5000, checkpoint_every=5)
    job = lab.make_job(run.id)
    job._on_result = lambda r: r.step == 12 and job.set_knobs({"g_lr": 1e38, "d_lr": 1e38}, who="t")
    assert job.run() == State.FAILED
    status = run.status()
    assert "became" in status.error and "step 1" in status.error
    assert run.events()[-1]["kind"] == "failed"
    step, arrays, _, skipped = checkpoints.newest_good_checkpoint(run.path)
    assert step in (10, 12) and not skipped
    assert all(np.isfinite(a).all() for a in arrays.values() if a.dtype == np.float32)


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

    monkeypatch.setattr(writers.checkpoints, "save_checkpoint", saving)
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: "disk is full" in job.snapshot().error)
    held = job.snapshot().step
    full.clear()
    job.resume()
    wait(lambda: job.snapshot().step > held + 5)
    assert job.snapshot().error == ""
    job.stop()
    assert job.join(10) and run.status().state == State.STOPPED


def test_one_run_has_one_writer(lab):
    run = new_run(lab)
    with run.writer_lock():
        job = lab.make_job(run.id)
        assert job.run() == State.FAILED
        assert "written by another process" in job.snapshot().error
        with pytest.raises(RunLockedError), run.writer_lock():
            pass


def test_two_jobs_do_not_mix(lab):
    alone = new_run(lab)
    train(lab, alone)
    pair = [new_run(lab), new_run(lab, seed=6)]
    jobs = [lab.make_job(run.id) for run in pair]
    for job in jobs:
        job.start()
    assert all(job.join(60) for job in jobs)
    assert np.array_equal(rows(alone), rows(pair[0]))
    assert not np.array_equal(rows(alone), rows(pair[1]))


def test_a_damaged_checkpoint_falls_back_and_says_so(lab):
    run = new_run(lab, checkpoint_every=10)
    train(lab, run)
    state = run.path / "checkpoints" / "000040" / "state.npz"
    data = bytearray(state.read_bytes())
    data[len(data) // 2] ^= 1
    state.write_bytes(data)
    run.write_status(num_steps=45, step=30)
    assert train(lab, run) == State.FINISHED
    warning = next(e for e in run.events() if e["kind"] == "warning")
    assert "Checkpoint 40 was skipped" in warning["text"]
    assert [e["step"] for e in run.events() if e["kind"] == "resumed"] == [30]


def test_only_damaged_checkpoints_are_an_error_in_words(lab):
    run = new_run(lab)
    train(lab, run)
    for state in run.path.glob("checkpoints/*/state.npz"):
        state.write_bytes(b"nothing")
    run.write_status(num_steps=60)
    job = lab.make_job(run.id)
    assert job.run() == State.FAILED
    with pytest.raises(CheckpointError):
        checkpoints.newest_good_checkpoint(run.path)
    assert "checkpoint" in job.snapshot().error.lower()


def test_a_finished_run_needs_a_larger_total(lab):
    run = new_run(lab)
    train(lab, run)
    with pytest.raises(RunError, match="has reached its 40 steps. Give a larger total"):
        lab.prepare_resume(run.id, who="test")
    lab.prepare_resume(run.id, who="test", num_steps=50)
    assert train(lab, run) == State.FINISHED and run.status().step == 50


def test_resuming_with_other_settings_is_refused_with_the_difference(lab):
    run = new_run(lab)
    with pytest.raises(ConfigError, match=r"Different: g_lr: 0.002 in the run, 0.1 received"):
        lab.prepare_resume(run.id, who="test", settings={"g_lr": 0.1})


def test_wall_time_is_resumed_and_leaves_out_pauses(lab):
    run = new_run(lab)
    train(lab, run)
    first = run.status().wall_time
    lab.prepare_resume(run.id, who="test", num_steps=60)
    job = lab.make_job(run.id)
    job.pause()
    job.start()
    wait(lambda: job.snapshot().state == State.PAUSED)
    time.sleep(0.5)
    before = job.snapshot().wall_time
    assert before == pytest.approx(first, abs=1e-6)
    job.resume()
    assert job.join(30)
    times = run.metrics().rows(1)["wall_time"]
    assert (np.diff(times) >= 0).all() and times[-1] >= first


def test_a_branch_starts_bit_equal_and_leaves_its_parent_alone(lab):
    parent = new_run(lab, checkpoint_every=10)
    train(lab, parent)
    before = {p: p.read_bytes() for p in parent.path.rglob("*.npz")}
    child = lab.branch(parent.id, 20, who="test", num_steps=40)
    assert child.parent["run"] == parent.id and child.parent["step"] == 20
    assert train(lab, child) == State.FINISHED
    assert np.array_equal(rows(parent)[20:], rows(child, 21))
    assert {p: p.read_bytes() for p in parent.path.rglob("*.npz")} == before


def test_a_branch_turns_the_knobs_it_was_given(lab):
    parent = new_run(lab, checkpoint_every=20)
    train(lab, parent)
    child = lab.branch(parent.id, 20, who="test", num_steps=100_000, g_lr=0.25)
    job = lab.make_job(child.id)
    job.start()
    wait(lambda: job.snapshot().step > 25)
    assert job.snapshot().knobs["g_lr"] == 0.25 and job.snapshot().knobs["d_lr"] == 0.002
    job.stop()
    job.join(10)


def test_a_branch_cannot_change_its_networks(lab):
    parent = new_run(lab)
    train(lab, parent)
    with pytest.raises(ConfigError, match="`width` cannot change in a branch"):
        lab.branch(parent.id, 40, who="test", width=8)
