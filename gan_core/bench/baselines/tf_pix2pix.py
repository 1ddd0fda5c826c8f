"""The loop of TensorFlow's Pix2Pix tutorial: its networks, losses, optimisers and train step.

https://www.tensorflow.org/tutorials/generative/pix2pix: both networks learn from one pass, batches of one
pair, batch normalisation behind every layer but the outermost.
"""

import keras
import tensorflow as tf
from keras import layers, losses, optimizers

BATCH, L1_WEIGHT, ENLARGED = 1, 100.0, 286 / 256
HAS_CLASSES, NEEDS = False, "pairs"
DOWN = (64, 128, 256, 512, 512, 512, 512, 512)  # at 256 pixels; fewer where the images are smaller
DROPPED = 3  # ups that drop half of their features
cross_entropy = losses.BinaryCrossentropy(from_logits=True)


def normal():
    return keras.initializers.RandomNormal(0.0, 0.02)


def downsample(filters, norm):
    """Half the sides; `norm` makes a normalisation, or is None."""
    kernel = layers.Conv2D(filters, 4, 2, "same", kernel_initializer=normal(), use_bias=False)
    return keras.Sequential([kernel, *([norm()] if norm else []), layers.LeakyReLU()])


def upsample(filters, norm, dropped):
    kernel = layers.Conv2DTranspose(
        filters, 4, 2, "same", kernel_initializer=normal(), use_bias=False
    )
    rest = [layers.Dropout(0.5)] if dropped else []
    return keras.Sequential([kernel, norm(), *rest, layers.ReLU()])


def generator(side, channels=3, widths=DOWN, norm=layers.BatchNormalization):
    widths = widths[: side.bit_length() - 1]
    image = x = keras.Input((side, side, channels))
    shortcuts = []
    for i, filters in enumerate(widths):
        x = downsample(filters, norm if i else None)(x)
        shortcuts.append(x)
    for i, filters in enumerate(reversed(widths[:-1])):
        x = upsample(filters, norm, i < DROPPED)(x)
        x = layers.Concatenate()([x, shortcuts[-2 - i]])
    last = layers.Conv2DTranspose(
        channels, 4, 2, "same", kernel_initializer=normal(), activation="tanh"
    )
    return keras.Model(image, last(x))


def discriminator(side, channels=3, widths=DOWN, norm=layers.BatchNormalization, inputs=2):
    """Of so many images side by side: 70 x 70 pixels a score."""
    images = [keras.Input((side, side, channels)) for _ in range(inputs)]
    x = layers.Concatenate()(images) if inputs > 1 else images[0]
    for i, filters in enumerate(widths[:3]):
        x = downsample(filters, norm if i else None)(x)
    x = layers.ZeroPadding2D()(x)
    x = layers.Conv2D(widths[3], 4, kernel_initializer=normal(), use_bias=False)(x)
    x = layers.ZeroPadding2D()(layers.LeakyReLU()(norm()(x)))
    return keras.Model(images, layers.Conv2D(1, 4, kernel_initializer=normal())(x))


def jittered(*images):
    """Enlarged by nearest neighbours, cropped at one place and mirrored together."""
    stacked = tf.cast(tf.stack(images), tf.float32) / 127.5 - 1
    _, side, _, channels = stacked.shape
    grown = round(side * ENLARGED)
    stacked = tf.image.resize(stacked, [grown, grown], tf.image.ResizeMethod.NEAREST_NEIGHBOR)
    stacked = tf.image.random_crop(stacked, [len(images), side, side, channels])
    if tf.random.uniform(()) > 0.5:
        stacked = tf.image.flip_left_right(stacked)
    return tuple(tf.unstack(stacked))


def train_step(g, d, g_adam, d_adam):
    """Graph code: inputs and targets -> losses of G, D and L1."""

    @tf.function
    def train(inputs, targets):
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            made = g(inputs, training=True)
            real_score = d([inputs, targets], training=True)
            fake_score = d([inputs, made], training=True)
            g_loss = cross_entropy(tf.ones_like(fake_score), fake_score)
            l1 = tf.reduce_mean(tf.abs(targets - made))
            total = g_loss + L1_WEIGHT * l1
            d_loss = cross_entropy(tf.ones_like(real_score), real_score)
            d_loss += cross_entropy(tf.zeros_like(fake_score), fake_score)
        g_gradients = g_tape.gradient(total, g.trainable_variables)
        d_gradients = d_tape.gradient(d_loss, d.trainable_variables)
        g_adam.apply_gradients(zip(g_gradients, g.trainable_variables, strict=True))
        d_adam.apply_gradients(zip(d_gradients, d.trainable_variables, strict=True))
        return g_loss, d_loss, l1

    return train


def adam():
    return optimizers.Adam(2e-4, beta_1=0.5)


def build(dataset, seed, widths=DOWN):
    keras.utils.set_random_seed(seed)
    arrays = dataset.splits["train"]
    side, channels = dataset.spec.image_shape[0], dataset.spec.image_shape[-1]
    g, d = generator(side, channels, widths), discriminator(side, channels, widths)
    data = tf.data.Dataset.from_tensor_slices((arrays["input"], arrays["target"]))
    data = data.map(jittered, num_parallel_calls=tf.data.AUTOTUNE).shuffle(400).batch(BATCH)
    batches, train = iter(data.repeat()), train_step(g, d, adam(), adam())
    return lambda: train(*next(batches)), lambda images: g(images, training=False).numpy()
