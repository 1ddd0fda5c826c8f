"""How fast recipes would train on images that are not there yet."""

import threading

import numpy as np
import pytest
from tensorflow.errors import ResourceExhaustedError

from gan_core import recipes
from gan_core.errors import ConfigError
from gan_core.training import trial
from gan_core.training.trial import Trials, imagined, noise


@pytest.mark.parametrize(
    ("kind", "classes", "names"),
    [
        ("images", 0, ["image"]),
        ("images", 2, ["image", "label"]),
        ("pairs", 0, ["input", "target"]),
        ("sides", 2, ["a", "b"]),
    ],
)
def test_noise_has_the_shape_of_what_is_imagined(kind, classes, names):
    spec = imagined(kind, (32, 32), 3, classes, 500)
    made = noise(spec, 12)
    assert sorted(made.splits["train"]) == names
    assert made.splits["train"][names[0]].shape == (12, 32, 32, 3)
    assert spec.num_classes == classes and not recipes.get("fast_dcgan").misfit(
        imagined("images", (64, 64), 1, 0, 500)
    )


def test_a_recipe_is_measured_for_as_long_as_asked(eagerly):
    config = recipes.config("fast_dcgan", "imagined", width=8, latent_dim=8, batch_size=4)
    assert trial.steps_per_second(config, imagined("images", (28, 28), 1, 0, 100), seconds=0.0) > 0


@pytest.fixture
def measured(monkeypatch):
    """Recipes in the order in which they were measured; each waits until it is let go."""
    found, go = [], threading.Semaphore(0)

    def measure(config, spec, seconds):
        go.acquire()
        found.append(config.recipe)
        if config.recipe == "wgan_gp":
            raise ResourceExhaustedError(None, None, "too large")
        return 8.0

    monkeypatch.setattr(trial, "steps_per_second", measure)
    return found, go


def test_one_after_the_other_is_measured_and_none_twice(measured):
    found, go = measured
    trials = Trials(lambda: None)
    spec = imagined("images", (64, 64), 3, 2, 500)
    trials.start(["fast_gan", "toy_mlp", "wgan_gp", "lsgan"], spec, "64 3 1")
    worker = next(t for t in threading.enumerate() if t.name == "trials")
    assert trials.told()["doing"] == "fast_gan 64 3 1"
    for _ in range(3):
        go.release()
    worker.join(60)
    told = trials.told()
    assert found == ["fast_gan", "wgan_gp", "lsgan"] and told["doing"] == ""
    assert told["speeds"] == {"fast_gan 64 3 1": 8.0, "lsgan 64 3 1": 8.0}
    assert told["problems"] == {"wgan_gp 64 3 1": "too large"}
    trials.start(["fast_gan"], spec, "64 3 1")
    assert trials.told()["doing"] == ""


def test_while_a_run_trains_nothing_is_measured(measured):
    with pytest.raises(ConfigError, match="when 00031 has ended"):
        Trials(lambda: "00031-fast_gan-mine").start(
            ["fast_gan"], imagined("images", (64, 64), 3, 2, 500), "64 3 1"
        )
    assert np.array_equal(measured[0], [])
