"""The loop of TensorFlow's CycleGAN tutorial: its networks, losses, optimisers and train step.

https://www.tensorflow.org/tutorials/generative/cyclegan: U-Nets and discriminators of the Pix2Pix tutorial
with instance normalisation, cross-entropy, no pool, one persistent tape, four optimisers, batches of one.
"""

import keras
import tensorflow as tf
from keras import layers

from gan_core.bench.baselines.tf_pix2pix import (
    DOWN,
    adam,
    cross_entropy,
    discriminator,
    generator,
    jittered,
)

BATCH, CYCLE_WEIGHT = 1, 10.0
HAS_CLASSES, NEEDS = False, "sides"


class InstanceNormalization(layers.Layer):
    """By moments over height and width, with gains from N(1, 0.02) and offsets."""

    def build(self, shape):
        gains = keras.initializers.RandomNormal(1.0, 0.02)
        self.scale = self.add_weight(shape=shape[-1:], initializer=gains, name="scale")
        self.offset = self.add_weight(shape=shape[-1:], initializer="zeros", name="offset")

    def call(self, x):
        mean, variance = tf.nn.moments(x, axes=[1, 2], keepdims=True)
        return self.scale * (x - mean) * tf.math.rsqrt(variance + 1e-5) + self.offset


def generator_loss(fake_score):
    return cross_entropy(tf.ones_like(fake_score), fake_score)


def discriminator_loss(real_score, fake_score):
    real = cross_entropy(tf.ones_like(real_score), real_score)
    return 0.5 * (real + cross_entropy(tf.zeros_like(fake_score), fake_score))


def difference(one, other):
    return tf.reduce_mean(tf.abs(one - other))


def train_step(networks, optimizers):
    """Graph code: images of both sides -> losses of both G, both D and both ways back.

    Args:
        networks, optimizers: of g_ab, g_ba, d_a and d_b.
    """
    g_ab, g_ba, d_a, d_b = networks

    @tf.function
    def train(a, b):
        with tf.GradientTape(persistent=True) as tape:
            fake_b = g_ab(a, training=True)
            back_a = g_ba(fake_b, training=True)
            fake_a = g_ba(b, training=True)
            back_b = g_ab(fake_a, training=True)
            same_a, same_b = g_ba(a, training=True), g_ab(b, training=True)
            real_a_score, real_b_score = d_a(a, training=True), d_b(b, training=True)
            fake_a_score, fake_b_score = d_a(fake_a, training=True), d_b(fake_b, training=True)
            fools_b, fools_a = generator_loss(fake_b_score), generator_loss(fake_a_score)
            cycle = CYCLE_WEIGHT * (difference(back_a, a) + difference(back_b, b))
            total_ab = fools_b + cycle + 0.5 * CYCLE_WEIGHT * difference(same_b, b)
            total_ba = fools_a + cycle + 0.5 * CYCLE_WEIGHT * difference(same_a, a)
            d_a_loss = discriminator_loss(real_a_score, fake_a_score)
            d_b_loss = discriminator_loss(real_b_score, fake_b_score)
        for network, optimizer, loss in zip(
            networks, optimizers, (total_ab, total_ba, d_a_loss, d_b_loss), strict=True
        ):
            gradients = tape.gradient(loss, network.trainable_variables)
            optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return fools_b, fools_a, d_a_loss, d_b_loss, cycle

    return train


def make_networks(shape, widths=DOWN):
    """g_ab, g_ba, d_a and d_b for images of this shape."""
    how = {"channels": shape[-1], "widths": widths, "norm": InstanceNormalization}
    judges = [discriminator(shape[0], inputs=1, **how) for _ in range(2)]
    return [generator(shape[0], **how), generator(shape[0], **how), *judges]


def build(dataset, seed, widths=DOWN):
    keras.utils.set_random_seed(seed)
    networks = make_networks(dataset.spec.image_shape, widths)
    arrays = dataset.splits["train"]
    sides = (tf.data.Dataset.from_tensor_slices(arrays[side]) for side in ("a", "b"))
    each = [
        s.map(lambda x: jittered(x)[0], num_parallel_calls=tf.data.AUTOTUNE).shuffle(1000)
        for s in sides
    ]
    batches = iter(tf.data.Dataset.zip(tuple(s.batch(BATCH).repeat() for s in each)))
    train = train_step(networks, [adam() for _ in networks])
    return lambda: train(*next(batches)), lambda images: networks[0](images, False).numpy()
