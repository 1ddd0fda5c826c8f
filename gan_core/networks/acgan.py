"""The networks of the TensorFlow.js ACGAN example (Odena et al., 2017): z times a class embedding."""

from __future__ import annotations

import keras
from keras import layers

from gan_core.networks.fast_layers import (
    ByteDropout,
    FusedBatchNorm,
    ImageConv,
    ImageConvTranspose,
    WideConv,
    WideConvTranspose,
)
from gan_core.networks.seeds import seeds

DISCRIMINATOR_BLOCKS = ((32, 2), (64, 1), (128, 2), (256, 1))  # (channels, stride)
# The example keeps Keras's 0.99: what is drawn then lags 100 steps behind what D has taught.
MOMENTUM = 0.9


def build_generator(image_shape, latent_dim: int, num_classes: int, *, width: int, seed: int):
    """z [B, Z], classes [B, K] -> images [B, H, W, C] in [-1, 1].

    Dense to 3 x 3 x 4 width (for 28 x 28), 5 x 5 transposed convolutions of 2 width, width and C
    channels, ReLU, then batch normalisation. The embedding is a matrix product with the class row,
    so that blends of classes are blends of embeddings.
    """
    s = seeds(seed, stream=0)
    glorot = keras.initializers.GlorotNormal
    height, image_width, channels = image_shape
    z = keras.Input((latent_dim,), name="z")
    classes = keras.Input((num_classes,), name="classes")
    embedding = layers.Dense(
        latent_dim, use_bias=False, kernel_initializer=glorot(seed=next(s)), name="class_embedding"
    )(classes)
    x = layers.Multiply()([z, embedding])
    start = (height // 4 - 4, image_width // 4 - 4)
    x = layers.Dense(
        start[0] * start[1] * 4 * width,
        activation="relu",
        kernel_initializer=keras.initializers.GlorotUniform(seed=next(s)),
    )(x)
    x = layers.Reshape((*start, 4 * width))(x)
    for filters, stride, padding in ((2 * width, 1, "valid"), (width, 2, "same")):
        x = WideConvTranspose(
            filters,
            5,
            strides=stride,
            padding=padding,
            activation="relu",
            kernel_initializer=glorot(seed=next(s)),
        )(x)
        x = FusedBatchNorm(momentum=MOMENTUM)(x)
    image = ImageConvTranspose(
        channels,
        5,
        strides=2,
        padding="same",
        activation="tanh",
        kernel_initializer=glorot(seed=next(s)),
    )(x)
    return keras.Model([z, classes], image, name="generator")


def build_discriminator(image_shape, num_classes: int, *, dropout: float, seed: int):
    """Images [B, H, W, C] -> score [B, 1] and class logits [B, K]."""
    s = seeds(seed, stream=1)
    image = keras.Input(image_shape, name="image")
    x = image
    for filters, stride in DISCRIMINATOR_BLOCKS:
        kind = WideConv if stride == 1 else ImageConv if x is image else layers.Conv2D
        x = kind(
            filters,
            3,
            strides=stride,
            padding="same",
            kernel_initializer=keras.initializers.GlorotUniform(seed=next(s)),
        )(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
        x = ByteDropout(dropout, seed=next(s))(x)
    features = layers.Flatten()(x)
    glorot = keras.initializers.GlorotUniform
    score = layers.Dense(1, kernel_initializer=glorot(seed=next(s)))(features)
    logits = layers.Dense(num_classes, kernel_initializer=glorot(seed=next(s)))(features)
    return keras.Model([image], [score, logits], name="discriminator")
