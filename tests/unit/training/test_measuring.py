"""Measuring on request: runs that nobody trains, and requests that come before the statistics."""

import threading
from types import SimpleNamespace

import pytest

from gan_core.errors import DataError
from gan_core.evaluation.behind import Behind
from gan_core.evaluation.measuring import sets
from gan_core.runs.records import State
from tests.unit.training.conftest import wait


def test_a_run_is_measured_once_however_often_it_is_asked(lab, ended, monkeypatch):
    started, go = [], threading.Event()
    monkeypatch.setattr(Behind, "_measure", lambda self, run: started.append(run.id) or go.wait(60))
    for _ in range(3):
        lab.measure(ended.id)
    wait(lambda: started)
    go.set()
    assert started == [ended.id] and lab.behind.phase(ended.id)


@pytest.mark.thorough
def test_what_was_asked_too_early_is_measured_when_it_can_be(lab, monkeypatch):
    """The real statistics of images are prepared in a thread; the request waits for them."""
    asked, opened = threading.Event(), sets.Sets.open_reference

    def open_reference(*args, **kwargs):
        assert asked.wait(600)
        return opened(*args, **kwargs)

    monkeypatch.setattr(sets.Sets, "usual_count", lambda self, spec: 200)  # 2,000 take seconds
    monkeypatch.setattr(sets.Sets, "open_reference", open_reference)
    slowly = {"steps_per_second": 5}  # the processor is for the statistics
    config = lab.make_config(
        "fast_gan", "mnist_5k", num_steps=100_000, width=4, batch_size=8, **slowly
    )
    run = lab.create(config, who="test")
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 2)
    job.measure_now()
    asked.set()
    wait(lambda: lab.evals(run.id))
    assert lab.evals(run.id)[0]["count"] == 200
    job.stop()
    assert job.join(60)


def paused(lab):
    """A job of images that holds at a step, with nothing prepared for measuring."""
    config = lab.make_config("fast_gan", "mnist_5k", num_steps=100_000, width=4, batch_size=8)
    job = lab.make_job(lab.create(config, who="test").id)
    job.start()
    wait(lambda: job.snapshot().step > 2)
    job.pause()
    wait(lambda: job.snapshot().state == State.PAUSED)
    evaluator = job._ready.writers.evaluator
    assert evaluator.reference is None
    evaluator.count = 200  # statistics of 2,000 take seconds
    return job


@pytest.mark.thorough
def test_a_paused_run_is_measured_without_going_on(lab):
    job = paused(lab)
    held, run_id = job.snapshot().step, job.run_folder.id
    job.measure_now()
    wait(lambda: lab.evals(run_id))
    assert job.snapshot().state == State.PAUSED and job.snapshot().step == held
    assert [line["step"] for line in lab.evals(run_id)] == [held]
    job.measure_now()
    wait(lambda: len(lab.evals(run_id)) == 2)
    job.stop()
    assert job.join(60) and not job.unmeasured


def test_why_nothing_can_be_measured_is_said_while_paused(lab):
    def refuse(*args, **kwargs):
        raise DataError("there is no room for them")

    job = paused(lab)
    way = job._ready.writers.evaluator.way
    job._ready.writers.evaluator.way = SimpleNamespace(rhythm=way.rhythm, open_reference=refuse)
    job.measure_now()
    wait(lambda: job.unmeasured)
    assert job.unmeasured.endswith("there is no room for them")
    wait(lambda: job.run_folder.events()[-1]["kind"] == "warning")
    assert job.run_folder.events()[-1]["text"] == job.unmeasured
    job.stop()
    assert job.join(60)


def test_a_run_shorter_than_the_warm_up_leaves_nothing_computing_behind(lab):
    """Statistics that no later step can use: the process ended beneath them and crashed."""
    config = lab.make_config("fast_gan", "mnist_5k", num_steps=3, width=4, batch_size=8)
    before = set(threading.enumerate())
    assert lab.make_job(lab.create(config, who="test").id).run() == "finished"
    new = set(threading.enumerate()) - before
    assert [thread.name for thread in new if thread.name == "evaluator"] == []
