"""What a step of one generator against one discriminator is made of; `updates` join the pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.augment import Augment, operations
from gan_core.algorithms.base import Algorithm
from gan_core.algorithms.losses import LOSSES, smoothing_term
from gan_core.algorithms.measures import metric_names, score_metrics
from gan_core.algorithms.precision import network
from gan_core.algorithms.state import TrainingState, adam, average_of
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gan_core.algorithms.batches import BatchSource
    from gan_core.algorithms.choices import Choices
    from gan_core.config import TrainConfig
    from gan_core.types import Array


class Pieces(Algorithm):
    """Two networks, their state, and graph code of what an update asks for.

    adversarial.AdversarialGAN makes steps of it, and says what the arguments are.
    """

    def __init__(
        self,
        parts: Choices,
        config: TrainConfig,
        source: BatchSource,
        held_out: Callable[[], BatchSource],
    ) -> None:
        self.loss = LOSSES[config.loss]
        names = operations(config.augment, source.images.shape[1:], source.size)
        self._augment = Augment(names)
        self._held_out = held_out() if names else None
        super().__init__(_state_of(parts, config, self._augment.variables))
        self.parts, self.config, self.source = parts, config, source
        self.metric_names = metric_names(parts, self.loss) + self._augment.metric_names
        self.knob, self.noisy = self._state.knob, self._state.noisy

    def load_state(self, arrays: Mapping[str, Array]) -> None:
        """Also of a training in which augmentation was on or off where it is not here."""
        super().load_state(self._augment.completed(arrays))

    def next_batch(self, *, seen: bool = True) -> tuple[tf.Tensor, tf.Tensor | None]:
        """The next real images [B, ...] and their classes [B, K]; seen: D learns from them."""
        return self._state.next_batch(self.source, seen=seen)

    def generate(
        self, real_classes: tf.Tensor | None, batches: int = 1, *, training: bool = True
    ) -> tuple[tf.Tensor, tf.Tensor | None]:
        """Fakes [batches x B, ...] from the prior and their classes [batches x B, K] (None without)."""
        count = batches * replicas.share(self.config.batch_size)
        num_classes = self.source.num_classes
        inputs = [self._state.next_z(self.parts.prior, count)]

        def draw() -> tf.Tensor:
            of_all = [replicas.count() * count]
            labels = self._state.rng.uniform(of_all, 0, num_classes, dtype=tf.int32)
            return tf.one_hot(replicas.mine(labels), num_classes)

        classes = self.parts.labels.of_fakes(real_classes, draw)
        if classes is not None:
            inputs.append(classes)
        return self.networks["generator"](inputs, training=training), classes

    def augmented(self, *images: tf.Tensor) -> Sequence[tf.Tensor]:
        """Each [B, ...] as D is to see it, by draws of its own; as they are where nothing is augmented."""
        if not self._augment.names:
            return images
        joined = self._augment(self._state.rng, tf.concat(images, axis=0), parts=len(images))
        found: Sequence[tf.Tensor] = tf.split(
            joined, [i.shape[0] or tf.shape(i)[0] for i in images]
        )
        return found

    def follow_d(self, metrics: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Metrics of an update of D, and of the augmentation that follows it."""
        if self._held_out is None:
            return metrics
        updates, unknown = self._state.counts["d_updates"], self._held_out
        scores = metrics["real_score"], metrics["fake_score"], lambda: self._score_of(unknown)
        return metrics | self._augment.follow(*scores, updates, self.config.batch_size)

    def _score_of(self, unknown: BatchSource) -> tf.Tensor:
        """D's mean score of the next images that it never learns from, changed as all that it sees."""
        own = replicas.share(self.config.batch_size)
        position = self._state.counts["d_updates"] * self.config.batch_size
        place = tf.cast(replicas.place(own), tf.int64)
        images, classes = unknown.draw(position + place, own)
        return tf.reduce_mean(self.score(self.noisy(*self.augmented(images)), classes)[0])

    def score(self, images: tf.Tensor, classes: tf.Tensor | None) -> tuple[tf.Tensor, ...]:
        """D's outputs as a tuple (score [B, 1], class logits [B, K] or nothing)."""
        inputs = self.parts.labels.critic_inputs(images, classes)
        outputs = self.networks["discriminator"](inputs, training=True)
        return tuple(outputs) if isinstance(outputs, list | tuple) else (outputs,)

    def score_both(
        self,
        real: tf.Tensor,
        classes: tf.Tensor | None,
        fake: tf.Tensor,
        fake_classes: tf.Tensor | None,
    ) -> dict[str, tuple[tf.Tensor, ...]]:
        """Real and fake images in one pass (no layer of D couples images): two output tuples."""
        images = self.noisy(tf.concat([real, fake], axis=0), parts=2)
        both = self.parts.labels.joined(classes, fake_classes)
        halves = [tf.split(o, 2) for o in self.score(images, both)]
        return {"real": tuple(h[0] for h in halves), "fake": tuple(h[1] for h in halves)}

    def score_each(
        self,
        real: tf.Tensor,
        classes: tf.Tensor | None,
        fake: tf.Tensor,
        fake_classes: tf.Tensor | None,
    ) -> dict[str, tuple[tf.Tensor, ...]]:
        """Two passes: the way back to the fakes then leaves the real images out."""
        return {
            "real": self.score(self.noisy(real), classes),
            "fake": self.score(self.noisy(fake), fake_classes),
        }

    @property
    def shares_backward(self) -> bool:
        """Whether one pass back through D gives the gradients of both networks exactly."""
        return self.loss.shared_backward and self.parts.labels.shares_backward

    def d_loss(
        self,
        outputs: dict[str, tuple[tf.Tensor, ...]],
        classes: tf.Tensor | None,
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        """What D minimises, without penalties."""
        real_score, fake_score = outputs["real"][0], outputs["fake"][0]
        loss = self.loss.discriminator(real_score, fake_score)
        if self.loss.log_odds:
            term = smoothing_term(real_score, self.knob("label_smoothing"))
            loss += self.loss.smoothing_scale * term
        return self.parts.labels.d_loss(self, loss, outputs, classes, fake_classes)

    def g_loss(
        self,
        real_outputs: tuple[tf.Tensor, ...] | None,
        fake_outputs: tuple[tf.Tensor, ...],
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        """What G minimises; `real_outputs` may be None unless the loss is relativistic."""
        real_score = None if real_outputs is None else real_outputs[0]
        loss = self.loss.generator(real_score, fake_outputs[0])
        return self.parts.labels.g_loss(self, loss, fake_outputs, fake_classes)

    def fooling_loss(
        self,
        real_outputs: tuple[tf.Tensor, ...] | None,
        fake: tf.Tensor,
        fake_classes: tf.Tensor | None,
    ) -> tf.Tensor:
        """G's loss on fakes that D is asked about now."""
        (fake,) = self.augmented(fake)
        fake_outputs = self.score(self.noisy(fake), fake_classes)
        return self.g_loss(real_outputs, fake_outputs, fake_classes)

    def update_d(
        self,
        real: tf.Tensor,
        classes: tf.Tensor | None,
        fake: tf.Tensor,
        fake_classes: tf.Tensor | None,
    ) -> dict[str, tf.Tensor]:
        """One update of D; its metrics."""
        real, fake = self.augmented(real, tf.stop_gradient(fake))
        with tf.GradientTape() as tape:
            outputs = self.score_both(real, classes, fake, fake_classes)
            d_loss = self.d_loss(outputs, classes, fake_classes)
            penalties = self.penalties(real, fake, classes)
            total = d_loss + self.weighted(penalties)
        norm = self.apply("d", tape.gradient(total, self.optimizers["d_optimizer"].targets))
        metrics = score_metrics(self.loss, outputs, classes, fake_classes)
        return self.follow_d(metrics) | {"d_loss": d_loss, "d_grad_norm": norm} | penalties

    def update_g(self, tape: tf.GradientTape, g_loss: tf.Tensor) -> dict[str, tf.Tensor]:
        """One update of G from a tape that saw its loss; its metrics."""
        norm = self.apply("g", tape.gradient(g_loss, self.optimizers["g_optimizer"].targets))
        return {"g_loss": g_loss, "g_grad_norm": norm}

    def penalties(
        self, real: tf.Tensor, fake: tf.Tensor, classes: tf.Tensor | None
    ) -> dict[str, tf.Tensor]:
        """penalty/<name> -> scalar, unweighted; real and fake share their classes."""
        real, fake, classes = (self._penalised(rows) for rows in (real, fake, classes))

        def critic(images: tf.Tensor) -> tf.Tensor:
            return self.score(images, classes)[0]

        return {
            f"penalty/{name}": function(critic, real, fake, self._state.rng)
            for name, (function, _) in self.parts.regularizers.items()
        }

    def _penalised(self, rows: tf.Tensor | None) -> tf.Tensor | None:
        """The rows at which penalties are taken: all, or one in so many of each replica's."""
        if rows is None or self.parts.penalised == 1:
            return rows
        return rows[:: self.parts.penalised]

    def weighted(self, penalties: dict[str, tf.Tensor]) -> tf.Tensor:
        """Sum of the penalties, each with its weight."""
        weights = {f"penalty/{n}": w for n, (_, w) in self.parts.regularizers.items()}
        return tf.add_n([weights[n] * p for n, p in penalties.items()]) if penalties else 0.0

    def apply(self, network: str, gradients: Sequence[tf.Tensor]) -> tf.Tensor:
        """One move of the optimiser of "g" or "d" by all replicas' gradients; their norm."""
        gradients = replicas.mean(gradients)
        self._state.count(f"{network}_updates")
        self.optimizers[f"{network}_optimizer"].apply(gradients, self._state.rate(f"{network}_lr"))
        return tf.linalg.global_norm(gradients)


def _state_of(parts: Choices, config: TrainConfig, more: dict[str, tf.Variable]) -> TrainingState:
    networks = {n: network(build, config.precision) for n, build in parts.networks.items()}
    generator, discriminator = networks["generator"], networks["discriminator"]
    return TrainingState(
        config,
        networks=networks,
        averages={"generator": average_of(parts.generator, generator)},
        optimizers={
            "g_optimizer": adam(generator, config),
            "d_optimizer": adam(discriminator, config),
        },
        updates=("g_updates", "d_updates"),
        more=more,
    )
