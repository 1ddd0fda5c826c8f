"""Estimates come from runs that do the same work a step, on this machine; odd ones do not count."""

import dataclasses

import pytest

from gan_core import data, recipes
from gan_core.config import SETTINGS
from gan_core.runs.store import RunStore
from gan_core.startup import runtime
from gan_core.training import speeds


@pytest.fixture
def store(runs_dir):
    return RunStore(runs_dir)


@pytest.fixture
def specs(tmp_path):
    return data.specs(tmp_path / "data")


@pytest.fixture
def trained(store):
    """A run that trained at a rate: `trained(20, batch_size=1)`; its id."""

    def train(
        rate, recipe="dcgan", dataset="mnist_5k", *, seconds=100.0, versions=None, **settings
    ):
        status = {k: settings.pop(k) for k in ("images_seen", "steps_per_second") if k in settings}
        parent = settings.pop("parent", None)
        config = recipes.config(recipe, dataset, **settings)
        made_on = {"processor": runtime.processor()} if versions is None else versions
        run = store.create(config.model_dump(), versions=made_on, parent=parent)
        step = round(rate * seconds)
        seen = step * config.batch_size * config.n_critic
        fields = {"images_seen": seen, "steps_per_second": rate} | status
        run.write_status(state="finished", step=step, wall_time=seconds, **fields)
        return run.id

    return train


def rate_of(store, specs, recipe="dcgan", dataset="mnist_5k", **settings):
    found = speeds.Speeds(store.summaries(), specs)
    speed = found.of(recipes.config(recipe, dataset, **settings))
    return speed and round(speed.steps_per_second, 6)


def test_one_odd_run_says_nothing_of_the_usual_settings(store, specs, trained):
    trained(24, batch_size=1)
    assert rate_of(store, specs) is None
    assert rate_of(store, specs, batch_size=1) == 24
    trained(1.2)
    assert rate_of(store, specs) == 1.2 and rate_of(store, specs, batch_size=1) == 24


DECIDE = {
    "batch_size": 32,
    "width": 8,
    "latent_dim": 7,
    "n_critic": 3,
    "precision": "bfloat16",
    "steps_per_call": 8,
    "device": "gpu",
    "sample_every": 1,
    "loss": "hinge",
    "dropout": 0.0,
}
DO_NOT = {
    "seed": 9,
    "g_lr": 0.5,
    "d_lr": 0.5,
    "num_steps": 3,
    "num_minutes": 2,
    "beta_1": 0.1,
    "lr_half_steps": 5,
    "label_smoothing": 0.2,
    "dropout": 0.5,
}


@pytest.mark.parametrize("name", DECIDE)
def test_what_changes_the_work_of_a_step_makes_another_speed(store, specs, trained, name):
    trained(5, **{name: DECIDE[name]})
    assert rate_of(store, specs) is None
    assert rate_of(store, specs, **{name: DECIDE[name]}) == 5


@pytest.mark.parametrize("name", DO_NOT)
def test_what_leaves_the_work_of_a_step_alone_does_not(store, specs, trained, name):
    trained(5, **{name: DO_NOT[name]})
    assert rate_of(store, specs) == 5


def test_what_decides_is_not_said_to_leave_the_speed_alone():
    same = {setting.name for setting in SETTINGS.values() if setting.speed == "same"}
    assert same and not same & {"recipe", *DECIDE}


def test_data_count_by_their_shape_not_their_name(store, specs, trained):
    spec = next(s for s in specs if s.name == "mnist_5k")
    same = dataclasses.replace(spec, name="mine")
    colour = dataclasses.replace(spec, name="colour", image_shape=(28, 28, 3))
    trained(5)
    for dataset, rate in {"mine": 5, "colour": None, "unknown": None}.items():
        assert rate_of(store, [*specs, same, colour], dataset=dataset) == rate
    trained(7, dataset="gone")  # its data are no longer there: like itself only
    assert rate_of(store, specs, dataset="gone") == 7 and rate_of(store, specs) == 5


def test_odd_runs_do_not_count(store, specs, trained):
    trained(50, seconds=9)  # compiling is most of it
    trained(50, versions={"processor": "another, 64 cores"})
    trained(50, parent={"run": "00001-a-b", "step": 3, "changes": {}})  # its parent's time
    trained(50, images_seen=5 * 50 * 100 * 256)  # n_critic was turned to 5
    trained(50, steps_per_second=0.02)  # it stood still for a minute
    trained(50, steps_per_second=200)
    assert rate_of(store, specs) is None
    trained(5, versions={})  # made before the processor was noted
    assert rate_of(store, specs) == 5


def test_the_median_of_the_newest_five(store, specs, trained):
    for rate in (90, 90, 90, 10, 11, 3, 12, 13):  # once the machine was busy
        trained(rate)
    assert rate_of(store, specs) == 11


def test_settings_of_another_program_are_unlike_and_do_no_harm(store, specs):
    odd = {"recipe": "dcgan", "dataset": ["mnist_5k"], "batch_size": 4, "n_critic": 1}
    for config in (odd, odd | {"dataset": {}, "width": [1]}, {"recipe": 7, "batch_size": 4}):
        run = store.create(config)
        run.write_status(step=100, wall_time=100.0, images_seen=400)
    assert rate_of(store, specs, batch_size=4) is None


def test_the_table_is_only_for_what_it_was_measured_on(store, specs):
    found = speeds.Speeds([], specs)
    usual = recipes.config("dcgan", "mnist_5k")
    assert found.table(usual) == speeds.Speed(1000 / recipes.get("dcgan").ms_per_step)
    assert found.table(usual.replace(g_lr=1e-3, seed=4)) is not None
    assert found.table(usual.replace(batch_size=1)) is None
    assert found.table(usual.replace(dataset="unknown")) is None


def test_settings_that_mean_the_same_on_the_data_are_alike(store, specs, trained):
    """Runs of before know nothing of levels and augmentation: on digits nothing has changed."""
    trained(24, "fast_gan", levels=2, augment="none")
    assert rate_of(store, specs, "fast_gan") == 24
    trained(9, "fast_gan", "pixel_faces", levels=2, augment="none")  # nor at 32 pixels
    assert rate_of(store, specs, "fast_gan", "pixel_faces") == 9
