"""The judge: a small frozen classifier that looks at images instead of the discriminator.

conv3x3 32 - pool - conv3x3 64 - pool - FC 128 - FC K; the 128 activations before the last layer are
the features that distances are measured on. It is trained on the training split alone, from a fixed
seed, and neither G nor D ever sees it. Images without labels are looked at by the network of
mobilenet.py (kind "mobilenet"); older runs were measured on the same network as here with its random
start and no training (kind "random").

A judge file is an .npz of float16 arrays (format: gan_core/storage/npz.py). Weights are rounded to float16
before anything is measured with them, so that the stored judge is the one that was measured.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from gan_core.errors import CheckpointError, in_brief
from gan_core.evaluation import mobilenet
from gan_core.startup import runtime
from gan_core.storage import files, npz
from gan_core.storage.json_text import dump_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import tensorflow as tf

    from gan_core.types import Labels, Pixels, Weights

Graph: TypeAlias = "Callable[[Pixels], tuple[tf.Tensor, tf.Tensor]]"  # to features and classes
FEATURES = 128
MAX_SIDE = 32  # larger images are averaged down to this first
CHUNK = 512  # images a call
SMALL = 256  # images of the only other compiled size, for a quick probe
LAYERS = ("conv1", "conv2", "hidden", "output")


@dataclass(frozen=True)
class Judge:
    """A frozen feature extractor: images to features and, if it was trained, to classes.

    Attributes:
        kind: "judge" (trained on labels), "mobilenet" (mobilenet.py) or "random" (never trained); part
            of every score's name.
        weights: float16 arrays by name, "conv1/kernel" and so on; of "mobilenet" those of the app, int8
            and scales, which no other file changes.
        num_classes: K; 0 where it knows no classes.
        accuracy: share of held-out images it classifies rightly; None for a random one.
    """

    kind: str
    weights: dict[str, np.ndarray]
    num_classes: int
    accuracy: float | None = None

    @property
    def chunk(self) -> int:
        """Images of one call, at most."""
        return mobilenet.CHUNK if self.kind == mobilenet.KIND else CHUNK

    @property
    def hash(self) -> str:
        """First 12 digits of the SHA-256 of the weights: stored beside every value."""
        digest = hashlib.sha256()
        for name in sorted(self.weights):
            digest.update(f"{name} {self.weights[name].shape}".encode())
            digest.update(np.ascontiguousarray(self.weights[name]).data)
        return digest.hexdigest()[:12]


def initial_weights(image_shape: tuple[int, ...], num_classes: int, seed: int) -> Weights:
    """He-normal kernels and zero biases, float32; the output layer is left out where K is 0."""
    height, width, channels = image_shape
    factor = shrink_factor(height, width)
    size = [math.ceil(math.ceil(math.ceil(side / factor) / 2) / 2) for side in (height, width)]
    shapes = {
        "conv1": (3, 3, channels, 32),
        "conv2": (3, 3, 32, 64),
        "hidden": (size[0] * size[1] * 64, FEATURES),
        "output": (FEATURES, num_classes),
    }
    rng = np.random.default_rng(seed)
    weights = {}
    for name in LAYERS if num_classes else LAYERS[:-1]:
        shape = shapes[name]
        scale = math.sqrt(2.0 / math.prod(shape[:-1]))
        weights[f"{name}/kernel"] = (scale * rng.standard_normal(shape)).astype(np.float32)
        weights[f"{name}/bias"] = np.zeros(shape[-1], np.float32)
    return weights


def shrink_factor(height: int, width: int) -> int:
    """How many pixels a side are averaged into one before the first layer."""
    return math.ceil(max(height, width) / MAX_SIDE)


def random_judge(image_shape: tuple[int, ...], *, seed: int = 0) -> Judge:
    """The untrained network: the same for all data of one shape."""
    return Judge("random", rounded(initial_weights(image_shape, 0, seed)), 0)


def mobilenet_judge() -> Judge:
    """The network for images without labels: the same for all data."""
    return Judge(mobilenet.KIND, mobilenet.weights(), 0)


def rounded(weights: dict[str, Any]) -> dict[str, np.ndarray]:
    """Weights as they are stored: float16."""
    return {name: np.asarray(array, np.float16) for name, array in weights.items()}


def forward(tf: ModuleType, weights: Weights, images: Any) -> tuple[tf.Tensor, tf.Tensor | None]:
    """Features [B, 128] and logits [B, K] (None without classes) of uint8 [B, H, W, C]."""
    x = tf.cast(images, tf.float32) / 127.5 - 1.0
    factor = shrink_factor(*images.shape[1:3])
    if factor > 1:
        x = tf.nn.avg_pool2d(x, factor, factor, "SAME")
    for name in ("conv1", "conv2"):
        x = tf.nn.conv2d(x, weights[f"{name}/kernel"], 1, "SAME") + weights[f"{name}/bias"]
        x = tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "SAME")
    x = tf.reshape(x, [tf.shape(x)[0], math.prod(x.shape[1:])])
    features = tf.nn.relu(x @ weights["hidden/kernel"] + weights["hidden/bias"])
    if "output/kernel" not in weights:
        return features, None
    return features, features @ weights["output/kernel"] + weights["output/bias"]


def look(judge: Judge, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Features float32 [N, F] and judged classes int64 [N] (None without) of uint8 images [N, H, W, C].

    F is 128, of "mobilenet" 160. Images go through in chunks, the last one filled up, so that one compiled
    graph serves all.
    """
    call = _compiled(judge, images.shape[1:])
    parts, chunk = [], judge.chunk
    for start in range(0, len(images), chunk):
        part = images[start : start + chunk]
        size = min(SMALL if len(images) <= SMALL else CHUNK, chunk)
        filled = np.zeros((size, *images.shape[1:]), np.uint8)
        filled[: len(part)] = part
        features, classes = call(filled)
        parts.append((features.numpy()[: len(part)], classes.numpy()[: len(part)]))
    features = np.concatenate([p[0] for p in parts])
    return features, np.concatenate([p[1] for p in parts]) if judge.num_classes else None


_graphs: dict[tuple[str, tuple[int, ...]], Graph] = {}


def _compiled(judge: Judge, image_shape: tuple[int, ...]) -> Graph:
    """The judge as one graph: features and the index of the largest logit; four are kept."""
    key = (judge.hash, image_shape)
    if key in _graphs:
        return _graphs[key]
    runtime.start()
    import tensorflow as tf

    look_at = _embedding if judge.kind == mobilenet.KIND else _classifier(tf, judge)

    @tf.function(autograph=False)
    def call(images: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        features, logits = look_at(images)
        return features, tf.argmax(features if logits is None else logits, axis=1)

    while len(_graphs) >= 4:
        _graphs.pop(next(iter(_graphs)), None)
    _graphs[key] = call
    return _graphs[key]


def _embedding(images: tf.Tensor) -> tuple[tf.Tensor, None]:
    return mobilenet.features(images), None


def _classifier(
    tf: ModuleType, judge: Judge
) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor | None]]:
    with tf.device("/CPU:0"):
        weights = {n: tf.constant(a.astype(np.float32)) for n, a in judge.weights.items()}
    return lambda images: forward(tf, weights, images)


def accuracy(judge: Judge, images: np.ndarray, labels: Labels) -> float:
    """Share of images that the judge classifies as labelled."""
    seen = look(judge, images)[1]
    return float(np.mean(seen == labels))


def save(path: Path, judge: Judge) -> None:
    """Store a judge as one .npz file."""
    meta = {"kind": judge.kind, "num_classes": judge.num_classes, "accuracy": judge.accuracy}
    packed = np.frombuffer(dump_json(meta).encode(), np.uint8)
    with files.atomic_file(path) as file:
        npz.write_npz(file, {"meta": packed, **judge.weights})


def load(path: Path) -> Judge:
    """A judge from its file; nothing in it is trusted.

    Raises:
        CheckpointError: the file is missing or damaged.
    """
    weights = npz.read_npz(path)
    try:
        meta = json.loads(weights.pop("meta").tobytes())
        return Judge(meta["kind"], weights, meta["num_classes"], meta["accuracy"])
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{path.name} is damaged: it is not a judge ({in_brief(error)})."
        ) from error
