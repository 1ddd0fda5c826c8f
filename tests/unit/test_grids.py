"""The place that a page keeps for a run's grids is the one that they will take; large images are smaller."""

import dataclasses

import numpy as np
import pytest

from gan_core import data, recipes, tasks
from gan_core.data.base import Dataset
from gan_core.storage import images
from gan_core.tasks import grids, latent


@pytest.mark.parametrize(
    ("recipe", "dataset"), [("dcgan", "mnist_5k"), ("acgan", "mnist_5k"), ("toy_mlp", "ring")]
)
def test_the_layout_told_before_is_that_of_the_grids(recipe, dataset, tmp_path):
    config, spec = recipes.config(recipe, dataset), data.spec(dataset, tmp_path)
    told = tasks.of_config(config).layout(config, spec)
    classed = recipe == "acgan"  # made by hand: a column a digit
    header = grids.plan(config, spec, labels_used=classed, prior="normal").header(spec.class_names)
    assert list(told.pop("tile")) == header["tile"]
    assert told == {name: header[name] for name in told}
    assert told.get("names", []) == ([str(k) for k in range(10)] if classed else [])


LARGE = (96, 128, 3)


class Painter:
    """Instead of an algorithm: every image is one noise."""

    noise = np.random.default_rng(0).uniform(-1, 1, LARGE).astype(np.float32)

    def sample(self, z, classes):
        return np.repeat(self.noise[None], len(z), axis=0)


@pytest.fixture
def large(tmp_path):
    """The previews of a run on images of 96 x 128, and their settings and data."""
    config, spec = recipes.config("dcgan", "mnist_5k"), data.spec("mnist_5k", tmp_path)
    spec = dataclasses.replace(spec, image_shape=LARGE)
    train = np.random.default_rng(1).integers(0, 256, (20, *LARGE), np.uint8)
    dataset = Dataset(spec, {"train": {"image": train}, "held_out": {"image": train}})
    plan = grids.plan(config, spec, labels_used=False, prior="normal")
    return grids.Previews(plan, dataset, 0), config, spec


def test_large_images_are_averaged_to_what_a_page_shows(large):
    previews, config, spec = large
    header = previews.header()
    assert header["tile"] == [48, 64] == list(tasks.of_config(config).layout(config, spec)["tile"])
    drawn, reals = (images.from_png(p) for p in (previews.draw(Painter()), previews.reals()))
    assert drawn.shape == (8 * 48, 10 * 64, 3) and reals.shape == (2 * 48, 10 * 64, 3)
    pixels = images.to_uint8(Painter.noise).astype(float)
    means = pixels.reshape(48, 2, 64, 2, 3).mean((1, 3))  # blocks of two by two
    assert np.abs(drawn[:48, :64] - means).max() <= 0.5
    assert grids.most_bytes(spec) == drawn.size


def test_a_run_of_before_keeps_the_size_of_its_grids(large):
    previews, _, _ = large
    before = previews.like(previews.header() | {"tile": [96, 128]})
    assert images.from_png(before.draw(Painter())).shape == (8 * 96, 10 * 128, 3)
    assert before.header()["tile"] == [96, 128]
    assert previews.like(previews.header()) == previews


def test_few_classes_have_several_columns_each(tmp_path):
    """Two classes: five columns each; a row has five z, the same in both classes."""
    spec = data.spec("mnist_5k", tmp_path)
    spec = dataclasses.replace(spec, num_classes=2, class_names=("a", "b"), labels=(0, 1))
    config = recipes.config("fast_gan", "mnist_5k", seed=4)
    plan = grids.plan(config, spec, labels_used=True, prior="normal")
    header = plan.header(spec.class_names)
    assert (plan.columns, header["each"], header["names"]) == (10, 5, ["a"] * 5 + ["b"] * 5)
    told = tasks.of_config(config).layout(config, spec)
    assert (told["columns"], told["names"]) == (10, header["names"])
    drawn = latent.sample(8 * 5, config.latent_dim, seed=4).reshape(8, 5, -1)
    z = plan.z.reshape(8, 2, 5, -1)
    assert (z[:, 0] == drawn).all() and (z[:, 1] == drawn).all()
    assert plan.classes.argmax(1).reshape(8, 10).tolist() == [[0] * 5 + [1] * 5] * 8
    before = plan.narrow  # as it was with one column a class
    assert (before.columns, before.labels, before.each) == (2, (0, 1), 1)
    assert (before.z.reshape(8, 2, -1) == drawn.reshape(40, -1)[:8, None]).all()
    assert before.classes.argmax(1).tolist() == [0, 1] * 8
