"""Feature distance: how different two images look to the judge, place by place.

LPIPS without its learned weights (Zhang et al., 2018, https://arxiv.org/abs/1801.03924, eq. 1): the
channels of each place are scaled to length 1, and their squared differences are summed over channels,
averaged over places and summed over two inner layers of the judge. 0: the same; comparable only under
one judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from gan_core.evaluation import mobilenet
from gan_core.evaluation.judge import Judge, shrink_factor
from gan_core.startup import runtime

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import tensorflow as tf

    from gan_core.types import Pixels, Weights

Graph: TypeAlias = "Callable[[Pixels, Pixels], tf.Tensor]"  # to a distance each
LAYERS = ("conv1", "conv2")
CHUNK = 128  # pairs a call
TINY = 1e-10

_graphs: dict[tuple[str, tuple[int, ...]], Graph] = {}


def feature_distance(judge: Judge, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The distance of each pair of uint8 images [N, H, W, C], float64 [N]."""
    call, found = _compiled(judge, one.shape[1:]), []
    for start in range(0, len(one), CHUNK):
        parts = [batch[start : start + CHUNK] for batch in (one, other)]
        count = len(parts[0])
        filled = [np.resize(part, (CHUNK, *part.shape[1:])) for part in parts]
        found.append(call(*filled).numpy()[:count])
    return np.concatenate(found).astype(np.float64)


def _layers_of(tf: ModuleType, judge: Judge) -> Callable[[tf.Tensor], list[tf.Tensor]]:
    """A function of uint8 images [B, H, W, C] to two inner layers, each [B, h, w, c]."""
    if judge.kind == mobilenet.KIND:
        return mobilenet.layers
    with tf.device("/CPU:0"):
        weights = {n: tf.constant(a.astype(np.float32)) for n, a in judge.weights.items()}
    return lambda images: layers(tf, weights, images)


def layers(tf: ModuleType, weights: Weights, images: tf.Tensor) -> list[tf.Tensor]:
    """What the judge's convolutions make of uint8 [B, H, W, C], each [B, h, w, c]."""
    x = tf.cast(images, tf.float32) / 127.5 - 1.0
    factor = shrink_factor(*images.shape[1:3])
    if factor > 1:
        x = tf.nn.avg_pool2d(x, factor, factor, "SAME")
    found = []
    for name in LAYERS:
        x = tf.nn.conv2d(x, weights[f"{name}/kernel"], 1, "SAME") + weights[f"{name}/bias"]
        x = tf.nn.relu(x)
        found.append(x)
        x = tf.nn.max_pool2d(x, 2, 2, "SAME")
    return found


def _compiled(judge: Judge, image_shape: tuple[int, ...]) -> Graph:
    """(uint8 [CHUNK, ...], the same) -> float32 [CHUNK]; four graphs are kept."""
    key = (judge.hash, image_shape)
    if key in _graphs:
        return _graphs[key]
    runtime.start()
    import tensorflow as tf

    inner = _layers_of(tf, judge)

    @tf.function(autograph=False)
    def call(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
        distances = []
        for a, b in zip(inner(one), inner(other), strict=True):
            a, b = (x / tf.sqrt(tf.reduce_sum(x**2, -1, keepdims=True) + TINY) for x in (a, b))
            distances.append(tf.reduce_mean(tf.reduce_sum((a - b) ** 2, -1), (1, 2)))
        return tf.add_n(distances)

    while len(_graphs) >= 4:
        _graphs.pop(next(iter(_graphs)), None)
    _graphs[key] = call
    return _graphs[key]
