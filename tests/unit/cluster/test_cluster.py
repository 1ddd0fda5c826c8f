"""Two workers on loopback, one killed in mid-run: all finish, none twice, with the numbers of one process."""

import os
import signal

import numpy as np
import pytest

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytest.importorskip("cryptography", reason="the extra `cluster` is not installed")

from distributed import Client

from gan_core import cluster as room
from gan_core.cluster import address
from gan_core.config import PACE
from gan_core.lab import Lab
from gan_core.runs import orders
from gan_core.runs.records import State
from gan_core.runs.saved import checkpoints
from gan_core.sweeps import plan, queue
from tests.unit.cluster.conftest import wait

STEPS = 24


def planned(lab):
    """Eight runs, a checkpoint every four steps."""
    grid = plan.parse_grid(["width=4", "batch_size=8,16", "checkpoint_every=4"])
    return plan.plan(lab, "toy_mlp", "ring", grid, (1, 2, 3, 4), STEPS)


def process_of(cluster, name):
    """Process number of the worker of that name."""
    where = address.parse(cluster.address)
    with Client(
        cluster.address, security=address.security(where, cluster.tls), set_as_default=False
    ) as client:
        found = client.scheduler_info(n_workers=-1)["workers"]
        (at,) = [each for each, facts in found.items() if facts["name"] == name]
        return client.run(os.getpid, workers=[at])[at]


def outcome(run):
    """All that a training is: its state to go on from, and every number on the way."""
    newest = checkpoints.newest_good_checkpoint(run.path)
    table = run.metrics().rows(1)
    rows = np.stack([table[name] for name in run.metrics().names], axis=1)
    return newest.step, newest.arrays, rows


def events(run, kind):
    return [event for event in run.events() if event["kind"] == kind]


@pytest.mark.fresh
def test_a_sweep_on_two_workers_one_of_which_is_killed(cluster, tmp_path):
    alone = Lab(tmp_path / "alone", cluster.data)
    expected = {}
    for at, config in enumerate(planned(alone).configs):
        run = plan.next_run(alone, planned(alone), at, who="test")
        assert alone.make_job(run.id).run() == State.FINISHED
        expected[config] = outcome(run)

    cluster.start_scheduler()
    lab = Lab(cluster.runs, cluster.data)
    room.join(lab, cluster.address, cluster.tls)
    try:
        ids = queue.start(lab, planned(lab), who="test")
        assert lab.queue() == ids and lab.active() is None  # nobody is there to train
        victim = lab.store.get(ids[0])
        orders.send(victim, "pause", who="test")
        for name in ("left", "right"):
            cluster.start_worker(name)

        wait(lambda: lab.snapshot(victim.id).state == State.PAUSED)
        assert lab.snapshot(victim.id).where in ("left", "right")
        assert {worker.name for worker in lab.jobs.workers if worker.ready} == {"left", "right"}
        wait(lambda: lab.snapshot(victim.id).knobs)
        lab.job(victim.id).set_knobs({PACE: 4.0}, who="test")  # so that it dies in mid-run
        wait(lambda: lab.snapshot(victim.id).knobs[PACE] == 4.0)
        lab.job(victim.id).resume()
        wait(lambda: lab.snapshot(victim.id).step >= 6)
        os.kill(process_of(cluster, lab.snapshot(victim.id).where), signal.SIGKILL)

        wait(lambda: all(lab.snapshot(i).state == State.FINISHED for i in ids))
        assert lab.queue() == []
    finally:
        lab.shutdown()

    for run_id in ids:
        run = lab.store.get(run_id)
        assert len(events(run, "started")) == len(events(run, "finished")) == 1
        (config,) = [c for c in expected if c.model_dump() == run.config]
        step, arrays, rows = outcome(run)
        expected_step, expected_arrays, expected_rows = expected[config]
        assert step == expected_step == STEPS
        np.testing.assert_array_equal(rows, expected_rows)
        assert arrays.keys() == expected_arrays.keys()
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, expected_arrays[name], err_msg=name)
    again = events(victim, "resumed")
    assert len(again) == 2 and 4 <= again[1]["step"] < STEPS  # from its pause, from a checkpoint
    assert [e["step"] for e in events(lab.store.get(ids[1]), "resumed")] == []
