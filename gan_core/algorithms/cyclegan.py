"""CycleGAN: two sides without pairs, there and back (Zhu et al., 2017).

https://arxiv.org/abs/1703.10593. Every number is logged without its weight; that of both directions is
the mean of the two, whose names end in the side: g_loss_b and identity_b are of g_ab, cycle_a of the way
from a to b and back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.pool import Pools
from gan_core.algorithms.translation import Translation, difference, score_names
from gan_core.networks import replicas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gan_core.algorithms.batches import SidesSource
    from gan_core.algorithms.losses import AdversarialLoss
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset

SIDES = ("a", "b")
OTHER = {"a": "b", "b": "a"}
TOWARDS = {"a": "g_ba", "b": "g_ab"}  # which generator makes images of a side
G_PARTS = ("g_loss", "cycle", "identity")


class CycleGAN(Translation):
    """A generator to each side, and a discriminator of each."""

    shown = ("g_ab", "g_ba")
    own_knobs = ("gan_weight", "cycle_weight", "identity_weight")

    def __init__(
        self,
        parts: TranslationParts,
        config: TrainConfig,
        source: SidesSource,
        shapes: dict[str, tuple[int, ...]],
    ) -> None:
        self.metric_names = _metric_names(LOSSES[config.loss])
        self.pools = Pools(config.pool_size, shapes)
        super().__init__(parts, config, source, more=self.pools.variables)

    @classmethod
    def of(cls, parts: TranslationParts, config: TrainConfig, dataset: Dataset) -> CycleGAN:
        """Fresh networks for a data set of two sides."""
        from gan_core.algorithms.batches import SidesSource

        sides = {side: dataset.splits["train"][side] for side in SIDES}
        shapes = {side: images.shape[1:] for side, images in sides.items()}
        return cls(parts, config, SidesSource(**sides, seed=config.seed), shapes)

    def step_of(self, learning: tuple[str, ...]) -> dict[str, tf.Tensor]:
        real = {
            s: self.jittered(x)[0] for s, x in zip(SIDES, self.next_batch(learning), strict=True)
        }
        metrics: dict[str, tf.Tensor] = {}
        if "generator" in learning:
            made, metrics = self._update_g(real)
        else:
            made = {side: self._made(side, real[OTHER[side]]) for side in SIDES}
        if "discriminator" in learning:
            fakes = {side: tf.stop_gradient(images) for side, images in made.items()}
            metrics |= self._update_d(real, self.pools.swapped(self._state.rng, fakes))
        return metrics

    def _made(self, side: str, images: tf.Tensor) -> tf.Tensor:
        """Images of a side from those of the other."""
        return self.networks[TOWARDS[side]](images, training=True)

    def _score(self, side: str, images: tf.Tensor) -> tf.Tensor:
        return self.networks[f"d_{side}"](self.noisy(images), training=True)

    # ---- generators ----

    def _update_g(
        self, real: dict[str, tf.Tensor]
    ) -> tuple[dict[str, tf.Tensor], dict[str, tf.Tensor]]:
        """One update of both generators; what they made of each side, and metrics."""
        with tf.GradientTape() as tape:
            made, told = self._there(real)
            for side in SIDES:
                back = self._made(side, made[OTHER[side]])
                told[f"cycle_{side}"] = difference(back, real[side])
                told[f"g_loss_{side}"] = self.fooling(self._score(side, made[side]))
            means = _means(told, G_PARTS)
            weights = (self.knob(f"{name}_weight") for name in ("gan", "cycle", "identity"))
            total = tf.add_n([2.0 * w * means[n] for n, w in zip(G_PARTS, weights, strict=True)])
        norm = self.apply("g", tape.gradient(total, self.targets("g")))
        return made, told | means | {"g_grad_norm": norm}

    def _there(
        self, real: dict[str, tf.Tensor]
    ) -> tuple[dict[str, tf.Tensor], dict[str, tf.Tensor]]:
        """Images of each side made of the other's, and how much those of its own were changed.

        One pass for both; with no weight on identity a single image is left to measure it with.
        """
        made, told, batch = {}, {}, replicas.share(self.config.batch_size)
        count = tf.where(self.knob("identity_weight") > 0.0, batch, 1)
        for side in SIDES:
            own, other = real[side][:count], real[OTHER[side]]
            both = self._made(side, tf.concat([other, own], axis=0))
            made[side] = tf.ensure_shape(both[:batch], other.shape)
            told[f"identity_{side}"] = difference(both[batch:], own)
        return made, told

    # ---- discriminators ----

    def _update_d(
        self, real: dict[str, tf.Tensor], fakes: dict[str, tf.Tensor]
    ) -> dict[str, tf.Tensor]:
        """One update of both discriminators; metrics of each and of both."""
        told, scores = {}, []
        with tf.GradientTape() as tape:
            for side in SIDES:
                both = self._score(side, tf.concat([real[side], fakes[side]], axis=0))
                real_score, fake_score = tf.split(both, 2)
                told[f"d_loss_{side}"] = self.judging(real_score, fake_score)
                scores.append(self.told_by(real_score, fake_score))
            total = told["d_loss_a"] + told["d_loss_b"]
        norm = self.apply("d", tape.gradient(total, self.targets("d")))
        for side, found in zip(SIDES, scores, strict=True):
            told |= {f"{name}_{side}": value for name, value in found.items()}
        return told | _means(told, ("d_loss", *scores[0])) | {"d_grad_norm": norm}


def _means(told: dict[str, tf.Tensor], names: Iterable[str]) -> dict[str, tf.Tensor]:
    """Of both sides."""
    return {name: 0.5 * tf.add_n([told[f"{name}_{side}"] for side in SIDES]) for name in names}


def _metric_names(loss: AdversarialLoss) -> tuple[str, ...]:
    of_a_side = ["g_loss", "d_loss", "cycle", "identity"]
    if loss.threshold is not None:
        of_a_side += ["real_accuracy", "fake_accuracy"]
    sides = (f"{name}_{side}" for side in SIDES for name in of_a_side)
    return (*score_names(loss), "cycle", "identity", *sides)
