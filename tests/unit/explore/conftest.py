"""Small runs with stored weights of several steps: real networks, no training."""

import warnings

import numpy as np
import pytest
from starlette.applications import Starlette

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.lab import Lab
from gan_core.runs.saved import checkpoints
from gan_core.web import explore_routes, guard
from tests.unit.explore.wire import TYPE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

STEPS = (0, 10, 20)
SMALL = {
    "fast_gan": {"width": 8, "latent_dim": 12},
    "acgan": {"width": 4, "latent_dim": 12},
    "mlp_gan": {"width": 8, "latent_dim": 12},
}


def store_weights(run, step, arrays):
    checkpoints.save_weights(run.path, step, arrays, {"images_seen": 64 * step})


def vivid(model, rng):
    """Weights whose images differ a lot: fresh networks make nearly grey ones."""
    from gan_core.algorithms.variables import copy_out, named

    arrays = copy_out(named("generator", model.variables))
    for name, values in arrays.items():
        if "kernel" in name and not values.std():  # gains and offsets of classes
            arrays[name] = (values + rng.normal(0, 0.2, values.shape)).astype(np.float32)
        elif "kernel" in name:
            arrays[name] = (values * 2.5 + rng.normal(0, 0.02, values.shape)).astype(np.float32)
        if "moving_variance" in name:
            arrays[name] = rng.uniform(0.5, 2.0, values.shape).astype(np.float32)
    return arrays


@pytest.fixture(scope="session")
def explore_lab(tmp_path_factory):
    """A Lab with one run per recipe; step 20 of fast_gan also has a full checkpoint."""
    from gan_core.startup import runtime

    runtime.start()
    from gan_core.training.session import build_algorithm, load_dataset

    root = tmp_path_factory.mktemp("explore")
    lab = Lab(root / "runs", root / "data")
    for recipe, changes in SMALL.items():
        config = lab.make_config(recipe, "mnist_5k", **changes)
        run = lab.store.create(config.model_dump())
        dataset = load_dataset(TrainConfig.from_dict(run.config), lab.data_dir, lambda phase: None)
        parts = recipes.get(recipe).build(config, dataset.spec)
        for step in STEPS:
            store_weights(run, step, vivid(parts.generator(), np.random.default_rng(step)))
        if recipe != "mlp_gan":
            state = build_algorithm(config, dataset).state()
            checkpoints.save_checkpoint(run.path, 20, state, {"images_seen": 1280})
        run.write_status(state="stopped", step=20)
    return lab


@pytest.fixture(scope="session")
def run_of(explore_lab):
    """run_of("acgan"): the run of a recipe."""
    ids = {i.split("-")[1]: i for i in explore_lab.store.ids()}
    return lambda recipe: explore_lab.store.get(ids[recipe])


@pytest.fixture(scope="session")
def generator_of(explore_lab, run_of):
    """generator_of("acgan"): its generator at the newest step, opened as the command line does."""
    opened = {}

    def open_(recipe):
        if recipe not in opened:
            opened[recipe] = explore_lab.open_generator(run_of(recipe).id)
        return opened[recipe]

    return open_


@pytest.fixture(scope="module")
def client(explore_lab):
    routes = explore_routes.make_explore_routes(lambda: explore_lab)
    app = Starlette(routes=routes, middleware=guard.middleware())
    with TestClient(app, base_url="http://localhost:8501") as found:
        yield found


@pytest.fixture
def post(client, run_of):
    def send(route, data, recipe="fast_gan", headers=TYPE, run=None):
        name = run or run_of(recipe).id
        return client.post(f"/api/explore/{name}/{route}", content=data, headers=headers)

    return send
