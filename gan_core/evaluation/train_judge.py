"""Training a judge: Adam on the cross-entropy of the training split, from a fixed seed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.evaluation.judge import Judge, accuracy, forward, initial_weights, rounded
from gan_core.startup import runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    import tensorflow as tf

    from gan_core.types import Labels, Pixels

BATCH_SIZE = 128
LEARNING_RATE = 1e-3  # falls to 0 along a cosine
EPOCHS = 12
MAX_IMAGES_SEEN = 180_000  # three epochs of 60,000; keeps the training of any set under 90 s
SETTINGS = f"adam {LEARNING_RATE} cosine, batch {BATCH_SIZE}, {EPOCHS} epochs <= {MAX_IMAGES_SEEN}"


def train_judge(
    images: np.ndarray,
    labels: Labels,
    held_out: np.ndarray,
    held_out_labels: Labels,
    *,
    num_classes: int,
    seed: int = 0,
) -> Judge:
    """A judge for uint8 images [N, H, W, C] with labels [N]; `accuracy` is on the held-out."""
    weights = _fit(images, labels, num_classes, seed)
    judge = Judge("judge", rounded(weights), num_classes)
    return dataclasses.replace(judge, accuracy=accuracy(judge, held_out, held_out_labels))


def _fit(images: Pixels, labels: Labels, num_classes: int, seed: int) -> dict[str, np.ndarray]:
    runtime.start()
    import tensorflow as tf

    start = initial_weights(images.shape[1:], num_classes, seed)
    batch_size = min(BATCH_SIZE, len(images))
    num_steps = min(EPOCHS * len(images), MAX_IMAGES_SEEN) // batch_size
    with tf.device("/CPU:0"):
        weights = {name: tf.Variable(array) for name, array in start.items()}
        step = _compiled_step(tf, weights)
        for index, batch in enumerate(_batches(len(images), batch_size, num_steps, seed)):
            rate = LEARNING_RATE * 0.5 * (1 + np.cos(np.pi * index / num_steps))
            step(images[batch], labels[batch], np.float32(rate), np.float32(index + 1))
    return {name: variable.numpy() for name, variable in weights.items()}


def _batches(num_images: int, batch_size: int, num_steps: int, seed: int) -> Iterator[Labels]:
    """Index arrays [batch_size]; each epoch in a new order, without what fills no batch."""
    rng = np.random.default_rng([seed, 1])
    done = 0
    while done < num_steps:
        order = rng.permutation(num_images)
        for start in range(0, num_images - batch_size + 1, batch_size):
            if done == num_steps:
                return
            yield order[start : start + batch_size]
            done += 1


def _compiled_step(tf: ModuleType, weights: dict[str, tf.Variable]) -> Callable[..., None]:
    """One update: (images uint8, labels, rate, step from 1); Adam (Kingma and Ba, 2015, alg. 1)."""
    first = {name: tf.Variable(tf.zeros_like(w)) for name, w in weights.items()}
    second = {name: tf.Variable(tf.zeros_like(w)) for name, w in weights.items()}

    def step(images: Any, labels: Any, rate: Any, number: Any) -> None:  # tensors
        with tf.GradientTape() as tape:
            _, logits = forward(tf, weights, images)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, list(weights.values()))
        for name, gradient in zip(weights, gradients, strict=True):
            m, v = first[name], second[name]
            m.assign(0.9 * m + 0.1 * gradient)
            v.assign(0.999 * v + 0.001 * gradient**2)
            unbiased = m / (1 - 0.9**number), v / (1 - 0.999**number)
            weights[name].assign_sub(rate * unbiased[0] / (tf.sqrt(unbiased[1]) + 1e-7))

    graph: Callable[..., None] = tf.function(step, autograph=False)
    return graph
