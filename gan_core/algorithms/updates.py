"""Who is updated when, in one step of an adversarial training: graph code, gan -> its metrics.

Each takes the pieces of an AdversarialGAN, updates D and G once and returns {name: scalar}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.measures import score_metrics

if TYPE_CHECKING:
    from gan_core.algorithms.losses import AdversarialLoss
    from gan_core.algorithms.pieces import Pieces

MAX_RATIO = 1e4  # clamp on the factor between two gradients of one fake score


def alternating(gan: Pieces) -> dict[str, tf.Tensor]:
    """One update of D, then one of G with fresh z."""
    metrics = discriminator_alone(gan)
    return metrics | generator_alone(gan)


def reusing(gan: Pieces) -> dict[str, tf.Tensor]:
    """One update of D, then one of G through the new D, on the same fakes: saves a pass through G."""
    real, classes = gan.next_batch()
    with tf.GradientTape() as tape:
        fake, fake_classes = gan.generate(classes)
    metrics = gan.update_d(real, classes, fake, fake_classes)
    with tape:
        real_outputs = None
        if gan.loss.relativistic:
            real_outputs = gan.score(gan.noisy(*gan.augmented(real)), classes)
        g_loss = gan.fooling_loss(real_outputs, fake, fake_classes)
    return metrics | gan.update_g(tape, g_loss)


def discriminator_alone(gan: Pieces) -> dict[str, tf.Tensor]:
    """One update of D on real [B, ...] and as many fresh fakes."""
    real, classes = gan.next_batch()
    fakes = gan.generate(classes, training=not gan.parts.inference_fakes)
    return gan.update_d(real, classes, *fakes)


def generator_alone(gan: Pieces) -> dict[str, tf.Tensor]:
    """One update of G through D, on fresh z."""
    with tf.GradientTape() as tape:
        real_outputs, classes, batches = None, None, gan.parts.g_batches
        if gan.loss.relativistic:
            real, classes = gan.next_batch(seen=False)
            real_outputs, batches = gan.score(gan.noisy(*gan.augmented(real)), classes), 1
        fake, fake_classes = gan.generate(classes, batches)
        g_loss = gan.fooling_loss(real_outputs, fake, fake_classes)
    return gan.update_g(tape, g_loss)


def simultaneous(gan: Pieces) -> dict[str, tf.Tensor]:
    """Both updates from one forward pass, each with the other network as it was."""
    real, classes = gan.next_batch()
    with tf.GradientTape() as g_tape:
        fake, fake_classes = gan.generate(classes)
    fixed = tf.stop_gradient(fake)
    shared = gan.shares_backward
    score = gan.score_both if shared else gan.score_each
    with tf.GradientTape(persistent=not shared) as d_tape:
        d_tape.watch(fixed)
        real, seen = gan.augmented(real, fixed)
        outputs = score(real, classes, seen, fake_classes)
        d_loss = gan.d_loss(outputs, classes, fake_classes)
        g_loss = gan.g_loss(outputs["real"], outputs["fake"], fake_classes)
        penalties = gan.penalties(real, seen, classes)
        total = d_loss + gan.weighted(penalties)
    targets = gan.optimizers["d_optimizer"].targets
    if shared:
        *d_gradients, to_fake = d_tape.gradient(total, [*targets, fixed])
        to_fake = to_fake * _per_image(_ratio(gan.loss, outputs), to_fake)
    else:
        d_gradients = d_tape.gradient(total, targets)
        to_fake = d_tape.gradient(g_loss, fixed)
    g_targets = gan.optimizers["g_optimizer"].targets
    g_gradients = g_tape.gradient(fake, g_targets, output_gradients=to_fake)
    norms = {"d_grad_norm": gan.apply("d", d_gradients), "g_grad_norm": gan.apply("g", g_gradients)}
    metrics = score_metrics(gan.loss, outputs, classes, fake_classes)
    return gan.follow_d(metrics) | norms | {"d_loss": d_loss, "g_loss": g_loss} | penalties


def _ratio(loss: AdversarialLoss, outputs: dict[str, tuple[tf.Tensor, ...]]) -> tf.Tensor:
    """(dL_G / d fake score) / (dL_D / d fake score), per image [B, 1]."""
    real_score, fake_score = outputs["real"][0], outputs["fake"][0]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(fake_score)
        d_loss = loss.discriminator(real_score, fake_score)
        g_loss = loss.generator(real_score, fake_score)
    ratio = tape.gradient(g_loss, fake_score) / tape.gradient(d_loss, fake_score)
    return tf.clip_by_value(ratio, -MAX_RATIO, MAX_RATIO)


def _per_image(factor: tf.Tensor, images: tf.Tensor) -> tf.Tensor:
    """[B, 1] in a shape that multiplies [B, ...]."""
    return tf.reshape(factor, [-1] + [1] * (images.shape.rank - 1))
