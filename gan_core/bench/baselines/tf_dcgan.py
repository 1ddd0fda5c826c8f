"""The loop of TensorFlow's DCGAN tutorial: two tapes, Keras Adam, a tf.data pipeline.

https://www.tensorflow.org/tutorials/generative/dcgan
"""

import tensorflow as tf
from keras import layers, losses, models, optimizers

BATCH, LATENT = 256, 100
HAS_CLASSES = False
cross_entropy = losses.BinaryCrossentropy(from_logits=True)


def generator():
    def up(filters, stride, **more):
        return layers.Conv2DTranspose(
            filters, 5, strides=stride, padding="same", use_bias=False, **more
        )

    return models.Sequential(
        [
            layers.Input((LATENT,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            up(128, 1),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            up(64, 2),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            up(1, 2, activation="tanh"),
        ]
    )


def discriminator():
    return models.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def build(images, labels, seed):
    tf.random.set_seed(seed)
    g, d = generator(), discriminator()
    g_adam, d_adam = optimizers.Adam(1e-4), optimizers.Adam(1e-4)
    scaled = (images.astype("float32") - 127.5) / 127.5
    data = tf.data.Dataset.from_tensor_slices(scaled).shuffle(len(scaled)).batch(BATCH)
    batches = iter(data.repeat())

    @tf.function
    def train(real):
        z = tf.random.normal([BATCH, LATENT])
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = g(z, training=True)
            real_score, fake_score = d(real, training=True), d(fake, training=True)
            g_loss = cross_entropy(tf.ones_like(fake_score), fake_score)
            d_loss = cross_entropy(tf.ones_like(real_score), real_score)
            d_loss += cross_entropy(tf.zeros_like(fake_score), fake_score)
        g_gradients = g_tape.gradient(g_loss, g.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, d.trainable_variables)
        g_adam.apply_gradients(zip(g_gradients, g.trainable_variables, strict=True))
        d_adam.apply_gradients(zip(d_gradients, d.trainable_variables, strict=True))

    def fakes(count, labels):
        return g(tf.random.stateless_normal([count, LATENT], [seed, 1]), training=False).numpy()

    return lambda: train(next(batches)), fakes
