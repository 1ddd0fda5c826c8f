"""Projection finds the z and class of images that the generator made."""

import numpy as np
import pytest

from gan_core.explore.project import project
from gan_core.storage.images import to_float, to_uint8
from gan_core.tasks import latent


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("recipe", "labels"), [("fast_gan", [1, 8]), ("acgan", [8]), ("mlp_gan", [0])]
)
def test_generated_images_are_found_again(recipe, labels, generator_of):
    generator = generator_of(recipe)
    z = latent.sample(len(labels), generator.latent_dim, seed=40, prior=generator.prior)
    rows = latent.one_hot(np.array(labels), 10) if generator.num_classes else None
    targets = to_float(to_uint8(generator.images(z, rows)))
    found = [project(generator, target)[0] for target in targets]
    assert all(f.mse < 0.01 for f in found)
    near = [np.mean((f.z - own) ** 2) < 0.01 for f, own in zip(found, z, strict=True)]
    assert all(near)
    if rows is not None:
        assert [int(f.classes.argmax()) for f in found] == labels


def test_answers_are_of_different_classes_and_in_order(generator_of):
    generator = generator_of("fast_gan")
    target = np.full((28, 28, 1), -1, np.float32)
    target[4:24, 12:16] = 1
    found = project(generator, target)
    assert len(found) == 3
    assert [f.mse for f in found] == sorted(f.mse for f in found)
    for item in found:
        made = generator.images(item.z[None], item.classes[None])
        assert np.mean((made[0] - target) ** 2) == pytest.approx(item.mse, rel=1e-3)


def test_a_uniform_z_stays_in_the_cube(generator_of):
    target = np.sign(np.random.default_rng(0).standard_normal((28, 28, 1))).astype(np.float32)
    assert all(np.abs(f.z).max() <= 1 for f in project(generator_of("acgan"), target))
