"""Gradient penalties of the discriminator: pure functions of a critic and two batches.

Each takes `(critic, real, fake, rng)`: `critic` maps [B, ...] to scores [B, 1] with labels and
`training=True` bound; `real`, `fake` are [B, ...]; `rng` is the algorithm's tf.random.Generator,
so that a resumed run repeats exactly. Each returns an unweighted scalar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Callable


def squared_input_gradient(
    critic: Callable[[tf.Tensor], tf.Tensor], images: tf.Tensor
) -> tf.Tensor:
    """Squared norm of the critic's gradient at each image: [B, ...] -> [B]."""
    with tf.GradientTape() as tape:
        tape.watch(images)
        total = tf.reduce_sum(critic(images))
    gradient = tape.gradient(total, images)
    return tf.reduce_sum(tf.square(gradient), axis=list(range(1, images.shape.rank)))


def r1(
    critic: Callable[[tf.Tensor], tf.Tensor],
    real: tf.Tensor,
    fake: tf.Tensor,
    rng: tf.random.Generator,
) -> tf.Tensor:
    """Half the mean squared gradient norm at real images (Mescheder et al., 2018, eq. 9)."""
    del fake, rng
    return 0.5 * tf.reduce_mean(squared_input_gradient(critic, real))


def r2(
    critic: Callable[[tf.Tensor], tf.Tensor],
    real: tf.Tensor,
    fake: tf.Tensor,
    rng: tf.random.Generator,
) -> tf.Tensor:
    """Half the mean squared gradient norm at fake images (Mescheder et al., 2018, eq. 10)."""
    del real, rng
    return 0.5 * tf.reduce_mean(squared_input_gradient(critic, fake))


def interpolates(real: tf.Tensor, fake: tf.Tensor, rng: tf.random.Generator) -> tf.Tensor:
    """One point between each real and fake image: u real + (1 - u) fake, u ~ U[0, 1] per image."""
    shape = [replicas.count() * tf.shape(real)[0]] + [1] * (real.shape.rank - 1)
    u = replicas.mine(rng.uniform(shape))
    return u * real + (1.0 - u) * fake


def gradient_penalty(
    critic: Callable[[tf.Tensor], tf.Tensor],
    real: tf.Tensor,
    fake: tf.Tensor,
    rng: tf.random.Generator,
) -> tf.Tensor:
    """Mean squared distance of the gradient norm from 1, on lines between real and fake.

    E[(||grad critic(u real + (1 - u) fake)|| - 1)^2]; Gulrajani et al. (2017), eq. 3.
    """
    norm = tf.sqrt(squared_input_gradient(critic, interpolates(real, fake, rng)) + 1e-12)
    return tf.reduce_mean(tf.square(norm - 1.0))


REGULARIZERS = {"r1": r1, "r2": r2, "gradient_penalty": gradient_penalty}
