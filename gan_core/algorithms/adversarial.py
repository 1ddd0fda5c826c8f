"""One generator against one discriminator: steps of the pieces that one of `updates` joins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.compiled import ManyTurns, compiled, stepping
from gan_core.algorithms.measures import pack
from gan_core.algorithms.pieces import Pieces
from gan_core.algorithms.updates import discriminator_alone, generator_alone
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from gan_core.algorithms.batches import BatchSource
    from gan_core.algorithms.choices import Choices
    from gan_core.config import TrainConfig
    from gan_core.types import Floats


class AdversarialGAN(Pieces):
    """Trains a recipe's two networks on one data set.

    All randomness comes from one tf.random.Generator and the networks' own seeded dropout, and
    every variable is in `state()`: the same seed gives the same numbers, and a restored state the
    same next step, bit for bit.

    Args:
        parts: what the recipe chose (gan_core.algorithms.parts.Parts).
        config: the run's TrainConfig.
        source: BatchSource of the training images.
        held_out: makes one of the held-out images, where they are needed.
    """

    shown = ("generator",)
    updates = ("discriminator", "generator")

    def __init__(
        self,
        parts: Choices,
        config: TrainConfig,
        source: BatchSource,
        held_out: Callable[[], BatchSource],
    ) -> None:
        super().__init__(parts, config, source, held_out)
        self._compile()

    def _compile(self) -> None:
        turn = self._turn_of(self.parts.update)
        self.turn = stepping(turn)
        self._many = ManyTurns(turn, self._critic_turn, len(self.metric_names))
        self._extra_critic = stepping(self._critic_turn)
        self._only = {
            "discriminator": stepping(self._turn_of(discriminator_alone)),
            "generator": stepping(self._turn_of(generator_alone)),
        }
        shown = self.shown_network("generator")
        self._sample = compiled(lambda inputs: shown(inputs, training=False))

    def train_step(self) -> tf.Tensor:
        for _ in range(self._n_critic - 1):
            self._extra_critic()
        return self.turn()

    def train_steps(self, count: int) -> tf.Tensor:
        return self._many(count, self._n_critic)

    def partial_step(self, network: str) -> tf.Tensor:
        return self._only[network]()

    def sample(self, z: Floats, classes: Floats | None = None) -> np.ndarray:
        inputs = [z, classes][: len(self.networks["generator"].inputs)]
        found: np.ndarray = self._sample([tf.constant(i, tf.float32) for i in inputs]).numpy()
        return found

    @property
    def _n_critic(self) -> int:
        return int(self._state.knob_variables["n_critic"].numpy())

    def _turn_of(
        self, update: Callable[[AdversarialGAN], dict[str, tf.Tensor]]
    ) -> Callable[[], tf.Tensor]:
        """Graph code of a whole turn with this update; returns its metrics, float32 [M]."""

        def turn() -> tf.Tensor:
            metrics = update(self)
            self._state.count("step")
            self._state.average()
            return replicas.mean(pack(metrics, self.metric_names))

        return turn

    def _critic_turn(self) -> None:
        discriminator_alone(self)
