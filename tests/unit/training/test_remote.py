"""Commands to a run that another process trains, through its folder."""

import pytest

from gan_core.errors import RunError
from gan_core.lab import Lab
from gan_core.runs import orders
from gan_core.runs.records import State
from gan_core.training.remote import Listener
from tests.unit.training.conftest import new_run, wait


@pytest.fixture
def page(lab):
    """Another program on the same folders."""
    return Lab(lab.store.root, lab.data_dir)


def kinds(run):
    return [event["kind"] for event in run.events()]


@pytest.mark.thorough
def test_every_command_reaches_a_run_that_is_trained_elsewhere(lab, page):
    run = new_run(lab, num_steps=1_000_000)
    job = lab.make_job(run.id, where="box-1")
    with Listener(job):
        job.start()
        wait(lambda: page.snapshot(run.id).step > 3)
        seen = page.snapshot(run.id)
        assert seen.owned and seen.where == "box-1" and seen.knobs["g_lr"] > 0
        far = page.job(run.id)
        far.pause()
        wait(lambda: page.snapshot(run.id).state == State.PAUSED)
        held = page.snapshot(run.id).step
        far.step_once("generator")
        wait(lambda: "stepped" in kinds(run))
        wait(lambda: job.snapshot().step == held + 1)
        far.set_knobs({"g_lr": 0.0125}, who="page")
        wait(lambda: page.snapshot(run.id).knobs["g_lr"] == pytest.approx(0.0125))
        far.checkpoint_now()
        far.sample_now()
        wait(lambda: "snapshot" in kinds(run) and held + 1 in run.sample_steps())
        far.resume()
        wait(lambda: page.snapshot(run.id).step > held + 1)
        far.stop()
        assert job.join(60)
    ended = page.snapshot(run.id)
    assert ended.state == State.STOPPED and not ended.owned and ended.where == ""
    with pytest.raises(RunError, match="is not trained by this program; it is stopped"):
        page.job(run.id)


def test_what_nobody_took_waits_for_the_next_worker_and_junk_is_left_out(lab):
    run = new_run(lab, num_steps=1_000_000)
    orders.send(run, "stop", who="page")
    (run.path / "commands" / "00.json").write_text('{"do": "format the disk"}')
    (run.path / "commands" / "01.json").write_text('{"do": "knobs", "values": {"g_lr": 1e9}}')
    (run.path / "commands" / "02.json").write_text("{")
    job = lab.make_job(run.id, where="box-2")
    with Listener(job):
        job.start()
        assert job.join(60)
    assert run.status().state == State.STOPPED and orders.take(run) == []


def test_an_unknown_command_is_refused_at_once(lab):
    with pytest.raises(ValueError, match="A command is one of pause, resume"):
        orders.send(new_run(lab), "explode", who="page")


def test_a_job_that_may_not_start_leaves_the_run_as_it_is(lab):
    run = new_run(lab)
    run.write_status(state=State.STOPPED)
    before = run.status()
    lab.make_job(run.id, may_start=lambda: False).run()
    assert run.status() == before and kinds(run) == [] and not run.is_locked()
