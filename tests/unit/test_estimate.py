"""What a run will need is counted from its networks: equal to Keras's own counts, channels and all."""

import dataclasses
import math
from pathlib import Path

import pytest

from gan_core import data, recipes
from gan_core.config import TrainConfig
from gan_core.networks import sizes
from gan_core.training.estimate import checkpoint_bytes, estimate, written
from gan_core.training.schedule import sample_interval

SPECS = {spec.name: spec for spec in data.specs(Path("no-such-folder"))}
NAMES = [name for name in recipes.names() if recipes.get(name).task == "synthesis"]
CASES = {
    "digits": ((28, 28, 1), 10, {}),
    "colours": ((32, 32, 3), 27, {"width": 6, "latent_dim": 7}),
    "deep": ((64, 80, 3), 2, {"width": 3}),
    "wide": ((64, 48, 3), 3, {"width": 4, "dropout": 0.0}),
}


def spec_of(name, shape=None, classes=10):
    if recipes.get(name).needs == "points":
        return SPECS["ring"]
    spec = SPECS["mnist_5k"]
    names = tuple(map(str, range(classes)))
    shape = shape or spec.image_shape
    return dataclasses.replace(spec, image_shape=shape, num_classes=classes, class_names=names)


def counted(model):
    """Parameters and outputs for one image, by Keras."""
    outputs = sum(math.prod(layer.output.shape[1:]) for layer in model.layers)
    return model.count_params(), outputs


@pytest.mark.sampled(8)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", NAMES)
def test_the_count_is_that_of_the_networks(name, case):
    shape, classes, settings = CASES[case]
    spec = spec_of(name, shape, classes)
    config = recipes.config(name, spec.name, **settings)
    found = recipes.get(name).sizes(config, spec)
    parts = recipes.get(name).build(config, spec)
    for built, ours in (
        (parts.generator(), found.generator),
        (parts.discriminator(), found.discriminator),
    ):
        assert (ours.parameters, ours.outputs) == counted(built), built.name


def test_the_tutorials_own_parameter_counts():
    """As model.summary() of https://www.tensorflow.org/tutorials/generative/dcgan prints them."""
    found = recipes.get("dcgan").sizes(recipes.config("dcgan", "mnist_5k"), SPECS["mnist_5k"])
    assert (found.generator.parameters, found.discriminator.parameters) == (2_330_944, 212_865)


def needs(name, tmp_path, shape=None, classes=10, **settings):
    spec = spec_of(name, shape, classes)
    return estimate(recipes.config(name, spec.name, **settings), spec, tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_colour_size_batch_and_width_all_cost(name, tmp_path):
    usual = needs(name, tmp_path)
    assert usual.memory_bytes > 600e6 and usual.fits == (not usual.problem)
    assert needs(name, tmp_path, batch_size=4096).memory_bytes > usual.memory_bytes
    assert needs(name, tmp_path, width=256).disk_bytes > usual.disk_bytes
    if recipes.get(name).needs == "points":
        return
    grey, colour = (needs(name, tmp_path, (64, 64, c)) for c in (1, 3))
    assert colour.memory_bytes > grey.memory_bytes > usual.memory_bytes
    more = 100 * 80 * 64 * 64 * 2  # two colours more in each tile of 100 grids at least
    assert colour.disk_bytes - grey.disk_bytes > more and grey.disk_bytes > usual.disk_bytes


def test_a_thousand_classes_are_counted(tmp_path):
    few, many = (needs("fast_gan", tmp_path, classes=k) for k in (10, 1000))
    assert many.disk_bytes > 3 * few.disk_bytes


def test_checkpoints_are_kept_within_the_budget_of_a_run(tmp_path):
    short, endless = (needs("dcgan", tmp_path, num_steps=n) for n in (1000, 50_000_000))
    assert short.disk_bytes < endless.disk_bytes < 1.5e9


@pytest.mark.parametrize("name", ["fast_gan", "wgan_gp", "hinge_sn", "toy_mlp"])
def test_a_checkpoint_is_as_large_as_counted(name, tmp_path):
    """Equal to the arrays that a training keeps, but for counters and moments that stay at rest."""
    from gan_core.training.session import build_algorithm

    spec = spec_of(name)
    config = recipes.config(name, spec.name, width=16, batch_size=8)
    algorithm = build_algorithm(config, data.load(spec.name, tmp_path))
    kept = sum(array.nbytes for array in algorithm.state().values())
    told = checkpoint_bytes(recipes.get(name).sizes(config, spec))
    assert kept == pytest.approx(told, rel=0.02, abs=10_000), (kept, told)


def test_what_is_written_is_counted_by_its_own_interval():
    """By hand: one a second for 50 s, then 50 for each factor of e."""
    assert written(sample_interval, 49.5) == 50
    assert written(sample_interval, 360) == pytest.approx(50 + 50 * math.log(360 / 50), abs=2)
    assert written(lambda seconds: 10.0, 60) == 7  # at 0, 10 ... 60


def test_what_is_told_covers_what_a_run_took(tmp_path):
    """One run of fast_gan as it was seen: 410 steps took 18 MB; a process with it 0.7 to 1.0 GB."""
    told = needs("fast_gan", tmp_path)
    assert 18e6 < told.disk_bytes < 400e6
    assert 0.67e9 < told.memory_bytes < 1.3e9


# size, levels, small levels -> channels of G's first map and blocks, of D's layers; by hand, at width 32
LAYERS = {
    (28, 7, 2): ([64, 32], [32, 64]),
    (28, 7, 3): ([64, 32], [32, 64]),
    (32, 7, 2): ([64, 32], [32, 64]),
    (32, 7, 3): ([128, 64, 32], [32, 64, 128]),
    (32, 2, 3): ([64, 32], [32, 64]),
    (48, 7, 2): ([128, 64, 32], [32, 64, 128]),
    (64, 7, 2): ([128, 64, 32, 16], [16, 32, 64, 128]),
    (64, 7, 3): ([128, 64, 32, 16], [16, 32, 64, 128]),
    (128, 7, 2): ([128, 64, 32, 16, 16], [16, 16, 32, 64, 128]),
    (128, 3, 3): ([128, 64, 32], [32, 64, 128]),
    (64, 1, 3): ([32], [32]),
    (8, 7, 3): ([64, 32], [32, 64]),
}


@pytest.mark.parametrize(("case", "channels"), LAYERS.items())
def test_networks_grow_with_the_image(case, channels):
    size, levels, small = case
    config = TrainConfig(levels=levels, small_levels=small)
    plan = sizes.small_layers(config, (size, size, 3), 1.0)
    assert ([plan.base, *(c for c, _ in plan.blocks)], plan.channels) == channels
    assert all(stride == 2 for _, stride in plan.blocks)
    assert size >> len(channels[0]) >= 4 or levels < 7 or size < 16


# sides, levels, small levels, levels more of D -> channels of D's layers; 28 ends in 4, 48 would in 3
DEEPER = {
    ((28, 28), 7, 2, 1): [32, 64, 64],
    ((28, 28), 7, 2, 3): [32, 64, 64],
    ((32, 32), 7, 2, 1): [32, 64, 64],
    ((32, 32), 7, 3, 1): [32, 64, 128],
    ((48, 48), 7, 2, 1): [32, 64, 128],
    ((64, 64), 7, 2, 1): [16, 32, 64, 128],
    ((64, 64), 2, 2, 3): [32, 64, 64, 64],
    ((28, 8), 7, 2, 1): [32, 64],
}


@pytest.mark.parametrize(("case", "channels"), DEEPER.items())
def test_a_discriminator_may_go_on_to_smaller_maps(case, channels):
    sides, levels, small, more = case
    plan, mirror = (
        sizes.small_layers(
            TrainConfig(levels=levels, small_levels=small, d_levels=d_levels), (*sides, 3), 1.0
        )
        for d_levels in (more, 0)
    )
    assert plan.channels == channels
    assert (plan.base, plan.blocks, plan.skips) == (mirror.base, mirror.blocks, mirror.skips)


def test_a_run_of_before_keeps_the_networks_it_was_made_with():
    """Its settings know nothing of levels: a quarter of the size, two layers, at any size."""
    old = TrainConfig.from_dict({"recipe": "fast_gan", "dataset": "mine", "width": 6})
    assert (old.levels, old.augment) == (2, "none")
    spec = spec_of("fast_gan", (32, 32, 3), 4)
    parts = recipes.get("fast_gan").build(old, spec)
    shapes = [tuple(v.shape) for v in parts.generator().variables if v.name == "kernel"]
    assert shapes[0] == (64 + 4, 8 * 8 * 12) and shapes[-1] == (4, 4, 3, 6)
    assert recipes.config("fast_gan", "mine").levels == 7
