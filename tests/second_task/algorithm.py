"""Two generators and two discriminators that learn together, with a pool of past fakes of each kind."""

from __future__ import annotations

import functools

import keras
import tensorflow as tf
from keras import layers

from gan_core.algorithms.base import Algorithm
from gan_core.algorithms.batches import BatchSource
from gan_core.algorithms.compiled import ManyTurns, compiled
from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.measures import pack
from gan_core.algorithms.state import TrainingState, adam, average_of
from tests.second_task.recipes.two_way import POOLED

NAMES = ("g_ab", "g_ba", "d_a", "d_b")
CYCLE = 10.0  # weight of the way there and back


def generator(name: str, shape, width: int, seed: int):
    image = keras.Input(shape, name="image")
    x = image
    for i in range(2):
        kernel = keras.initializers.GlorotUniform(seed=seed + i)
        x = layers.Conv2D(2 * width, 3, padding="same", kernel_initializer=kernel)(x)
        x = layers.LeakyReLU(negative_slope=0.2)(x)
    kernel = keras.initializers.GlorotUniform(seed=seed + 2)
    x = layers.Conv2D(shape[-1], 3, padding="same", kernel_initializer=kernel)(x)
    return keras.Model(image, layers.Activation("tanh")(x), name=name)


def discriminator(name: str, shape, width: int, seed: int):
    image = keras.Input(shape, name="image")
    kernel = keras.initializers.GlorotUniform(seed=seed)
    x = layers.Conv2D(2 * width, 4, 2, padding="same", kernel_initializer=kernel)(image)
    x = layers.Flatten()(layers.LeakyReLU(negative_slope=0.2)(x))
    dense = layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed=seed + 1))
    return keras.Model(image, dense(x), name=name)


class Blueprint:
    """What the recipe chose: builders by name, and the algorithm that they make."""

    def __init__(self, config, spec):
        builders = (generator, generator, discriminator, discriminator)
        self.networks = {
            name: functools.partial(
                build, name, spec.image_shape, config.width, config.seed + 9 * i
            )
            for i, (name, build) in enumerate(zip(NAMES, builders, strict=True))
        }
        self.shape = spec.image_shape

    def algorithm(self, config, dataset):
        even = dataset.train_labels % 2 == 0
        sources = [
            BatchSource(dataset.train[kind], None, num_classes=0, seed=config.seed)
            for kind in (even, ~even)
        ]
        return TwoWay(self, config, *sources)


class TwoWay(Algorithm):
    """CycleGAN in small."""

    shown = ("g_ab", "g_ba")
    updates = NAMES
    metric_names = (*(f"{name}_loss" for name in NAMES), "cycle_loss")

    def __init__(self, blueprint, config, source_a, source_b):
        self.config, self.sources = config, (source_a, source_b)
        networks = {name: build() for name, build in blueprint.networks.items()}
        pooled = [POOLED * config.batch_size, *blueprint.shape]
        self.pools = {n: tf.Variable(tf.zeros(pooled), trainable=False) for n in ("a", "b")}
        state = TrainingState(
            config,
            networks=networks,
            averages={n: average_of(blueprint.networks[n], networks[n]) for n in self.shown},
            optimizers={f"{n}_optimizer": adam(network, config) for n, network in networks.items()},
            updates=tuple(f"{n}_updates" for n in NAMES),
            more={f"pool/{n}": pool for n, pool in self.pools.items()},
        )
        super().__init__(state)
        self.loss = LOSSES[config.loss]
        self.turn = compiled(functools.partial(self._turn, NAMES))
        self._only = {n: compiled(functools.partial(self._turn, (n,))) for n in NAMES}
        turn = functools.partial(self._turn, NAMES)
        self._many = ManyTurns(turn, lambda: None, len(self.metric_names))
        shown = self.shown_network("g_ab")
        self._sample = compiled(lambda images: shown(images, training=False))

    def train_step(self):
        return self.turn()

    def train_steps(self, count):
        return self._many(count, 1)

    def partial_step(self, network):
        return self._only[network]()

    def sample(self, images):
        return self._sample(tf.constant(images, tf.float32)).numpy()

    def _turn(self, names):
        a = self._state.next_batch(self.sources[0])[0]
        b = self._state.next_batch(self.sources[1], seen=False)[0]
        net = self.networks
        with tf.GradientTape(persistent=True) as tape:
            fake_b, fake_a = net["g_ab"](a, training=True), net["g_ba"](b, training=True)
            there_and_back = (net["g_ba"](fake_b) - a, net["g_ab"](fake_a) - b)
            cycle = tf.add_n([tf.reduce_mean(tf.abs(d)) for d in there_and_back])
            losses = {
                "g_ab": self.loss.generator(None, net["d_b"](fake_b)) + CYCLE * cycle,
                "g_ba": self.loss.generator(None, net["d_a"](fake_a)) + CYCLE * cycle,
                "d_a": self._d_loss("a", a, fake_a),
                "d_b": self._d_loss("b", b, fake_b),
            }
        gradients = {
            n: tape.gradient(losses[n], self.optimizers[f"{n}_optimizer"].targets) for n in names
        }
        for name in names:
            self._state.count(f"{name}_updates")
            rate = self._state.rate(f"{name[0]}_lr")
            self.optimizers[f"{name}_optimizer"].apply(gradients[name], rate)
        self._keep(a=fake_a, b=fake_b)
        self._state.count("step")
        self._state.average()
        measured = {f"{n}_loss": losses[n] for n in names} | {"cycle_loss": cycle}
        return pack(measured, self.metric_names)

    def _d_loss(self, kind, real, fake):
        """Half of the fakes come from the pool, once it is full."""
        batch = self.config.batch_size
        full = self._state.counts["step"] >= POOLED
        old = self._state.rng.uniform([batch, 1, 1, 1]) < 0.5
        past = tf.gather(self.pools[kind], self._state.rng.uniform([batch], 0, batch, tf.int32))
        fakes = tf.stop_gradient(tf.where(full & old, past, fake))
        critic = self.networks[f"d_{kind}"]
        return self.loss.discriminator(critic(real), critic(fakes))

    def _keep(self, **fakes):
        """The newest fakes first; the oldest leave the pool."""
        for kind, fake in fakes.items():
            pool = self.pools[kind]
            pool.assign(tf.concat([fake, pool[: -self.config.batch_size]], axis=0))
