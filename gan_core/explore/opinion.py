"""What a stored discriminator thinks of an image: score, rank among others, saliency."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from gan_core import data
from gan_core.config import TrainConfig
from gan_core.errors import RunError
from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.storage.images import to_float
from gan_core.tasks import latent, stored

NETWORK = "discriminator"
REFERENCES = 200  # held-out real images, and as many fakes, that a score is ranked among


@dataclass(frozen=True)
class Critic:
    """A discriminator of its own, never the one that trains.

    Attributes:
        step: of the full checkpoint it comes from.
        conditional: whether it is told the class.
        num_classes: of its auxiliary classifier; 0 without one.
        log_odds: whether sigmoid(score) is a probability that may be shown.
        real, fake: sorted scores of reference images.
    """

    model: Any
    step: int
    conditional: bool
    num_classes: int
    log_odds: bool
    real: np.ndarray
    fake: np.ndarray


@dataclass(frozen=True)
class Opinion:
    """Score of one image, higher for real; `saliency` [H, W, C] is d score / d pixel."""

    score: float
    beats_real: float
    beats_fake: float
    saliency: np.ndarray
    classes: np.ndarray | None


def open_critic(run: Run, step: int, dataset, generator) -> Critic:
    """The discriminator of the full checkpoint nearest to a step, with its reference scores.

    Raises:
        RunError: the run has no full checkpoint.
    """
    steps = [c.step for c in checkpoints.list_checkpoints(run.path)]
    if not steps:
        raise RunError(f"{run.id} has no full checkpoint yet, so its discriminator is not stored.")
    nearest = min(steps, key=lambda s: (abs(s - step), -s))
    model = stored.open_network(run, nearest, NETWORK, dataset.spec, raw=True)
    bare = _critic(model, TrainConfig.from_dict(run.config), nearest)
    real, fake = references(bare, dataset, generator)
    return dataclasses.replace(bare, real=real, fake=fake)


def bundled_critic(card: dict, arrays: dict[str, np.ndarray], data_dir) -> Critic:
    """The discriminator that learned beside a bundled generator; its reference scores are stored.

    Args:
        card: of the generator: settings, data set, step.
        arrays: as `Library.critic` returns them.
    """
    config = TrainConfig.from_dict(card["settings"])
    spec = dataclasses.replace(  # whatever the file of that name in the data folder holds now
        data.spec(config.dataset, data_dir),
        image_shape=tuple(card["image_shape"]),
        num_classes=len(card["class_names"]),
        class_names=tuple(card["class_names"]),
    )
    bare = _critic(stored.build_network(config, spec, NETWORK, arrays), config, card["step"])
    return dataclasses.replace(bare, real=arrays["real_scores"], fake=arrays["fake_scores"])


def _critic(model, config: TrainConfig, step: int) -> Critic:
    """A discriminator as it is asked; no references."""
    from gan_core.algorithms.losses import LOSSES

    named = model.outputs[1].shape[-1] if len(model.outputs) > 1 else 0
    none = np.zeros(0, np.float32)
    log_odds = LOSSES[config.loss].log_odds
    return Critic(model, step, len(model.inputs) > 1, named, log_odds, none, none)


def references(critic: Critic, dataset, generator):
    """Sorted scores of held-out real images, and of as many fakes with the same classes."""
    pixels = to_float(dataset.held_out[:REFERENCES])
    count, k = len(pixels), dataset.spec.num_classes
    labels = dataset.held_out_labels
    rows = latent.one_hot(labels[:count], k) if k and labels is not None else None
    z = latent.sample(count, generator.latent_dim, seed=0, prior=generator.prior)
    fakes = generator.images(z, rows if generator.num_classes else None)
    return np.sort(scores(critic, pixels, rows)[0]), np.sort(scores(critic, fakes, rows)[0])


def scores(critic: Critic, pixels: np.ndarray, classes: np.ndarray | None):
    """Raw scores [B] of images in [-1, 1], and class logits [B, K] (None without a classifier)."""
    inputs = [pixels, classes] if critic.conditional else [pixels]
    made = critic.model(inputs, training=False)
    made = list(made) if isinstance(made, list | tuple) else [made]
    logits = np.asarray(made[1]) if len(made) > 1 else None
    return np.asarray(made[0])[:, 0], logits


def opinion(critic: Critic, image: np.ndarray, classes: np.ndarray | None) -> Opinion:
    """What it says of one image [H, W, C] in [-1, 1] with its class row [K]."""
    import tensorflow as tf

    pixels = tf.constant(image[None], tf.float32)
    inputs = [pixels]
    if critic.conditional and classes is not None:
        inputs.append(tf.constant(classes[None]))
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        made = critic.model(inputs, training=False)
        made = list(made) if isinstance(made, list | tuple) else [made]
    saliency = tape.gradient(made[0], pixels).numpy()[0]
    score = float(made[0][0, 0])
    bars = tf.nn.softmax(made[1][0]).numpy() if len(made) > 1 else None
    beats_real = float(np.mean(critic.real < score)) if len(critic.real) else 0.0
    beats_fake = float(np.mean(critic.fake < score)) if len(critic.fake) else 0.0
    return Opinion(score, beats_real, beats_fake, saliency, bars)
