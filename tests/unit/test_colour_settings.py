"""Settings for colour: who gets them, what they do in a step, and that runs of before have none of them."""

import numpy as np
import pytest

from gan_core import recipes
from gan_core.algorithms import regularizers
from gan_core.config import TrainConfig
from gan_core.data.base import Dataset, DatasetSpec
from gan_core.export import model_card
from gan_core.lab import Lab, unused
from gan_core.training.session import build_algorithm

GREY, COLOUR = (28, 28, 1), (32, 32, 3)
FAST = ("fast_dcgan", "fast_gan")
SMALL = {"width": 2, "latent_dim": 4, "batch_size": 8, "num_steps": 1, "seed": 5}


@pytest.mark.parametrize("name", FAST)
def test_images_of_three_channels_have_a_recipes_own_settings_for_colour(name):
    grey, colour = (recipes.config(name, "mine", shape) for shape in (GREY, COLOUR))
    other = {n: theirs for n, (_, theirs) in grey.differences(colour).items()}
    assert other == recipes.get(name).in_colour and colour.r1_gamma > 0.0
    assert recipes.config(name, "mine") == grey == recipes.config(name, "mine", (64, 64, 1))
    assert recipes.config(name, "mine", COLOUR, r1_gamma=0.0).r1_gamma == 0.0


def test_the_lab_knows_what_images_a_set_has_and_a_run_says_it(runs_dir, tmp_path):
    lab = Lab(runs_dir, tmp_path / "data")
    assert lab.make_config("fast_gan", "mnist_5k") == recipes.config("fast_gan", "mnist_5k")
    config = lab.make_config("fast_gan", "pixel_faces", instance_noise=0.3, num_steps=5)
    assert config.r1_gamma == recipes.get("fast_gan").in_colour["r1_gamma"]
    run = lab.create(config, who="test")
    assert run.image_shape == COLOUR
    assert model_card._train(run, None).endswith("--seed 1 --steps 5 --set instance_noise=0.3")


@pytest.mark.parametrize("data", [None, [], {}, {"image_shape": "x"}, {"image_shape": [None]}])
def test_a_run_that_does_not_say_what_its_images_are(runs_dir, tmp_path, data):
    run = Lab(runs_dir, tmp_path / "data").create(TrainConfig(num_steps=1), who="test")
    run.header["data"] = data
    assert run.image_shape == ()


def faces(count=16):
    spec = DatasetSpec(
        name="few", title="Few", kind="images", image_shape=(16, 16, 3), num_classes=2,
        class_names=("a", "b"), labels=(0, 1), num_train=count, num_held_out=8, source="bundled",
        licence="", origin="",
    )  # fmt: skip
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (count, 16, 16, 3), np.uint8)
    split = {"image": images, "label": (np.arange(count) % 2).astype(np.int32)}
    return Dataset(spec, {"train": split, "held_out": {n: a[:8] for n, a in split.items()}})


def built(name, **changes):
    own = recipes.config(name, "few", (16, 16, 3), augment="none", **(SMALL | changes))
    return build_algorithm(own, faces())


@pytest.mark.parametrize("name", FAST)
def test_the_slope_is_kept_at_every_so_manieth_image(name, eagerly, monkeypatch):
    seen = []
    monkeypatch.setattr(
        regularizers,
        "r1",
        lambda critic, real, fake, rng: seen.append((real, fake)) or real[0, 0, 0, 0],
    )
    algorithm = built(name, r1_every=3)
    whole = algorithm.source.draw(0, 8)[0].numpy()
    values = dict(zip(algorithm.metric_names, algorithm.train_step().numpy(), strict=True))
    ((real, fake),) = seen
    np.testing.assert_array_equal(real, whole[::3])  # three of eight
    assert fake.shape == real.shape and values["penalty/r1"] == pytest.approx(whole[0, 0, 0, 0])


def test_where_it_has_no_weight_nothing_of_it_is_computed(eagerly):
    for changes in ({"r1_gamma": 0.0}, {"r1_every": 0}):
        assert built("fast_gan", **changes).parts.regularizers == {}
    with pytest.raises(AssertionError):
        assert built("fast_gan").parts.regularizers == {}


def test_a_weight_that_had_no_effect_in_a_run_of_before_has_none_now():
    """Its settings know nothing of `r1_every`."""
    old = TrainConfig.from_dict({"recipe": "fast_gan", "dataset": "few", "r1_gamma": 0.2})
    assert unused.penalties(old) == ["r1_gamma"]
    assert recipes.get("fast_gan").build(old, faces().spec).regularizers == {}
    assert "r1_every" in unused.why("r1_gamma", old)


def test_bfloat16_goes_with_the_fast_recipes_where_they_have_no_penalty():
    recipe = recipes.get("fast_gan")
    assert recipe.conflict(recipes.config("fast_gan", "x", GREY, precision="bfloat16")) == ""
    told = recipe.conflict(recipes.config("fast_gan", "x", COLOUR, precision="bfloat16"))
    assert "r1_gamma" in told and "float32" in told
