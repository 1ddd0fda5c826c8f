"""Real jobs on the ring, and one run that is trained once and copied into every test that needs it."""

import shutil
import time

import numpy as np
import pytest

from gan_core.lab import Lab
from gan_core.runs.records import State

TOY = {"batch_size": 16, "width": 4, "seed": 5}


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    yield lab
    lab.shutdown()


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A finished run of 40 steps with a checkpoint every 10; never written to."""
    folder = tmp_path_factory.mktemp("trained")
    lab = Lab(folder / "runs", folder / "data")
    run = new_run(lab, checkpoint_every=10)
    assert train(lab, run) == State.FINISHED
    lab.shutdown()
    return run


@pytest.fixture
def ended(lab, trained):
    """A copy of the finished run in the test's own folder."""
    shutil.copytree(trained.path, lab.store.root / trained.id)
    return lab.store.get(trained.id)


def new_run(lab, **settings):
    config = lab.make_config("toy_mlp", "ring", **(TOY | {"num_steps": 40} | settings))
    return lab.create(config, who="test")


def train(lab, run):
    return lab.make_job(run.id, who="test").run()


def wait(condition, seconds=120.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.005)


def rows(run, start=1):
    """Metrics float32 [steps, M] from a step on."""
    reader = run.metrics()
    table = reader.rows(start)
    return np.stack([table[name] for name in reader.names], axis=1)
