"""Plain convolutional generators and discriminators (Radford et al., 2016), in any width."""

from __future__ import annotations

import math

import keras
from keras import layers

from gan_core.networks.fast_layers import (
    ByteDropout,
    FusedBatchNorm,
    ImageConv,
    ImageConvTranspose,
    WideConvTranspose,
)
from gan_core.networks.layers import SpectralNorm
from gan_core.networks.seeds import seeds


def build_generator(
    image_shape,
    latent_dim: int,
    *,
    base: int,
    blocks: list[tuple[int, int]],
    kernel: int,
    seed: int,
    num_classes: int = 0,
    norm: bool = True,
    slope: float = 0.0,
    skips: dict[int, int] | None = None,
):
    """z [B, Z] (and classes [B, K]) -> images [B, H, W, C] in [-1, 1] by tanh.

    Dense to the smallest map of `base` channels, one transposed convolution per block, one more to the
    image.
    Classes go in beside z and choose the gain and offset of every batch normalisation
    (Dumoulin et al., 2017, https://arxiv.org/abs/1610.07629).

    Args:
        blocks: (channels, stride) of each hidden block; the smallest map has H and W over the product
            of all strides, the last layer's 2 among them.
        norm: batch normalisation behind the dense layer and every block.
        slope: of the leaky ReLU; 0 is a ReLU.
        skips: number of a block, from 0, -> that of the map, 0 for the smallest, that excites its channels.
    """
    s = seeds(seed, stream=0)
    *_, channels = image_shape
    height, width = smallest_map(image_shape, blocks)
    z = keras.Input((latent_dim,), name="z")
    inputs, x, classes = [z], z, None
    if num_classes:
        classes = keras.Input((num_classes,), name="classes")
        inputs, x = [z, classes], layers.Concatenate()([z, classes])
    glorot = keras.initializers.GlorotUniform
    x = layers.Dense(
        height * width * base,
        use_bias=not norm,
        kernel_initializer=glorot(seed=next(s)),
    )(x)
    x = _activate(x, classes, norm, slope)
    x = layers.Reshape((height, width, base))(x)
    x = _enlarged(x, blocks, skips or {}, s, kernel=kernel, classes=classes, norm=norm, slope=slope)
    image = ImageConvTranspose(
        channels,
        kernel,
        strides=2,
        padding="same",
        activation="tanh",
        use_bias=not norm,
        kernel_initializer=glorot(seed=next(s)),
    )(x)
    return keras.Model(inputs, image, name="generator")


def _enlarged(x, blocks, skips, s, *, kernel: int, classes, norm: bool, slope: float):
    """The smallest map through the hidden blocks; `s` gives their seeds, the rest is of `build_generator`."""
    maps = [x]
    for number, (filters, stride) in enumerate(blocks):
        x = WideConvTranspose(
            filters,
            kernel,
            strides=stride,
            padding="same",
            use_bias=not norm,
            kernel_initializer=keras.initializers.GlorotUniform(seed=next(s)),
        )(x)
        x = _activate(x, classes, norm, slope)
        if number in skips:
            x = _excited(x, maps[skips[number]], s)
        maps.append(x)
    return x


def smallest_map(image_shape, blocks) -> tuple[int, int]:
    """Rows and columns before the first block."""
    factor = 2 * math.prod(stride for _, stride in blocks)
    return image_shape[0] // factor, image_shape[1] // factor


def _excited(x, low, s):
    """Channels of `x` times what a smaller map says of them, 0 to 1 (FastGAN, Liu et al., 2021, 3.1)."""
    glorot = keras.initializers.GlorotUniform
    said = layers.Conv2D(
        x.shape[-1], low.shape[1:3], activation="relu", kernel_initializer=glorot(seed=next(s))
    )(low)
    gate = layers.Conv2D(
        x.shape[-1], 1, activation="sigmoid", kernel_initializer=glorot(seed=next(s))
    )(said)
    return layers.Multiply()([x, gate])


def _activate(x, classes, norm: bool, slope: float):
    if norm and classes is None:
        x = FusedBatchNorm()(x)
    elif norm:
        x = _class_norm(x, classes)
    return layers.LeakyReLU(negative_slope=slope)(x) if slope else layers.ReLU()(x)


def _class_norm(x, classes):
    """Batch normalisation with a gain and an offset of each class, rows of classes [B, K]."""

    def of_class(start: str):
        row = layers.Dense(x.shape[-1], use_bias=False, kernel_initializer=start)(classes)
        return row if len(x.shape) == 2 else layers.Reshape((1, 1, x.shape[-1]))(row)

    x = FusedBatchNorm(center=False, scale=False)(x)
    return layers.Add()([layers.Multiply()([x, of_class("ones")]), of_class("zeros")])


def build_discriminator(
    image_shape,
    *,
    channels: list[int],
    kernel: int,
    seed: int,
    num_classes: int = 0,
    dropout: float = 0.0,
    spectral: bool = False,
    slope: float = 0.2,
):
    """Images [B, H, W, C] (and classes [B, K]) -> score [B, 1].

    One stride-2 convolution a channel count, leaky ReLU, dropout where asked. With classes the
    score is a projection (Miyato & Koyama, 2018, eq. 3): w h + <class row, h>. No batch
    normalisation: it would couple the images of a batch, which gradient penalties and one joint
    pass for real and fake images forbid.
    """
    s = seeds(seed, stream=1)
    wrap = (lambda layer: SpectralNorm(layer, seed=next(s))) if spectral else (lambda layer: layer)
    glorot = keras.initializers.GlorotUniform
    image = keras.Input(image_shape, name="image")
    x = image
    for filters in channels:
        kind = ImageConv if x is image and not spectral else layers.Conv2D
        x = wrap(
            kind(
                filters,
                kernel,
                strides=2,
                padding="same",
                kernel_initializer=glorot(seed=next(s)),
            )
        )(x)
        x = layers.LeakyReLU(negative_slope=slope)(x)
        if dropout:
            x = ByteDropout(dropout, seed=next(s))(x)
    features = layers.Flatten()(x)
    score = wrap(layers.Dense(1, kernel_initializer=glorot(seed=next(s))))(features)
    if not num_classes:
        return keras.Model([image], score, name="discriminator")
    classes = keras.Input((num_classes,), name="classes")
    rows = wrap(layers.Dense(num_classes, use_bias=False, kernel_initializer=glorot(seed=next(s))))(
        features
    )
    projection = layers.Dot(axes=1)([rows, classes])
    return keras.Model([image, classes], layers.Add()([score, projection]), name="discriminator")
