"""Settings: what is refused, and in which words."""

import json

import pytest

from gan_core import recipes
from gan_core.config import LIVE_KNOBS, TrainConfig, bounds
from gan_core.errors import ConfigError


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"glr": 1}, r"Unknown config key `glr`\. Did you mean `g_lr`\?"),
        ({"batch_size": 0}, r"`batch_size` must be at least 1\. Received: `batch_size=0`"),
        ({"beta_1": 1.0}, r"`beta_1` must be less than 1\.0\. Received: `beta_1=1.0`"),
        ({"num_minutes": 0}, r"`num_minutes` must be greater than 0"),
        ({"batch_size": 1.5}, r"`batch_size` must be a whole number\. Received: `batch_size=1.5`"),
        ({"batch_size": "many"}, r"`batch_size` must be a whole number"),
        ({"g_lr": float("nan")}, r"`g_lr` must be a finite number"),
        ({"g_lr": "fast"}, r"`g_lr` must be a number\. Received: `g_lr=fast`"),
        ({"loss": "focal"}, r"`loss` must be one of 'non_saturating', .*Received: `loss=focal`"),
        ({"recipe": 3}, r"`recipe` must be a text"),
    ],
)
def test_bad_settings_are_refused_in_words(fields, text):
    with pytest.raises(ConfigError, match=text):
        TrainConfig.from_dict(fields)


def test_settings_must_be_an_object():
    with pytest.raises(ConfigError, match="must be a JSON object. Received: list"):
        TrainConfig.from_dict([1])


@pytest.mark.parametrize("name", recipes.names())
def test_settings_survive_json(name):
    config = recipes.config(name, "mnist_5k", seed=7)
    assert TrainConfig.from_dict(json.loads(json.dumps(config.model_dump()))) == config


def test_a_given_limit_replaces_the_recipe_s_own():
    assert recipes.config("fast_gan", "mnist_5k", num_minutes=1.0).num_steps is None


def test_live_knobs_are_those_of_the_field_metadata():
    assert set(LIVE_KNOBS) == {
        "g_lr", "d_lr", "n_critic", "ema_half_life", "label_smoothing", "instance_noise",
    }  # fmt: skip


def test_bounds_are_read_from_the_fields():
    assert bounds("batch_size") == {"ge": 1, "le": 8192}
    assert bounds("recipe") == {}


def test_every_field_explains_itself():
    for name, field in TrainConfig.model_fields.items():
        assert field.description and len(field.description) > 10, name
