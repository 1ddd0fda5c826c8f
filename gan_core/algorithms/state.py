"""All variables of a training: networks, averages, optimisers, counters, knobs, randomness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from gan_core.algorithms import chance
from gan_core.algorithms.optimizers import Adam, ema_decay, update_ema
from gan_core.algorithms.variables import copy_in, copy_out, named
from gan_core.config import LIVE_KNOBS, SETTINGS
from gan_core.errors import ConfigError
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras

    from gan_core.algorithms.batches import Source
    from gan_core.config import TrainConfig

COMMON_KNOBS = tuple(name for name in LIVE_KNOBS if not SETTINGS[name].special)


class TrainingState:
    """What a checkpoint holds. Everything random is in here too, so restoring it repeats the future.

    Args:
        config: the run's TrainConfig.
        networks: name -> keras.Model that learns.
        averages: name of a network -> its averaged copy, which follows at each `average`.
        optimizers: name -> Adam.
        updates: names of the counters of updates.
        more: name -> any other tf.Variable that the future depends on.
        knobs: names of live settings that it has besides those that all have.
    """

    def __init__(
        self,
        config: TrainConfig,
        *,
        networks: dict[str, keras.Model],
        averages: dict[str, keras.Model],
        optimizers: dict[str, Adam],
        updates: Sequence[str],
        more: dict[str, tf.Variable] | None = None,
        knobs: Sequence[str] = (),
    ) -> None:
        self.config, self.networks, self.averages = config, networks, averages
        self.optimizers, self.more = optimizers, dict(more or {})
        self.rng = chance.generator(config.seed)
        names = ("step", *updates, "images_seen", "images_drawn")
        self.counts = {n: tf.Variable(0, dtype=tf.int64, trainable=False) for n in names}
        self.knob_variables = {
            name: tf.Variable(float(getattr(config, name)), dtype=tf.float64, trainable=False)
            for name in (*COMMON_KNOBS, *knobs)
        }

    # ---- inside the compiled step ----

    def knob(self, name: str) -> tf.Tensor:
        """A live setting, float32 scalar."""
        return tf.cast(self.knob_variables[name], tf.float32)

    def rate(self, name: str) -> tf.Tensor:
        """A learning rate: the knob times the schedule.

        1 / (1 + step / lr_half_steps), and from lr_decay_start on a straight line to 0 at twice
        that step.
        """
        rate, start = self.knob(name), self.config.lr_decay_start
        step = tf.cast(self.counts["step"], tf.float32)
        if self.config.lr_half_steps:
            rate = rate / (1.0 + step / self.config.lr_half_steps)
        return rate * tf.clip_by_value(2.0 - step / start, 0.0, 1.0) if start else rate

    def noise(self) -> tf.Tensor:
        """Instance noise at this step: the knob, and while it grows the share of its steps that are done."""
        amount, steps = self.knob("instance_noise"), self.config.noise_steps
        if not steps:
            return amount
        return amount * tf.minimum(tf.cast(self.counts["step"], tf.float32) / steps, 1.0)

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a counter."""
        self.counts[name].assign_add(amount)

    def next_batch(
        self, source: Source, *, seen: bool = True
    ) -> tuple[tf.Tensor, tf.Tensor | None]:
        """The next real images [B, ...] and their classes [B, K] (None without): this replica's share.

        Args:
            source: a BatchSource.
            seen: D learns from them, so they count as `images_seen`.
        """
        batch = self.config.batch_size
        own = replicas.share(batch)
        position = self.counts["images_drawn"]
        if replicas.count() > 1:
            position = position + tf.cast(replicas.place(own), tf.int64)
        real, classes = source.draw(position, own)
        self.count("images_drawn", batch)
        if seen:
            self.count("images_seen", batch)
        return real, classes

    def next_z(self, prior: str, count: int) -> tf.Tensor:
        """Fresh z [count, Z] of the "normal" or "uniform" prior; `count` is this replica's."""
        shape = [replicas.count() * count, self.config.latent_dim]
        uniform = prior == "uniform"
        z = self.rng.uniform(shape, -1.0, 1.0) if uniform else self.rng.normal(shape)
        return replicas.mine(z)

    def noisy(self, images: tf.Tensor, parts: int = 1) -> tf.Tensor:
        """Instance noise (Sønderby et al., 2017): its share of N(0, 1) on every image.

        Without noise one image's worth is drawn and multiplied by 0: a branch in the graph would
        cost more, at every start and in every step.

        Args:
            parts: of equal length that `images` joins (replicas.mine).
        """
        amount = self.noise()
        if replicas.count() > 1:
            return images + amount * self.rng.normal_share(images, amount, parts)
        count, *shape = tf.unstack(tf.shape(images))
        count = tf.where(amount > 0.0, count, 1)
        return images + amount * self.rng.normal(tf.stack([count, *shape]))

    def average(self) -> None:
        """Move the averaged networks towards the raw ones; batch statistics are averaged too."""
        step = tf.cast(self.counts["step"], tf.float32)
        decay = ema_decay(self.knob("ema_half_life"), step, self.config.ema_ramp)
        for name, average in self.averages.items():
            update_ema(_floats(average), _floats(self.networks[name]), decay)

    # ---- outside ----

    def counters(self) -> dict[str, int]:
        """step, images_seen and the updates of each network."""
        return {n: int(v.numpy()) for n, v in self.counts.items() if n != "images_drawn"}

    def knobs(self) -> dict[str, float]:
        """Live settings, read from the variables that the step uses."""
        return {name: float(v.numpy()) for name, v in self.knob_variables.items()}

    def set_knobs(self, values: Mapping[str, float]) -> None:
        """Assign live settings.

        Raises:
            ConfigError: one that this training does not have; nothing is changed.
        """
        for name in values:
            if name not in self.knob_variables:
                allowed = ", ".join(self.knob_variables)
                raise ConfigError(f"This run has no knob `{name}`. It has: {allowed}.")
        for name, value in values.items():
            self.knob_variables[name].assign(float(value))

    def save(self) -> dict[str, np.ndarray]:
        """A copy of every variable by name."""
        return copy_out(self._variables())

    def load(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Assign what `save` returned; CheckpointError where it is of another network."""
        copy_in(self._variables(), arrays)

    def _variables(self) -> dict[str, tf.Variable]:
        found: dict[str, tf.Variable] = {}
        for name, network in self.networks.items():
            found |= named(name, network.variables)
        for name, network in self.averages.items():
            found |= named(f"ema_{name}", network.variables)
        for name, optimizer in self.optimizers.items():
            found |= named(name, optimizer.variables())
        return {
            **found,
            **{f"count/{n}": v for n, v in self.counts.items()},
            **{f"knob/{n}": v for n, v in self.knob_variables.items()},
            "rng/state": self.rng.state,
            **self.more,
        }


def average_of(build: Callable[[], Any], network: keras.Model) -> keras.Model:
    """A copy of a network that may follow it; in float32, for every picture is drawn with it."""
    copy = build()
    copy.set_weights(network.get_weights())
    return copy


def adam(network: keras.Model, config: TrainConfig) -> Adam:
    """The optimiser of a network's weights, with the run's memory."""
    targets = [v.value for v in network.trainable_variables]
    return Adam(targets, beta_1=config.beta_1, beta_2=config.beta_2)


def _floats(network: keras.Model) -> list[tf.Variable]:
    """tf.Variables of a network that can be averaged (not the seeds of dropout)."""
    return [v.value for v in network.variables if "float" in str(v.dtype)]
