"""The loop of the Keras ACGAN example behind the TensorFlow.js one: train_on_batch, D and then G.

https://github.com/tensorflow/tfjs-examples/tree/master/mnist-acgan (Odena et al., 2017). Its loop makes
a batch of fakes for D and two batches of new noise for G.
"""

import keras
import numpy as np
from keras import layers

BATCH, LATENT, CLASSES = 100, 100, 10
HAS_CLASSES = True


def generator():
    z, label = keras.Input((LATENT,)), keras.Input((1,), dtype="int32")
    embedded = layers.Flatten()(
        layers.Embedding(CLASSES, LATENT, embeddings_initializer="glorot_normal")(label)
    )
    x = layers.Multiply()([z, embedded])
    x = layers.Dense(3 * 3 * 384, activation="relu")(x)
    x = layers.Reshape((3, 3, 384))(x)
    for filters, stride, padding in ((192, 1, "valid"), (96, 2, "same")):
        x = layers.Conv2DTranspose(
            filters,
            5,
            strides=stride,
            padding=padding,
            activation="relu",
            kernel_initializer="glorot_normal",
        )(x)
        x = layers.BatchNormalization()(x)
    image = layers.Conv2DTranspose(
        1, 5, strides=2, padding="same", activation="tanh", kernel_initializer="glorot_normal"
    )(x)
    return keras.Model([z, label], image)


def discriminator():
    image = keras.Input((28, 28, 1))
    x = image
    for filters, stride in ((32, 2), (64, 1), (128, 2), (256, 1)):
        x = layers.Conv2D(filters, 3, strides=stride, padding="same")(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
        x = layers.Dropout(0.3)(x)
    x = layers.Flatten()(x)
    judged = layers.Dense(1, activation="sigmoid")(x)
    return keras.Model(image, [judged, layers.Dense(CLASSES, activation="softmax")(x)])


def compiled():
    """D, G and the two of them in a row, which trains G."""
    both = ["binary_crossentropy", "sparse_categorical_crossentropy"]
    d, g = discriminator(), generator()
    d.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), both)
    z, label = keras.Input((LATENT,)), keras.Input((1,), dtype="int32")
    combined = keras.Model([z, label], d(g([z, label])))
    combined.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), both)
    return d, g, combined


def train_d(d, x, y):
    d.trainable = True
    d.train_on_batch(x, y)


def train_g(combined, d, x, y):
    """Keras 3 reads `trainable` when a step is first traced, no longer when a model is compiled."""
    d.trainable = False
    combined.train_on_batch(x, y)


def build(images, labels, seed):
    keras.utils.set_random_seed(seed)
    d, g, combined = compiled()
    real = (images.astype("float32") - 127.5) / 127.5
    random = np.random.default_rng(seed)

    def noise(count):
        return random.uniform(-1, 1, (count, LATENT)), random.integers(0, CLASSES, (count, 1))

    def step():
        rows = random.integers(0, len(real), BATCH)
        z, asked = noise(BATCH)
        fake = g([z, asked], training=False)
        x = np.concatenate([real[rows], fake])
        truth = np.concatenate([np.full((BATCH, 1), 0.95), np.zeros((BATCH, 1))])
        classes = np.concatenate([labels[rows, None], asked])
        train_d(d, x, [truth, classes])
        z, asked = noise(2 * BATCH)
        train_g(combined, d, [z, asked], [np.full((2 * BATCH, 1), 0.95), asked])

    def fakes(count, labels):
        z = np.random.default_rng(seed).uniform(-1, 1, (count, LATENT))
        return g.predict([z, np.asarray(labels)[:, None]], verbose=0)

    return step, fakes
