"""Our routes behind the guard, over a real Lab whose folders are the test's own."""

import warnings

import pytest
from starlette.applications import Starlette

from gan_core import recipes
from gan_core.lab import Lab
from gan_core.runs.metrics.writer import MetricsWriter
from gan_core.web import guard, routes

with warnings.catch_warnings():
    # starlette prefers httpx2, which nothing else here needs; httpx does the same for a test
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

NAMES = ("g_loss", "d_loss", "real_accuracy", "fake_accuracy", "penalty/r1")


@pytest.fixture
def lab(runs_dir, tmp_path):
    return Lab(runs_dir, tmp_path / "data")


@pytest.fixture
def run(lab):
    """A run folder without metrics."""
    return lab.store.create(recipes.config("fast_gan", "mnist_5k").model_dump())


@pytest.fixture
def client(lab):
    app = Starlette(routes=routes.make_routes(lambda: lab), middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


@pytest.fixture
def train():
    """train(run, first, last): rows whose g_loss is the step and d_loss half of it."""

    def write(run, first, last, *, keep_to=None, pace=0.5, names=NAMES):
        with MetricsWriter(run.path, names, keep_to_step=keep_to) as writer:
            for step in range(first, last + 1):
                values = [step, step / 2, *[0.25] * (len(names) - 2)]
                writer.append(step, 64 * step, pace * step, (), values)

    return write
