"""What trainings of translators share: networks by name, two optimisers, compiled steps."""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from gan_core.algorithms import jitter
from gan_core.algorithms.base import Algorithm
from gan_core.algorithms.compiled import ManyTurns, stepping
from gan_core.algorithms.losses import LOSSES, smoothing_term
from gan_core.algorithms.measures import pack, score_metrics
from gan_core.algorithms.optimizers import Adam
from gan_core.algorithms.state import TrainingState, average_of
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras

    from gan_core.algorithms.batches import Source
    from gan_core.algorithms.losses import AdversarialLoss
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset
    from gan_core.types import Array

BOTH = ("discriminator", "generator")


@dataclass(frozen=True)
class TranslationParts:
    """The choices of one recipe of translation.

    Attributes:
        networks: name -> what builds it, fresh and seeded.
        make: (parts, config, dataset) -> the algorithm.
        together: both networks learn from one pass, each with the other as it was; else the
            discriminator first, and the generator through the new one.
    """

    networks: dict[str, Callable[[], Any]]
    make: Callable[..., Algorithm]
    together: bool = False

    def algorithm(self, config: TrainConfig, dataset: Dataset) -> Algorithm:
        """Fresh networks and optimisers for a data set."""
        return self.make(self, config, dataset)


class Translation(Algorithm):
    """Generators that take images, each judged by a discriminator.

    Args:
        parts: what the recipe chose.
        config: the run's TrainConfig.
        source: what draws images of both kinds, `draw(position, count)` -> (a, b).
        more: further variables of the checkpoint, by name.

    Attributes:
        own_knobs: live settings that it has besides the common ones.
    """

    updates = BOTH
    own_knobs: tuple[str, ...] = ()

    def __init__(
        self,
        parts: TranslationParts,
        config: TrainConfig,
        source: Source,
        *,
        more: dict[str, tf.Variable] | None = None,
    ) -> None:
        networks = {name: build() for name, build in parts.networks.items()}
        optimizers = {  # names of discriminators begin with d
            "g_optimizer": _adam([n for k, n in networks.items() if k[0] != "d"], config),
            "d_optimizer": _adam([n for k, n in networks.items() if k[0] == "d"], config),
        }
        state = TrainingState(
            config,
            networks=networks,
            averages={n: average_of(parts.networks[n], networks[n]) for n in self.shown},
            optimizers=optimizers,
            updates=("g_updates", "d_updates"),
            more=more,
            knobs=self.own_knobs,
        )
        super().__init__(state)
        self.parts, self.config, self.source = parts, config, source
        self.loss = LOSSES[config.loss]
        self.knob, self.noisy = state.knob, state.noisy
        self._compile()

    def _compile(self) -> None:
        turns = {network: self._turn_of((network,)) for network in BOTH}
        turn = self._turn_of(BOTH)
        self.turn = stepping(turn)
        self._critic_turn = lambda: self.step_of(("discriminator",))
        self._many = ManyTurns(turn, self._critic_turn, len(self.metric_names))
        self._extra_critic = stepping(self._critic_turn)
        self._only = {network: stepping(turn) for network, turn in turns.items()}
        self._samples = {n: _inference(self.shown_network(n)) for n in self.shown}

    def _turn_of(self, learning: tuple[str, ...]) -> Callable[[], tf.Tensor]:
        """Graph code of a turn in which these learn; returns its metrics, float32 [M]."""

        def turn() -> tf.Tensor:
            metrics = self.step_of(learning)
            self._state.count("step")
            self._state.average()
            return replicas.mean(pack(metrics, self.metric_names))

        return turn

    @abc.abstractmethod
    def step_of(self, learning: tuple[str, ...]) -> dict[str, tf.Tensor]:
        """Graph code of one update of these of "discriminator" and "generator"; its metrics."""

    # ---- steps ----

    def train_step(self) -> tf.Tensor:
        for _ in range(self._n_critic - 1):
            self._extra_critic()
        return self.turn()

    def train_steps(self, count: int) -> tf.Tensor:
        return self._many(count, self._n_critic)

    def partial_step(self, network: str) -> tf.Tensor:
        return self._only[network]()

    def sample(self, images: Array, network: str | None = None) -> np.ndarray:
        """What a shown network (None: the first) makes of images [B, H, W, C]; both in [-1, 1]."""
        found: np.ndarray = self._samples[network or self.shown[0]](
            tf.constant(images, tf.float32)
        ).numpy()
        return found

    @property
    def _n_critic(self) -> int:
        return int(self._state.knob_variables["n_critic"].numpy())

    # ---- pieces of a step ----

    def next_batch(self, learning: tuple[str, ...]) -> tuple[tf.Tensor, tf.Tensor | None]:
        """The next images of both kinds, [B, ...]; they count as seen where D learns from them."""
        return self._state.next_batch(self.source, seen="discriminator" in learning)

    def jittered(self, *images: tf.Tensor) -> Sequence[tf.Tensor]:
        """The same random crop and mirroring for images that belong together."""
        kind = jitter.kind(self.config.jitter, images[0].shape[1:])
        return jitter.jittered(self._state.rng, kind, *images)

    def fooling(self, fake_score: tf.Tensor) -> tf.Tensor:
        """What a generator minimises so that D calls its images real.

        By least squares (D(fake) - 1)^2 as CycleGAN has it, without the half of Mao et al.
        """
        whole = 2.0 if self.config.loss == "least_squares" else 1.0
        return whole * self.loss.generator(None, fake_score)

    def judging(self, real_score: tf.Tensor, fake_score: tf.Tensor) -> tf.Tensor:
        """What a discriminator minimises."""
        loss = self.loss.discriminator(real_score, fake_score)
        if self.loss.log_odds:
            term = smoothing_term(real_score, self.knob("label_smoothing"))
            loss += self.loss.smoothing_scale * term
        return loss

    def learn_d(
        self, score: Callable[[tf.Tensor], tf.Tensor], real: tf.Tensor, fixed: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        """One update of D; its metrics. Real and made images in one pass: no layer couples images."""
        with tf.GradientTape() as tape:
            real_score, fake_score = tf.split(score(tf.concat([real, fixed], axis=0)), 2)
            d_loss = self.judging(real_score, fake_score)
        norm = self.apply("d", tape.gradient(d_loss, self.targets("d")))
        return self.told_by(real_score, fake_score) | {"d_loss": d_loss, "d_grad_norm": norm}

    def told_by(self, real_score: tf.Tensor, fake_score: tf.Tensor) -> dict[str, tf.Tensor]:
        """Metrics of scores, patch by patch."""
        return score_metrics(self.loss, {"real": (real_score,), "fake": (fake_score,)}, None, None)

    def apply(self, kind: str, gradients: Sequence[tf.Tensor]) -> tf.Tensor:
        """One move of the optimiser of "g" or "d" by all replicas' gradients; their norm."""
        gradients = replicas.mean(gradients)
        self._state.count(f"{kind}_updates")
        self.optimizers[f"{kind}_optimizer"].apply(gradients, self._state.rate(f"{kind}_lr"))
        return tf.linalg.global_norm(gradients)

    def targets(self, kind: str) -> list[tf.Variable]:
        """Variables that the optimiser of "g" or "d" moves."""
        return self.optimizers[f"{kind}_optimizer"].targets


def score_names(loss: AdversarialLoss) -> list[str]:
    """Metrics of the adversarial part that a loss allows, by the names of all trainings."""
    names = ["g_loss", "d_loss"]
    if loss.threshold is not None:
        names += ["real_accuracy", "fake_accuracy"]
    names += ["real_score", "fake_score"]
    if loss.log_odds:
        names += ["real_prob", "fake_prob"]
    return [*names, "g_grad_norm", "d_grad_norm"]


def difference(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    """Mean absolute difference."""
    return tf.reduce_mean(tf.abs(one - other))


def _adam(networks: list[keras.Model], config: TrainConfig) -> Adam:
    targets = [v.value for network in networks for v in network.trainable_variables]
    return Adam(targets, beta_1=config.beta_1, beta_2=config.beta_2)


def _inference(network: keras.Model) -> Callable[[tf.Tensor], tf.Tensor]:
    """A network as one graph for any number and size of images."""
    signature = tf.TensorSpec(network.inputs[0].shape, tf.float32)
    found: Callable[[tf.Tensor], tf.Tensor] = tf.function(
        lambda images: network(images, training=False), input_signature=[signature], autograph=False
    )
    return found
