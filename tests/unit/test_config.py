"""Settings: what is refused, and in which words."""

import json

import pytest
from pydantic import BaseModel

from gan_core import recipes
from gan_core.config import (
    LIMITS,
    LIVE_KNOBS,
    READING_ORDER,
    SETTINGS,
    TrainConfig,
)
from gan_core.errors import ConfigError
from gan_core.setting import read, setting


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


def names(test):
    return {setting.name for setting in SETTINGS.values() if test(setting)}


RUN = {"recipe", "dataset", "seed", "num_steps", "num_minutes"}
PENALTIES = {"gp_weight", "r1_gamma", "r2_gamma"}
STYLE = {"content_weight", "style_weight", "tv_weight", "picture_lr"}
PICTURE = {"start_from", "picture_size", "picture_levels"}
TERMS = {"gan_weight", "l1_weight", "cycle_weight", "identity_weight", "nce_weight"}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (lambda s: s.apart, RUN),
        (lambda s: s.limit, {"num_steps", "num_minutes"}),
        (lambda s: s.optional, {"num_steps", "num_minutes"}),
        (
            lambda s: s.live,
            {"g_lr", "d_lr", "n_critic", "ema_half_life", "label_smoothing", "instance_noise"}
            | TERMS
            | STYLE,
        ),
        (
            lambda s: s.resume,
            {"num_steps", "num_minutes", "sample_every", "checkpoint_every", "device"}
            | {"steps_per_second", "replicas"},
        ),
        (
            lambda s: not s.branch,
            {
                "recipe",
                "dataset",
                "seed",
                "latent_dim",
                "width",
                "pool_size",
                "upsampling",
                "levels",
                "small_levels",
                "d_levels",
            }
            | PICTURE,
        ),
        (
            lambda s: s.special,
            PENALTIES
            | TERMS
            | {"class_weight", "dropout", "pool_size", "lr_decay_start", "jitter", "upsampling"}
            | {
                "augment",
                "levels",
                "small_levels",
                "d_levels",
                "penalty_at",
                "noise_steps",
                "r1_every",
            }
            | {"ema_ramp"}
            | {"style_layers", "content_layers", "patch_levels", "coarse_steps"}
            | STYLE
            | PICTURE,
        ),
        (lambda s: s.penalty, PENALTIES),
        (
            lambda s: s.restored,
            PENALTIES
            | {"loss", "g_lr", "d_lr", "beta_1", "beta_2", "n_critic", "dropout"}
            | {
                "instance_noise",
                "label_smoothing",
                "batch_size",
                "penalty_at",
                "noise_steps",
                "r1_every",
            }
            | TERMS,
        ),
        (
            lambda s: s.speed == "same",
            {"dataset", "seed", "num_steps", "num_minutes", "g_lr", "d_lr", "beta_1", "beta_2"}
            | {"lr_half_steps", "ema_half_life", "label_smoothing", "pool_size", "lr_decay_start"}
            | TERMS - {"identity_weight"}
            | STYLE
            | {"start_from", "noise_steps", "ema_ramp"},
        ),
        (
            lambda s: s.speed == "switch",
            PENALTIES
            | {"class_weight", "dropout", "instance_noise", "identity_weight", "penalty_at"},
        ),
    ],
    ids=[
        *("apart", "limit", "optional", "live", "resume", "fixed"),
        *("special", "penalty", "restored", "same", "switch"),
    ],
)
def test_what_is_said_of_settings(test, expected):
    assert names(test) == expected


def test_knobs_and_limits_come_in_the_order_of_the_fields():
    assert LIMITS == ("num_steps", "num_minutes")
    assert LIVE_KNOBS == (
        "g_lr", "d_lr", "n_critic", "ema_half_life", "label_smoothing", "instance_noise",
        "gan_weight", "l1_weight", "cycle_weight", "identity_weight", "nce_weight",
        "content_weight", "style_weight", "tv_weight", "picture_lr",
    )  # fmt: skip


def test_bounds_and_kinds_are_read_from_the_fields():
    batch, recipe, beta = SETTINGS["batch_size"], SETTINGS["recipe"], SETTINGS["beta_1"]
    assert batch.bounds == {"ge": 1, "le": 8192} and batch.allowed == "at least 1 and at most 8,192"
    assert recipe.bounds == {} and recipe.allowed == "" and recipe.choices == ()
    assert beta.allowed == "at least 0 and less than 1"
    assert SETTINGS["num_minutes"].allowed == "more than 0 and at most 100,000"
    assert SETTINGS["device"].choices == ("auto", "cpu", "gpu")
    kinds = {"recipe": str, "loss": str, "seed": int, "num_steps": int, "num_minutes": float}
    assert {name: SETTINGS[name].kind for name in kinds} == kinds
    assert batch.described == "real images per discriminator update (images)"


def test_every_field_explains_itself():
    for name, field in TrainConfig.model_fields.items():
        assert field.description and len(field.description) > 10, name
        assert SETTINGS[name].help == field.description


def test_every_field_has_words_a_group_and_a_place_of_its_own():
    assert list(SETTINGS) == list(TrainConfig.model_fields)
    assert len({s.label for s in SETTINGS.values()}) == len(SETTINGS)
    groups = {"Run", "Networks", "Loss", "Updates", "Kept on disk", "Speed"}
    assert {s.group for s in SETTINGS.values()} == groups
    for group in groups:
        places = sorted(s.place for s in SETTINGS.values() if s.group == group)
        assert places == list(range(1, len(places) + 1)), group
    assert sorted(s.name for s in READING_ORDER) == sorted(SETTINGS)


def test_every_knob_is_a_number_with_a_step():
    """Of a fixed size, or a tenth of a rate or a share, whose sizes differ by powers of ten."""
    knobs = {s.name: s for s in SETTINGS.values() if s.live}
    assert {s.kind for s in knobs.values()} == {int, float}
    assert {n: s.step for n, s in knobs.items() if s.step} == {"n_critic": 1, "ema_half_life": 50}
    assert all(s.step for s in knobs.values() if s.kind is int)
    assert not any(s.step for s in SETTINGS.values() if not s.live)


@pytest.mark.parametrize("name", SETTINGS)
def test_values_of_the_right_kind_are_taken_and_others_are_not(name):
    """What is read from a field is what the field does."""
    setting = SETTINGS[name]
    least = max(1, setting.bounds.get("ge", 1))
    inside = setting.choices or {str: ["any"], int: [least], float: [0.5]}[setting.kind]
    for value in inside:
        assert getattr(TrainConfig.from_dict({name: value}), name) == value
    outside = {str: 1, int: 0.5, float: "fast"}[setting.kind]
    with pytest.raises(ConfigError, match=f"`{name}` must be"):
        TrainConfig.from_dict({name: outside})
    if setting.optional:
        assert getattr(TrainConfig.from_dict({name: None}), name) is None
    else:
        with pytest.raises(ConfigError, match=f"`{name}` must be"):
            TrainConfig.from_dict({name: None})


def test_a_misspelt_fact_is_refused():
    class Planted(BaseModel):
        planted: int = setting(1, "Planted", "a setting", group="Run", place=6, liev=True)

    with pytest.raises(TypeError, match="liev"):
        read("planted", Planted.model_fields["planted"])
