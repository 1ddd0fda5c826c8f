"""Directions: orthonormal, the singular vectors of what the network really does, per class."""

import numpy as np
import pytest

from gan_core.explore import effects
from gan_core.tasks import directions, latent

RECIPES = ("fast_gan", "acgan", "mlp_gan")


def inputs(generator, seed=0, label=3):
    z = latent.sample(1, generator.latent_dim, seed=seed, prior=generator.prior)[0]
    return z, latent.one_hot(np.array([label]), 10)[0] if generator.num_classes else None


@pytest.mark.parametrize("kind", ["sefa", "local"])
@pytest.mark.parametrize("recipe", RECIPES)
def test_orthonormal(recipe, kind, generator_of):
    generator = generator_of(recipe)
    z, row = inputs(generator)
    made = (
        directions.sefa(generator, row) if kind == "sefa" else directions.local(generator, z, row)
    )
    np.testing.assert_allclose(made @ made.T, np.eye(8), atol=1e-5)


def test_sefa_of_the_acgan_holds_the_class_embedding(generator_of):
    generator = generator_of("acgan")
    layers = {layer.name: layer for layer in generator.model.layers}
    embedding = np.asarray(layers["class_embedding"].kernel)[3]
    dense = next(
        layer for name, layer in layers.items() if name.startswith("dense") and "embed" not in name
    )
    expected = np.diag(embedding) @ np.asarray(dense.kernel)
    np.testing.assert_allclose(
        directions.first_matrix(generator, inputs(generator)[1]), expected, atol=1e-5
    )
    other = directions.sefa(generator, inputs(generator, label=7)[1])
    assert np.abs(directions.sefa(generator, inputs(generator)[1]) - other).max() > 0.05


def test_sefa_of_the_fast_gan_is_scaled_by_the_normalisation_of_the_class(generator_of):
    generator = generator_of("fast_gan")
    dense = [layer for layer in generator.model.layers if type(layer).__name__ == "Dense"]
    import keras

    norm = next(x for x in generator.model.layers if isinstance(x, keras.layers.BatchNormalization))
    scale = np.asarray(dense[1].kernel)[3] / np.sqrt(norm.moving_variance + norm.epsilon)
    expected = np.asarray(dense[0].kernel)[: generator.latent_dim] * scale
    np.testing.assert_allclose(
        directions.first_matrix(generator, inputs(generator)[1]), expected, atol=1e-5
    )


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_first_local_direction_changes_the_image_most(recipe, generator_of):
    generator = generator_of(recipe)
    z, row = inputs(generator)
    found = directions.local(generator, z, row, count=12)
    slopes = directions.jacobian(generator, z, row)
    gains = np.linalg.norm(found @ slopes, axis=1)
    assert (np.diff(gains) <= 1e-3 * gains[0]).all()
    rng = np.random.default_rng(0)
    chance = rng.standard_normal((50, generator.latent_dim))
    chance /= np.linalg.norm(chance, axis=1, keepdims=True)
    assert gains[0] > np.linalg.norm(chance @ slopes, axis=1).max()


def test_the_jacobian_is_that_of_automatic_differentiation(generator_of):
    import tensorflow as tf

    generator = generator_of("fast_gan")
    z, row = inputs(generator)
    point = tf.constant(z[None])
    with tf.GradientTape() as tape:
        tape.watch(point)
        image = tf.reshape(
            generator.model([point, tf.constant(row[None])], training=False), [1, -1]
        )
    exact = tape.batch_jacobian(image, point).numpy()[0].T
    found = directions.jacobian(generator, z, row)
    assert np.linalg.norm(found - exact) < 0.05 * np.linalg.norm(exact)


def test_a_dimension_without_effect_comes_last(generator_of):
    generator = generator_of("mlp_gan")
    dense = next(layer for layer in generator.model.layers if type(layer).__name__ == "Dense")
    kept = dense.get_weights()
    kernel = kept[0].copy()
    kernel[5], kernel[2] = 0, kernel[2] * 5
    dense.set_weights([kernel, *kept[1:]])
    found = effects.of_dimensions(generator)
    dense.set_weights(kept)
    assert found[5] == 0
    assert found.argmax() == 2
