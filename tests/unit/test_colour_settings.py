"""Settings for colour: who gets them, where, and that runs of before have none of them."""

import dataclasses

import numpy as np
import pytest

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.data.base import DatasetSpec
from gan_core.doctor import report
from gan_core.doctor.remedies import Remedy
from gan_core.export import model_card
from gan_core.lab import Lab

GREY, COLOUR = (28, 28, 1), (32, 32, 3)
FAST = ("fast_dcgan", "fast_gan")


@pytest.mark.parametrize("name", FAST)
def test_images_of_three_channels_have_a_recipes_own_settings_for_colour(name):
    grey, colour = (recipes.config(name, "mine", images(shape)) for shape in (GREY, COLOUR))
    other = {n: theirs for n, (_, theirs) in grey.differences(colour).items()}
    assert other == recipes.get(name).in_colour and colour.r1_gamma > 0.0
    assert recipes.config(name, "mine") == grey == recipes.config(name, "mine", images((64, 64, 1)))
    assert recipes.config(name, "mine", images(COLOUR), r1_gamma=0.0).r1_gamma == 0.0


def test_the_dcgan_is_the_tutorials_in_greyscale_and_has_the_papers_momentum_in_colour():
    """https://www.tensorflow.org/tutorials/generative/dcgan: Adam(1e-4), whose beta 1 is 0.9, and no average
    of weights; https://arxiv.org/abs/1511.06434, section 4: 0.5."""
    grey, colour = (recipes.config("dcgan", "mine", images(shape)) for shape in (GREY, COLOUR))
    assert (grey.g_lr, grey.beta_1, grey.ema_half_life) == (1e-4, 0.9, 0)
    changed = {n: theirs for n, (_, theirs) in grey.differences(colour).items()}
    assert changed == {"beta_1": 0.5, "ema_half_life": 100}


@pytest.mark.parametrize("name", FAST)
def test_few_images_in_colour_have_settings_of_their_own_again(name):
    """1,999 are few, as for augmentation; of an unknown number nothing is thought."""
    many, few, unknown = (recipes.config(name, "mine", images(COLOUR, n)) for n in (2000, 1999, 0))
    changed = {n: theirs for n, (_, theirs) in many.differences(few).items()}
    assert unknown == many and changed == recipes.get(name).few_in_colour
    assert few.lr_half_steps == 1000  # so that what D sees changed can be learned before rates fall
    grey = [recipes.config(name, "mine", images(GREY, n)) for n in (2000, 1999)]
    assert grey[0] == grey[1]


def test_a_run_of_few_images_is_made_with_their_settings_and_its_command_says_none(tmp_path):
    lab = Lab(tmp_path / "runs", tmp_path / "data")
    lab.data_dir.mkdir()
    photos = np.random.default_rng(0).integers(0, 256, (40, *COLOUR), np.uint8)
    np.savez(lab.data_dir / "few.npz", x_train=photos, x_test=photos[:20])
    run = lab.create(lab.make_config("fast_dcgan", "few", num_steps=5), who="test")
    assert (run.config["lr_half_steps"], run.num_train) == (1000, 40)
    assert model_card._train(run, None).endswith("--seed 1 --steps 5")
    assert "lr_half_steps" not in report._command(run, Remedy("restart", "", {"d_lr": 5e-4}))


def test_the_lab_knows_what_images_a_set_has_and_a_run_says_it(runs_dir, tmp_path):
    lab = Lab(runs_dir, tmp_path / "data")
    assert lab.make_config("fast_gan", "mnist_5k") == recipes.config("fast_gan", "mnist_5k")
    config = lab.make_config("fast_gan", "pixel_faces", instance_noise=0.3, num_steps=5)
    assert config.r1_gamma == recipes.get("fast_gan").in_colour["r1_gamma"]
    run = lab.create(config, who="test")
    assert (run.image_shape, run.num_train) == (COLOUR, 4500)
    assert model_card._train(run, None).endswith("--seed 1 --steps 5 --set instance_noise=0.3")


def test_the_doctor_begins_a_run_of_before_again_with_the_networks_that_it_has(runs_dir, tmp_path):
    """What its settings know nothing of is no wish for the settings for colour that came later."""
    lab = Lab(runs_dir, tmp_path / "data")
    old = {"small_levels": 2, "r1_gamma": 0.0, "r1_every": 0, "g_lr": 4e-3}
    run = lab.create(lab.make_config("fast_gan", "pixel_faces", **old), who="test")
    for name in ("small_levels", "r1_gamma", "r1_every"):
        del run.header["config"][name]
    words = report._command(run, Remedy("restart", "", {"d_lr": 5e-4})).split()
    sets = dict(word.split("=") for word in words if "=" in word)
    assert sets.items() >= {"small_levels": "2", "r1_gamma": "0.0", "d_lr": "0.0005"}.items()
    assert sets["g_lr"] == "0.004" and "width" not in sets


@pytest.mark.parametrize(
    "data", [None, [], {}, {"image_shape": "x"}, {"image_shape": [None], "num_train": "9"}]
)
def test_a_run_that_does_not_say_what_its_images_are(runs_dir, tmp_path, data):
    run = Lab(runs_dir, tmp_path / "data").create(TrainConfig(num_steps=1), who="test")
    run.header["data"] = data
    assert (run.image_shape, run.num_train) == ((), 0)


def images(shape, count=60_000):
    return dataclasses.replace(faces(), image_shape=shape, num_train=count)


def faces():
    return DatasetSpec(
        name="few", title="Few", kind="images", image_shape=COLOUR, num_classes=2,
        class_names=("a", "b"), labels=(0, 1), num_train=9, num_held_out=9, source="bundled",
        licence="", origin="",
    )  # fmt: skip


@pytest.mark.parametrize("name", FAST)
def test_colour_of_32_pixels_starts_from_4_and_a_run_of_before_from_8(name):
    """Kernels by hand, at width 6 and 64 numbers of z: 24 channels at 4 x 4, 12, 6; D mirrors."""
    build, classes = recipes.get(name).build, 2 if name == "fast_gan" else 0
    own = recipes.config(name, "few", faces(), width=6)
    before = own.model_dump(exclude={"small_levels", "d_levels"})  # its settings know nothing of it
    first, second = 64 + classes, (4, 4, 3, 6)

    def kernels(config, network):
        made = getattr(build(config, faces()), network)()
        return [
            tuple(v.shape) for v in made.variables if v.name == "kernel" and v.shape[0] != classes
        ]

    assert kernels(own, "generator") == [
        (first, 4 * 4 * 24), (4, 4, 12, 24), (4, 4, 6, 12), second
    ]  # fmt: skip
    old = TrainConfig.from_dict(before)
    assert kernels(old, "generator") == [(first, 8 * 8 * 12), (4, 4, 6, 12), second]
    assert kernels(own, "discriminator")[:3] == [(4, 4, 3, 6), (4, 4, 6, 12), (4, 4, 12, 24)]
    assert [s[0] for s in kernels(old, "discriminator")][:3] == [4, 4, 8 * 8 * 12]


def test_what_levels_come_to_is_told_by_the_size():
    spec = faces()
    grey = dataclasses.replace(spec, image_shape=GREY)

    def levels(spec, most, small):
        return recipes.meant("levels", most, spec, {"levels": most, "small_levels": small})

    assert [levels(spec, 7, small) for small in (2, 3)] == [2, 3]
    assert [levels(grey, 7, small) for small in (2, 3)] == [2, 2]
    assert levels(spec, 2, 3) == 2 and recipes.meant("levels", 7, spec, {}) == 2
    assert len({recipes.meant("small_levels", small, spec, {}) for small in (2, 3)}) == 1


def test_more_levels_of_the_discriminator_are_none_where_its_map_is_small():
    """28 pixels: 14, 7, 4. 32 in colour: 16, 8, 4 like the generator, so that none is left."""
    spec = faces()
    grey = dataclasses.replace(spec, image_shape=GREY)
    own = {"levels": 7, "small_levels": 3}
    more = [
        recipes.meant("d_levels", n, s, own | {"d_levels": n}) for s in (grey, spec) for n in (0, 1)
    ]
    assert more == [0, 1, 0, 0]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"levels": 7, "d_levels": 10**18}, [2, 1]),
        ({"levels": -(10**18), "d_levels": 10**18}, [1, 2]),
        ({"levels": 7, "d_levels": "x"}, [7, "x"]),
    ],
)
def test_levels_of_a_foreign_run_may_be_anything(settings, expected):
    """28 pixels: two levels of G end in 7, one more of D in 4; one of G in 14, two more of D in 4."""
    grey = dataclasses.replace(faces(), image_shape=GREY)
    assert [recipes.meant(n, v, grey, settings) for n, v in settings.items()] == expected
