"""Measuring on request: runs that nobody trains, and requests that come before the statistics."""

import threading

from gan_core.evaluation.behind import Behind
from tests.unit.training.conftest import wait


def test_a_run_is_measured_once_however_often_it_is_asked(lab, ended, monkeypatch):
    started, go = [], threading.Event()
    monkeypatch.setattr(Behind, "_measure", lambda self, run: started.append(run.id) or go.wait(60))
    for _ in range(3):
        lab.measure(ended.id)
    wait(lambda: started)
    go.set()
    assert started == [ended.id] and lab.behind.phase(ended.id)


def test_what_was_asked_too_early_is_measured_when_it_can_be(lab):
    """The real statistics of images are prepared in a thread; the request waits for them."""
    config = lab.make_config("fast_gan", "mnist_5k", num_steps=100_000, width=4, batch_size=8)
    run = lab.create(config, who="test")
    job = lab.make_job(run.id)
    job.start()
    wait(lambda: job.snapshot().step > 2)
    job.measure_now()
    wait(lambda: lab.evals(run.id))
    assert lab.evals(run.id)[0]["count"] == 2000
    job.stop()
    assert job.join(60)
