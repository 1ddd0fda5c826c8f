"""Heads that compare patches: a small perceptron for each map (Park et al., 2020, section 3.2).

https://arxiv.org/abs/2007.15651
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from gan_core.networks.translators import Start


def build(channels: Sequence[int], *, units: int, start: Start, name: str = "projection"):
    """Features [B, P, C] of each map -> directions [B, P, units] of length 1."""
    features = [keras.Input((None, c), name=f"features_{i}") for i, c in enumerate(channels)]
    outputs = []
    for x in features:
        x = layers.Dense(units, activation="relu", kernel_initializer=start.kernel())(x)
        x = layers.Dense(units, kernel_initializer=start.kernel())(x)
        outputs.append(layers.UnitNormalization()(x))
    return keras.Model(features, outputs, name=name)
