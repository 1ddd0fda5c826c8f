"""The extractor for images without labels: the inner layers of a network that knows photographs.

A MobileNetV2 (Sandler et al., 2018, https://arxiv.org/abs/1801.04381) that learned to read the style of
photographs and paintings comes with the app (assets/style/README.md). The means over all places of its
blocks 6 and 12 are the features: 64 numbers that tell texture and sharpness, 96 that tell what is there.
Chosen by evidence, `bench extractor`; docs/extractor.md has the table.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from gan_core.networks import style_numpy
from gan_core.startup import runtime

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from gan_core.types import Pixels

KIND = "mobilenet"
SIDE = 64  # pixels a side of what goes in; images of other sizes are scaled
TAPS = ("block_6.project", "block_12.project")
NEAR = ("block_2.project", "block_5.project")  # of 24 and 32 channels, for distances place by place
CHUNK = 128  # images of one call: wide layers need 40 MB for a hundred images


@functools.cache
def weights() -> dict[str, np.ndarray]:
    """What `layers` and `features` compute with, as it comes with the app: int8, a scale a channel."""
    return style_numpy.arrays("predict")


@functools.cache
def _network(taps: tuple[str, ...]) -> keras.Model:
    """keras.Model: images [B, 64, 64, 3] in [0, 1] -> what the layers of these names make of them."""
    runtime.start()
    import keras
    import tensorflow as tf

    from gan_core.networks import style_nets

    with tf.init_scope(), tf.device("/CPU:0"):  # also where a graph asks first
        model = style_nets.fill(style_nets.build_predict(SIDE), "predict")
    return keras.Model(model.input, [model.get_layer(name).output for name in taps])


def layers(images: Pixels | tf.Tensor, taps: tuple[str, ...] = NEAR) -> list[tf.Tensor]:
    """What inner layers make of uint8 [B, H, W, 1 or 3]: each float32 [B, h, w, c]."""
    import tensorflow as tf

    x = tf.cast(images, tf.float32) / 255.0
    if x.shape[3] == 1:
        x = tf.repeat(x, 3, axis=3)
    if tuple(x.shape[1:3]) != (SIDE, SIDE):
        x = tf.image.resize(x, (SIDE, SIDE), antialias=True)
    found: list[tf.Tensor] = _network(taps)(x, training=False)
    return found


def features(images: Pixels | tf.Tensor) -> tf.Tensor:
    """Features float32 [B, 160] of uint8 [B, H, W, 1 or 3]."""
    import tensorflow as tf

    return tf.concat([tf.reduce_mean(x, (1, 2)) for x in layers(images, TAPS)], axis=1)
