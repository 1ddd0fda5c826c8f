"""What a step measures, by the names that are used everywhere, packed into one tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.losses import accuracies

if TYPE_CHECKING:
    from gan_core.algorithms.choices import Choices
    from gan_core.algorithms.losses import AdversarialLoss


def metric_names(parts: Choices, loss: AdversarialLoss) -> tuple[str, ...]:
    """Names in the order of the metrics file; only what this recipe can measure."""
    names = ["g_loss", "d_loss"]
    if loss.threshold is not None:
        names += ["real_accuracy", "fake_accuracy"]
    names += ["real_score", "fake_score"]
    if loss.log_odds:
        names += ["real_prob", "fake_prob"]
    names += ["g_grad_norm", "d_grad_norm"]
    return (*names, *parts.labels.metric_names, *(f"penalty/{name}" for name in parts.regularizers))


def score_metrics(
    loss: AdversarialLoss,
    outputs: dict[str, tuple[tf.Tensor, ...]],
    classes: tf.Tensor | None,
    fake_classes: tf.Tensor | None,
) -> dict[str, tf.Tensor]:
    """Everything that D's outputs for one real and one fake batch tell.

    Args:
        outputs: {"real": (score [B, 1], class logits [B, K] or nothing), "fake": the same}.
    """
    real_score, fake_score = outputs["real"][0], outputs["fake"][0]
    metrics = {"real_score": tf.reduce_mean(real_score), "fake_score": tf.reduce_mean(fake_score)}
    rates = accuracies(loss, real_score, fake_score)
    if rates is not None:
        metrics |= dict(zip(("real_accuracy", "fake_accuracy"), rates, strict=True))
    if loss.log_odds:
        metrics |= {
            "real_prob": tf.reduce_mean(tf.sigmoid(real_score)),
            "fake_prob": tf.reduce_mean(tf.sigmoid(fake_score)),
        }
    if len(outputs["real"]) > 1:
        metrics |= {
            "class_accuracy_real": _named_rightly(classes, outputs["real"][1]),
            "class_accuracy_fake": _named_rightly(fake_classes, outputs["fake"][1]),
        }
    return metrics


def _named_rightly(classes: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    right = tf.equal(tf.argmax(classes, axis=1), tf.argmax(logits, axis=1))
    return tf.reduce_mean(tf.cast(right, tf.float32))


def pack(metrics: dict[str, tf.Tensor], names: tuple[str, ...]) -> tf.Tensor:
    """float32 [M] in the order of `names`; NaN where a step did not measure."""
    missing = tf.constant(float("nan"))
    return tf.stack([tf.cast(metrics.get(name, missing), tf.float32) for name in names])
