"""The features of VGG19 (Simonyan & Zisserman, 2015, https://arxiv.org/abs/1409.1556), frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from gan_core.networks import winograd
from gan_core.networks.vgg19_file import LAYERS

WIDE, LARGE = 2**14, 32  # channels in times out, and pixels of a side; measured on two cores
MEAN = np.array([103.939, 116.779, 123.68], np.float32)  # of ImageNet: blue, green, red


class Features:
    """A picture [1, H, W, 3] in [0, 1] -> what the named layers answer, in that order."""

    def __init__(self, layers: Sequence[str], weights: Mapping):
        self._layers = list(layers)
        self._last = max(LAYERS.index(name) for name in layers)
        used = LAYERS[: self._last + 1]
        self._weights = {name: tuple(tf.constant(a) for a in weights[name]) for name in used}

    def __call__(self, picture):
        x, found = picture[..., ::-1] * 255.0 - MEAN, {}
        for number, name in enumerate(LAYERS[: self._last + 1]):
            if name.endswith("conv1") and number:
                x = tf.nn.max_pool2d(x, 2, 2, "VALID")
            kernel, bias = self._weights[name]
            found[name] = x = tf.nn.relu(_filtered(x, kernel) + bias)
        return [found[name] for name in self._layers]


def _filtered(maps, kernel):
    """3 x 3 with padding, by Winograd's filtering where maps are wide and large enough for it to pay."""
    wide = kernel.shape[2] * kernel.shape[3] >= WIDE and min(maps.shape[1:3]) >= LARGE
    if wide:
        return winograd.convolve(maps, kernel)
    return tf.nn.conv2d(maps, kernel, 1, "SAME")
