"""Directions in latent space that change the image most: closed form (SeFa) and local Jacobian.

PCA of z itself would say nothing: all its directions are equal under the prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gan_core.errors import ConfigError
from gan_core.tasks.latent import SIGMA

if TYPE_CHECKING:
    import keras

    from gan_core.tasks.synthesis import TrainedGenerator
    from gan_core.types import Floats

STEP = 0.02  # of a standard deviation, for differences


def sefa(
    generator: TrainedGenerator, classes: np.ndarray | None = None, count: int = 8
) -> np.ndarray:
    """Unit directions [count, Z], strongest first: Shen & Zhou (2021), https://arxiv.org/abs/2007.06600

    The right singular vectors of what the first dense layer does to z. The layer is affine in z
    for a fixed class, so its matrix is read off by applying it to the unit vectors: that includes
    the class embedding z is multiplied by (directions then differ by class) and a normalisation
    behind the layer, with the gains of the class, which rescales its outputs.
    """
    matrix = first_matrix(generator, classes)
    return _signed(np.linalg.svd(matrix, full_matrices=False)[0].T[:count])


def first_matrix(generator: TrainedGenerator, classes: np.ndarray | None = None) -> np.ndarray:
    """What the first dense layer (and all up to the activation behind it) does to z: [Z, units].

    Raises:
        ConfigError: no dense layer gets z.
    """
    from keras import layers

    activations = (layers.ReLU, layers.LeakyReLU, layers.Activation, layers.PReLU, layers.ELU)
    order = generator.model.layers
    for at, layer in enumerate(order):
        if not isinstance(layer, layers.Dense):
            continue
        change = _change_before(generator, layer, classes)
        if not np.any(change):  # the class's own layer
            continue
        behind = next((other for other in order[at + 1 :] if isinstance(other, activations)), None)
        if behind is None or layer.activation.__name__ != "linear":
            found: np.ndarray = (change @ np.asarray(layer.kernel)).reshape(len(change), -1)
            return found
        return _change_before(generator, behind, classes).reshape(len(change), -1)
    raise ConfigError(
        "SeFa reads directions off the first dense layer that z enters, and this network has none. "
        "Local directions work for every network."
    )


def _change_before(
    generator: TrainedGenerator, layer: keras.Layer, classes: Floats | None
) -> np.ndarray:
    """How what enters the layer changes with each unit of z: [Z, ...]."""
    zero = np.zeros((1, generator.latent_dim))
    inputs = np.concatenate([np.eye(generator.latent_dim), zero]).astype(np.float32)
    entering = _before(generator, layer, inputs, classes)
    found: np.ndarray = entering[:-1] - entering[-1]
    return found


def _before(
    generator: TrainedGenerator, layer: keras.Layer, z: Floats, classes: Floats | None
) -> np.ndarray:
    """What enters the layer for z [N, Z] under one class row [K]."""
    inputs = [z]
    if generator.num_classes:
        inputs.append(np.repeat(np.asarray(classes, np.float32)[None], len(z), 0))
    return np.asarray(_part(generator, layer)(inputs, training=False))


def _part(generator: TrainedGenerator, layer: keras.Layer) -> keras.Model:
    """The network from its inputs to what enters the layer; made once, it shares the weights."""
    if layer.name not in generator.parts:
        import keras

        generator.parts[layer.name] = keras.Model(generator.model.inputs, layer.input)
    return generator.parts[layer.name]


def jacobian(generator: TrainedGenerator, z: Floats, classes: np.ndarray | None = None) -> Floats:
    """Change of every pixel per unit of every coordinate at z [Z]: float32 [Z, H W C].

    Central differences in one batch: the same for every network, with its own class row [K].
    """
    step = STEP * SIGMA[generator.prior]
    moves = np.eye(len(z), dtype=np.float32) * step
    batch = np.concatenate([z + moves, z - moves])
    made = generator.images(batch, rows(classes, len(batch)))
    up, down = np.split(made.reshape(len(batch), -1), 2)
    found: np.ndarray = (up - down) / (2 * step)
    return found


def local(
    generator: TrainedGenerator, z: Floats, classes: np.ndarray | None = None, count: int = 8
) -> np.ndarray:
    """Unit directions [count, Z] that change this very image most: singular vectors of `jacobian`."""
    return _signed(np.linalg.svd(jacobian(generator, z, classes), full_matrices=False)[0].T[:count])


def rows(classes: np.ndarray | None, count: int) -> np.ndarray | None:
    """One class row [K] for each of `count` images; None without classes."""
    return None if classes is None else np.repeat(np.asarray(classes, np.float32)[None], count, 0)


def _signed(directions: np.ndarray) -> Floats:
    """The largest entry of each direction is positive, so that repeats agree; float32."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(1)[:, None], 1)
    found: np.ndarray = (directions * np.sign(largest)).astype(np.float32)
    return found
