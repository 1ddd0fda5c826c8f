"""Multi-layer perceptrons on flattened images or points (Goodfellow et al., 2014)."""

from __future__ import annotations

import math

import keras
from keras import layers

from gan_core.networks.fast_layers import OwnDropout
from gan_core.networks.seeds import seeds


def _dense(units: int, next_seed, **kwargs):
    """Dense with PyTorch's default start, U(+-1 / sqrt(inputs)), which the MLP tutorials rely on."""
    uniform = keras.initializers.VarianceScaling(
        1 / 3, mode="fan_in", distribution="uniform", seed=next(next_seed)
    )
    return layers.Dense(units, kernel_initializer=uniform, **kwargs)


def build_generator(image_shape, latent_dim: int, *, hidden: list[int], seed: int, images=True):
    """z [B, Z] -> [B, *image_shape]: ReLU layers, then tanh for images, nothing for points."""
    s = seeds(seed, stream=0)
    z = keras.Input((latent_dim,), name="z")
    x = z
    for units in hidden:
        x = _dense(units, s, activation="relu")(x)
    x = _dense(math.prod(image_shape), s, activation="tanh" if images else None)(x)
    return keras.Model([z], layers.Reshape(image_shape)(x), name="generator")


def build_discriminator(image_shape, *, hidden: list[int], seed: int, dropout: float = 0.0):
    """[B, *image_shape] -> score [B, 1]: LeakyReLU(0.2) layers, dropout where asked."""
    s = seeds(seed, stream=1)
    image = keras.Input(image_shape, name="image")
    x = layers.Flatten()(image)
    for units in hidden:
        x = layers.LeakyReLU(negative_slope=0.2)(_dense(units, s)(x))
        if dropout:
            x = OwnDropout(dropout, seed=next(s))(x)
    return keras.Model([image], _dense(1, s)(x), name="discriminator")
