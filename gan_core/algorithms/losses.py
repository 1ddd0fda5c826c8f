"""Adversarial losses: pure functions of scores, in pairs, in one table.

Both functions of a pair take `(real_score, fake_score)`, raw logits of equal shape (any shape,
[B, 1] or a patch map), and return a scalar to minimise. They know nothing of labels, penalties
or optimisers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import tensorflow as tf


class AdversarialLoss(NamedTuple):
    """A generator's and a discriminator's loss, and what their scores mean.

    Attributes:
        generator, discriminator: (real_score, fake_score) -> scalar.
        log_odds: sigmoid(score) is a probability that may be shown; label smoothing applies.
        relativistic: the generator's loss needs scores of real images too.
        threshold: a score above it is judged real. "pair": real is judged right where it beats
            its fake. None: scores have no zero, so there is no accuracy.
        shared_backward: one backward pass through D can serve both networks, because the two
            gradients of the fake scores differ by a finite factor per image.
        smoothing_scale: of what label smoothing adds to the discriminator's loss.
    """

    generator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    discriminator: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]
    log_odds: bool = False
    relativistic: bool = False
    threshold: float | str | None = 0.0
    shared_backward: bool = False
    smoothing_scale: float = 1.0


def _non_saturating_g(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    del real_score
    return tf.reduce_mean(tf.nn.softplus(-fake_score))


def _non_saturating_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.softplus(-real_score)) + tf.reduce_mean(tf.nn.softplus(fake_score))


def _cross_entropy_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return 0.5 * _non_saturating_d(real_score, fake_score)


def _least_squares_g(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    del real_score
    return 0.5 * tf.reduce_mean(tf.square(fake_score - 1.0))


def _least_squares_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return 0.5 * (
        tf.reduce_mean(tf.square(real_score - 1.0)) + tf.reduce_mean(tf.square(fake_score))
    )


def _wasserstein_g(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    del real_score
    return -tf.reduce_mean(fake_score)


def _wasserstein_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(fake_score) - tf.reduce_mean(real_score)


def _hinge_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.relu(1.0 - real_score)) + tf.reduce_mean(
        tf.nn.relu(1.0 + fake_score)
    )


def _relativistic_g(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.softplus(real_score - fake_score))


def _relativistic_d(real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.softplus(fake_score - real_score))


# Goodfellow et al. (2014), section 3: -log D(G(z)) for G instead of log(1 - D(G(z))).
NON_SATURATING = AdversarialLoss(
    _non_saturating_g, _non_saturating_d, log_odds=True, shared_backward=True
)
# The same, with D's loss averaged over real and fake together, as Keras does for one joint batch.
CROSS_ENTROPY = AdversarialLoss(
    _non_saturating_g, _cross_entropy_d, log_odds=True, shared_backward=True, smoothing_scale=0.5
)
# Mao et al. (2017), eq. 9: targets 1 for real, 0 for fake, on raw scores.
LEAST_SQUARES = AdversarialLoss(_least_squares_g, _least_squares_d, threshold=0.5)
# Arjovsky et al. (2017), eq. 2. The paper's critic is our discriminator.
WASSERSTEIN = AdversarialLoss(_wasserstein_g, _wasserstein_d, threshold=None, shared_backward=True)
# Lim & Ye (2017); Miyato et al. (2018), eq. 17.
HINGE = AdversarialLoss(_wasserstein_g, _hinge_d)
# Jolicoeur-Martineau (2018); RpGAN in Huang et al. (2024), "The GAN is dead", eq. 2.
RELATIVISTIC = AdversarialLoss(
    _relativistic_g, _relativistic_d, relativistic=True, threshold="pair"
)

LOSSES = {
    "non_saturating": NON_SATURATING,
    "cross_entropy": CROSS_ENTROPY,
    "least_squares": LEAST_SQUARES,
    "wasserstein": WASSERSTEIN,
    "hinge": HINGE,
    "relativistic": RELATIVISTIC,
}


def smoothing_term(real_score: tf.Tensor, smoothing: tf.Tensor) -> tf.Tensor:
    """What label smoothing adds to a cross-entropy: target 1 - s instead of 1 adds s x score.

    BCE(1 - s, x) = softplus(-x) + s x (Salimans et al., 2016, 3.4).
    """
    return smoothing * tf.reduce_mean(real_score)


def accuracies(
    loss: AdversarialLoss, real_score: tf.Tensor, fake_score: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor] | None:
    """Shares of real and of fake images that D judges rightly, or None where scores have no zero."""
    if loss.threshold is None:
        return None
    if loss.threshold == "pair":
        right = _share(real_score > fake_score)
        return right, right
    return _share(real_score > loss.threshold), _share(fake_score <= loss.threshold)


def _share(condition: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.cast(condition, tf.float32))
