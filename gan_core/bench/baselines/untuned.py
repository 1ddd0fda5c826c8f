"""A first try with small networks and no classes: what a person writes before tuning anything."""

import tensorflow as tf
from keras import layers, models, optimizers

BATCH, LATENT, EMA = 64, 64, 0.99
HAS_CLASSES = False


def generator():
    up = {"kernel_size": 4, "strides": 2, "padding": "same", "use_bias": False}
    return models.Sequential(
        [
            layers.Input((LATENT,)),
            layers.Dense(7 * 7 * 64, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((7, 7, 64)),
            layers.Conv2DTranspose(32, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, activation="tanh", **up),
        ]
    )


def discriminator():
    return models.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(16, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Conv2D(32, 4, strides=2, padding="same"),
            layers.LeakyReLU(negative_slope=0.2),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def build(images, labels, seed):
    tf.random.set_seed(seed)
    g, average, d = generator(), generator(), discriminator()
    average.set_weights(g.get_weights())
    g_adam, d_adam = optimizers.Adam(2e-3, beta_1=0.5), optimizers.Adam(1e-3, beta_1=0.5)
    real_images = tf.constant(images)

    @tf.function
    def step():
        rows = tf.random.uniform([BATCH], 0, len(images), tf.int32)
        real = tf.cast(tf.gather(real_images, rows), tf.float32) / 127.5 - 1.0
        fake = g(tf.random.normal([BATCH, LATENT]), training=True)
        with tf.GradientTape() as tape:
            scores = d(tf.concat([real, tf.stop_gradient(fake)], 0), training=True)
            real_score, fake_score = tf.split(scores, 2)
            loss = tf.reduce_mean(tf.nn.softplus(-real_score) + tf.nn.softplus(fake_score))
        gradients = tape.gradient(loss, d.trainable_variables)
        d_adam.apply_gradients(zip(gradients, d.trainable_variables, strict=True))
        with tf.GradientTape() as tape:
            fake = g(tf.random.normal([BATCH, LATENT]), training=True)
            loss = tf.reduce_mean(tf.nn.softplus(-d(fake, training=True)))
        gradients = tape.gradient(loss, g.trainable_variables)
        g_adam.apply_gradients(zip(gradients, g.trainable_variables, strict=True))
        for kept, now in zip(average.variables, g.variables, strict=True):
            if "float" in str(kept.dtype):
                kept.assign(EMA * kept + (1 - EMA) * now)

    def fakes(count, labels):
        z = tf.random.stateless_normal([count, LATENT], [seed, 1])
        return average(z, training=False).numpy()

    return step, fakes
