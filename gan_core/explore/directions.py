"""Directions in latent space that change the image most: closed form (SeFa) and local Jacobian.

PCA of z itself would say nothing: all its directions are equal under the prior.
"""

from __future__ import annotations

import numpy as np

from gan_core.explore.paths import SIGMA

STEP = 0.02  # of a standard deviation, for differences


def sefa(generator, classes: np.ndarray | None = None, count: int = 8) -> np.ndarray:
    """Unit directions [count, Z], strongest first: Shen & Zhou (2021), https://arxiv.org/abs/2007.06600

    The right singular vectors of what the first dense layer does to z. The layer is affine in z
    for a fixed class, so its matrix is read off by applying it to the unit vectors: that includes
    the class embedding z is multiplied by (directions then differ by class) and a batch
    normalisation behind the layer, which rescales its outputs.
    """
    matrix = first_matrix(generator, classes)
    return _signed(np.linalg.svd(matrix, full_matrices=False)[0].T[:count])


def first_matrix(generator, classes: np.ndarray | None = None) -> np.ndarray:
    """What the first dense layer (and a batch normalisation behind it) does to z: [Z, units]."""
    layer, scale = _first_dense(generator.model)
    inputs = np.concatenate([np.eye(generator.latent_dim), np.zeros((1, generator.latent_dim))])
    outputs = _before(generator, layer, inputs.astype(np.float32), classes)
    kernel = np.asarray(layer.kernel)
    return (outputs[:-1] - outputs[-1]) @ kernel * scale


def _first_dense(model):
    """The first dense layer that z reaches, and the scale of a normalisation behind it."""
    from keras import layers

    order = model.layers
    at = next(
        i for i, layer in enumerate(order)
        if isinstance(layer, layers.Dense) and layer.name != "class_embedding"
    )  # fmt: skip
    norm = order[at + 1] if at + 1 < len(order) else None
    if order[at].activation.__name__ == "linear" and isinstance(norm, layers.BatchNormalization):
        deviation = np.sqrt(np.asarray(norm.moving_variance) + norm.epsilon)
        return order[at], np.asarray(norm.gamma) / deviation
    return order[at], 1.0


def _before(generator, layer, z: np.ndarray, classes) -> np.ndarray:
    """What enters the layer for z [N, Z] under one class row [K]."""
    inputs = [z]
    if generator.num_classes:
        inputs.append(np.repeat(np.asarray(classes, np.float32)[None], len(z), 0))
    return np.asarray(_part(generator.model, layer)(inputs, training=False))


def _part(model, layer):
    """The network from its inputs to what enters the layer; made once, it shares the weights."""
    if not hasattr(model, "_gan_part"):
        import keras

        model._gan_part = keras.Model(model.inputs, layer.input)
    return model._gan_part


def jacobian(generator, z: np.ndarray, classes: np.ndarray | None = None) -> np.ndarray:
    """Change of every pixel per unit of every coordinate at z [Z]: float32 [Z, H W C].

    Central differences in one batch: the same for every network, with its own class row [K].
    """
    step = STEP * SIGMA[generator.prior]
    moves = np.eye(len(z), dtype=np.float32) * step
    batch = np.concatenate([z + moves, z - moves])
    made = generator.images(batch, rows(classes, len(batch)))
    up, down = np.split(made.reshape(len(batch), -1), 2)
    return (up - down) / (2 * step)


def local(
    generator, z: np.ndarray, classes: np.ndarray | None = None, count: int = 8
) -> np.ndarray:
    """Unit directions [count, Z] that change this very image most: singular vectors of `jacobian`."""
    return _signed(np.linalg.svd(jacobian(generator, z, classes), full_matrices=False)[0].T[:count])


def rows(classes: np.ndarray | None, count: int) -> np.ndarray | None:
    """One class row [K] for each of `count` images; None without classes."""
    return None if classes is None else np.repeat(np.asarray(classes, np.float32)[None], count, 0)


def _signed(directions: np.ndarray) -> np.ndarray:
    """The largest entry of each direction is positive, so that repeats agree; float32."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(1)[:, None], 1)
    return (directions * np.sign(largest)).astype(np.float32)
