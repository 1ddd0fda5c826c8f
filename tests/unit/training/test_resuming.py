"""Going on: resuming and branching repeat exactly what would have come; damage is passed over."""

import contextlib
import json
import shutil
import time

import numpy as np
import pytest

from gan_core.config import TrainConfig
from gan_core.errors import CheckpointError, ConfigError, RunError
from gan_core.lab import Lab
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.training import resuming
from tests.unit.training.conftest import new_run, rows, train, wait


@pytest.mark.fresh
def test_stop_and_resume_is_never_having_stopped(lab, ended):
    parts = new_run(lab)
    job = lab.make_job(parts.id, who="test", on_result=lambda r: r.step == 13 and job.stop())
    assert job.run() == State.STOPPED
    assert parts.status().step == 13
    lab.prepare_resume(parts.id, who="test")
    assert train(lab, parts) == State.FINISHED
    assert np.array_equal(rows(ended), rows(parts))
    states = [checkpoints.load_checkpoint(r.path, 40)[0] for r in (ended, parts)]
    assert all(np.array_equal(a, states[1][n]) for n, a in states[0].items())


@pytest.mark.fresh
def test_work_since_the_last_checkpoint_is_repeated_exactly(lab, ended):
    """A killed run leaves metrics beyond its checkpoint; they are cut and made again, equal."""
    killed = new_run(lab, checkpoint_every=10)

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
    job._ready.writers.metrics.flush()
    assert killed.status().state == State.INTERRUPTED
    assert checkpoints.list_checkpoints(killed.path)[-1].step == 20
    assert train(lab, killed) == State.FINISHED
    assert np.array_equal(rows(ended), rows(killed))


@pytest.mark.thorough
def test_a_run_copied_while_it_trains_opens_elsewhere_and_repeats_the_rest(lab, tmp_path):
    run = new_run(lab, num_steps=120, checkpoint_every=10, sample_every=10)
    job = lab.make_job(run.id, who="test")
    job.start()
    copies = []
    while not job.join(0.01):
        if job.snapshot().step >= 30 * (len(copies) + 1) and len(copies) < 2:
            elsewhere = Lab(tmp_path / f"copy{len(copies)}", tmp_path / "data")
            with contextlib.suppress(shutil.Error):  # of files that went while it copied the rest
                shutil.copytree(run.path, elsewhere.store.root / run.id)
            copies.append(elsewhere)
    assert len(copies) == 2 and run.status().state == State.FINISHED
    for elsewhere in copies:
        copy = elsewhere.store.get(run.id)
        assert copy.status().state == State.INTERRUPTED and not copy.is_locked()
        found = rows(copy)
        assert np.array_equal(found, rows(run)[: len(found)])
    assert train(elsewhere, copy) == State.FINISHED
    assert np.array_equal(rows(copy), rows(run))


def test_a_knob_turned_before_a_stop_survives_the_resume(lab):
    run = new_run(lab, num_steps=100_000)
    job = lab.make_job(run.id)
    job.start()
    job.set_knobs({"g_lr": 0.5}, who="page")
    wait(lambda: job.snapshot().knobs.get("g_lr") == 0.5)
    job.stop()
    job.join(60)
    again = lab.make_job(run.id)
    again.start()
    wait(lambda: again.snapshot().knobs)
    assert again.snapshot().knobs["g_lr"] == 0.5
    again.stop()
    again.join(60)


def test_a_damaged_checkpoint_falls_back_and_says_so(lab, ended):
    state = ended.path / "checkpoints" / "000040" / "state.npz"
    data = bytearray(state.read_bytes())
    data[len(data) // 2] ^= 1
    state.write_bytes(data)
    ended.write_status(num_steps=45, step=30)
    assert train(lab, ended) == State.FINISHED
    warning = next(e for e in ended.events() if e["kind"] == "warning")
    assert "Checkpoint 40 was skipped" in warning["text"]
    assert [e["step"] for e in ended.events() if e["kind"] == "resumed"] == [30]


def test_only_damaged_checkpoints_are_an_error_in_words(lab, ended):
    for state in ended.path.glob("checkpoints/*/state.npz"):
        state.write_bytes(b"nothing")
    ended.write_status(num_steps=60)
    job = lab.make_job(ended.id)
    assert job.run() == State.FAILED
    with pytest.raises(CheckpointError):
        checkpoints.newest_good_checkpoint(ended.path)
    assert "checkpoint" in job.snapshot().error.lower()


def test_a_finished_run_needs_a_larger_total(lab, ended):
    with pytest.raises(RunError, match="has trained 40 steps already, and its limit is 40 steps"):
        lab.prepare_resume(ended.id, who="test")
    with pytest.raises(RunError, match="its limit is 30 steps. Give a larger total"):
        lab.prepare_resume(ended.id, who="test", num_steps=30)
    assert ended.status().num_steps == 40  # a refusal changes nothing
    lab.prepare_resume(ended.id, who="test", num_steps=50)
    assert train(lab, ended) == State.FINISHED and ended.status().step == 50


def test_what_is_free_on_resume_takes_effect_and_is_in_the_run(lab, ended):
    """From step 40 on a grid and a checkpoint at every step, before that as the run was made."""
    wanted = {"sample_every": 1, "checkpoint_every": 2, "device": "cpu", "num_steps": 44}
    before = ended.config
    lab.prepare_resume(ended.id, who="test", settings=wanted)
    assert train(lab, ended) == State.FINISHED
    assert ended.status().step == 44 and {41, 42, 43, 44} <= set(ended.sample_steps())
    kept = [e["step"] for e in ended.events() if e["kind"] == "checkpoint" and e["step"] > 40]
    assert kept == [42, 44]
    [told] = [e for e in ended.events() if e["kind"] == "settings"]
    assert (told["step"], told["who"]) == (40, "test")
    assert told["changes"] == {
        "sample_every": [0, 1],
        "checkpoint_every": [10, 2],
        "device": ["auto", "cpu"],
    }
    assert lab.store.get(ended.id).config == before
    lab.prepare_resume(ended.id, who="test", settings={"sample_every": 1}, num_steps=46)
    assert train(lab, ended) == State.FINISHED and 45 in ended.sample_steps()
    assert len([e for e in ended.events() if e["kind"] == "settings"]) == 1  # nothing new


def test_a_pace_given_on_resume_is_kept(lab, ended):
    lab.prepare_resume(ended.id, who="test", settings={"steps_per_second": 500}, num_steps=60)
    started = time.monotonic()
    assert train(lab, ended) == State.FINISHED
    assert time.monotonic() - started > 19 / 500
    assert resuming.config_of(ended).steps_per_second == 500


@pytest.mark.parametrize(
    ("settings", "limits"),
    [
        ({"num_steps": 50}, (50, None)),
        ({"num_minutes": 3}, (None, 3.0)),
        ({"num_steps": 50, "num_minutes": 3}, (50, 3.0)),
        ({"num_steps": None}, (None, None)),
    ],
)
def test_a_limit_is_a_setting_too(settings, limits, lab, ended):
    lab.prepare_resume(ended.id, who="test", settings=settings)
    status = ended.status()
    assert (status.num_steps, status.num_minutes) == limits


def test_what_no_resume_can_have_written_changes_nothing(ended):
    for changes in (
        {"sample_every": [0, -1]},
        {"g_lr": [0, 1]},
        {"device": 3},
        {"device": ["a"]},
        [],
    ):
        ended.log_event("settings", step=40, who="x", changes=changes)
    assert resuming.config_of(ended) == TrainConfig.from_dict(ended.config)


def test_resuming_with_other_settings_is_refused_with_the_difference(lab):
    run = new_run(lab)
    with pytest.raises(ConfigError, match=r"Different: g_lr: 0.002 in the run, 0.1 received"):
        lab.prepare_resume(run.id, who="test", settings={"g_lr": 0.1})


def test_wall_time_is_resumed_and_leaves_out_pauses(lab, ended, monkeypatch):
    run, first = ended, checkpoints.newest_good_checkpoint(ended.path).meta["wall_time"]
    assert 0 < first <= run.status().wall_time
    lab.prepare_resume(run.id, who="test", num_steps=60)
    job = lab.make_job(run.id)
    job.pause()
    job.start()
    wait(lambda: job.snapshot().state == State.PAUSED)
    clock, hour = time.perf_counter, 3600.0
    monkeypatch.setattr(time, "perf_counter", lambda: clock() + hour)  # it passes in the pause
    assert job.snapshot().wall_time == pytest.approx(first, abs=1e-6)
    job.resume()
    assert job.join(60)
    times = run.metrics().rows(1)["wall_time"]
    assert (np.diff(times) >= 0).all() and first <= times[-1] < hour


@pytest.mark.fresh
def test_a_branch_starts_bit_equal_and_leaves_its_parent_alone(lab, ended):
    before = {p: p.read_bytes() for p in ended.path.rglob("*.npz")}
    child = lab.branch(ended.id, 20, who="test", num_steps=40)
    assert child.parent["run"] == ended.id and child.parent["step"] == 20
    assert train(lab, child) == State.FINISHED
    assert np.array_equal(rows(ended)[20:], rows(child, 21))
    assert {p: p.read_bytes() for p in ended.path.rglob("*.npz")} == before


def test_a_branch_turns_the_knobs_it_was_given(lab, ended):
    child = lab.branch(ended.id, 20, who="test", num_steps=100_000, g_lr=0.25)
    job = lab.make_job(child.id)
    job.start()
    wait(lambda: job.snapshot().step > 25)
    assert job.snapshot().knobs["g_lr"] == 0.25 and job.snapshot().knobs["d_lr"] == 0.002
    job.stop()
    job.join(60)


def test_a_branch_cannot_change_its_networks(lab, ended):
    with pytest.raises(ConfigError, match="`width` cannot change in a branch"):
        lab.branch(ended.id, 40, who="test", width=8)


def test_a_run_that_began_in_metrics_format_1_goes_on_in_it(lab, ended):
    path = ended.path / "metrics.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1}))
    before = (ended.path / "metrics.bin").read_bytes()
    lab.prepare_resume(ended.id, who="test", num_steps=45)
    assert train(lab, ended) == State.FINISHED
    assert json.loads(path.read_text())["format"] == 1
    assert (ended.path / "metrics.bin").read_bytes().startswith(before)
    last = ended.metrics().last()
    assert (last["step"], last["g_updates"], last["d_updates"]) == (45, 45, 45)
