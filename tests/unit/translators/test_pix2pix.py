"""Pix2Pix beside a plain loop of Keras's own layers, losses and optimisers."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tests.unit.translators.conftest import told


def plain_generator(w=4):
    """The small U-Net with Keras's layers alone."""

    def normed(x):
        return layers.GroupNormalization(-1, epsilon=1e-5)(x)

    image = keras.Input((28, 28, 1))
    first = layers.LeakyReLU(negative_slope=0.2)(layers.Conv2D(w, 4, 2, "same")(image))
    x = normed(layers.Conv2D(2 * w, 4, 2, "same", use_bias=False)(first))
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    y = layers.ReLU()(normed(layers.Conv2D(2 * w, 3, 1, "same", use_bias=False)(x)))
    y = normed(layers.Conv2D(2 * w, 3, 1, "same", use_bias=False)(y))
    x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.ReLU()(normed(layers.Conv2DTranspose(w, 4, 2, "same", use_bias=False)(x)))
    x = layers.Concatenate()([x, first])
    return keras.Model(image, layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x))


def plain_discriminator(w=4):
    images = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    x = layers.Conv2D(w, 4, 2, "same")(layers.Concatenate()(images))
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Conv2D(2 * w, 4, 1, "same", use_bias=False)(x)
    x = layers.LeakyReLU(negative_slope=0.2)(layers.GroupNormalization(-1, epsilon=1e-5)(x))
    return keras.Model(images, layers.Conv2D(1, 4, 1, "same")(x))


class Plain:
    """The loop of the reference implementation: D first, then G through the new D, on the same fake."""

    def __init__(self, algorithm):
        self.g, self.d = plain_generator(), plain_discriminator()
        self.g.set_weights(algorithm.networks["generator"].get_weights())
        self.d.set_weights(algorithm.networks["discriminator"].get_weights())
        config = algorithm.config
        rates = config.g_lr, config.d_lr
        self.g_adam, self.d_adam = (keras.optimizers.Adam(r, config.beta_1, 0.999) for r in rates)
        self.bce = keras.losses.BinaryCrossentropy(from_logits=True)

    def step(self, a, b, *, gan=1.0, l1=100.0):
        with tf.GradientTape() as g_tape:
            fake = self.g(a, training=True)
            with tf.GradientTape() as tape:
                real_score = self.d([a, b], training=True)
                fake_score = self.d([a, tf.stop_gradient(fake)], training=True)
                d_loss = self.bce(tf.ones_like(real_score), real_score)
                d_loss += self.bce(tf.zeros_like(fake_score), fake_score)
            weights = self.d.trainable_variables
            self.d_adam.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
            score = self.d([a, fake], training=True)
            g_loss = self.bce(tf.ones_like(score), score)
            difference = tf.reduce_mean(tf.abs(fake - b))
            total = gan * g_loss + l1 * difference
        weights = self.g.trainable_variables
        self.g_adam.apply_gradients(zip(g_tape.gradient(total, weights), weights, strict=True))
        return {"g_loss": float(g_loss), "d_loss": float(d_loss), "l1": float(difference)}


def flat(network):
    return np.concatenate([v.numpy().astype(float).ravel() for v in network.trainable_variables])


def batch_of(algorithm):
    """The images that its next step draws."""
    return algorithm.source.draw(algorithm._state.counts["images_drawn"], 4)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("weights", [{}, {"l1_weight": 0.0, "gan_weight": 3.0}])
def test_a_step_is_that_of_a_plain_loop(weights, make, eagerly, monkeypatch):
    """Numbers before their weights; Adam makes rounding of tiny gradients visible."""
    ours = make("fast_pix2pix", **weights)
    in_turn = dataclasses.replace(ours.parts, together=False)
    monkeypatch.setattr(ours, "parts", in_turn)
    plain = Plain(ours)
    start = {n: flat(network) for n, network in ours.networks.items()}
    how = {name.removesuffix("_weight"): value for name, value in weights.items()}
    for _ in range(2):
        expected = plain.step(*batch_of(ours), **how)
        found = told(ours, ours.train_step())
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=2e-3), name
    for name, theirs in (("generator", plain.g), ("discriminator", plain.d)):
        way = flat(ours.networks[name]) - start[name]
        assert np.abs(way).max() > 1e-4
        apart = np.linalg.norm(flat(theirs) - start[name] - way)
        assert apart < 0.02 * np.linalg.norm(way), name


def test_both_from_one_pass_learn_from_each_other_as_they_were(make, eagerly, monkeypatch):
    """Gradients of the tutorial's loop: of both losses before either network moved."""
    ours = make("fast_pix2pix")
    assert ours.parts.together
    (a, b), g, d = batch_of(ours), ours.networks["generator"], ours.networks["discriminator"]
    with tf.GradientTape(persistent=True) as tape:
        fake = g(a, training=True)
        real_score, fake_score = d([a, b], training=True), d([a, fake], training=True)
        d_loss = tf.reduce_mean(tf.nn.softplus(-real_score)) + tf.reduce_mean(
            tf.nn.softplus(fake_score)
        )
        g_loss = tf.reduce_mean(tf.nn.softplus(-fake_score))
        total = g_loss + 100.0 * tf.reduce_mean(tf.abs(fake - b))
    norms = [
        tf.linalg.global_norm(tape.gradient(loss, [v.value for v in net.trainable_variables]))
        for loss, net in ((total, g), (d_loss, d))
    ]
    found = told(ours, ours.train_step())
    assert found["g_grad_norm"] == pytest.approx(float(norms[0]), rel=1e-4)
    assert found["d_grad_norm"] == pytest.approx(float(norms[1]), rel=1e-4)
    assert found["g_loss"] == pytest.approx(float(g_loss), rel=1e-5)


def test_pairs_stay_together(make, datasets):
    """Every input comes with the target of its own row, in an order that the seed decides."""
    arrays = datasets["fast_pix2pix"].splits["train"]
    rows = {row.tobytes(): i for i, row in enumerate(arrays["input"])}
    drawn = make("fast_pix2pix").source.draw(tf.constant(40, tf.int64), 20)
    inputs, targets = (np.rint((d.numpy() + 1) * 127.5).astype(np.uint8) for d in drawn)
    found = [rows[i.tobytes()] for i in inputs]
    np.testing.assert_array_equal(arrays["target"][found], targets)
    assert found != sorted(found)


def test_dropout_rests_when_pictures_are_shown(make, datasets):
    algorithm = make("pix2pix")
    images = datasets["pix2pix"].splits["held_out"]["input"][:2].astype(np.float32) / 127.5 - 1
    one, other = (algorithm.sample(images) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    network = algorithm.networks["generator"]
    one, other = (network(images, training=True).numpy() for _ in range(2))
    assert not np.array_equal(one, other)
