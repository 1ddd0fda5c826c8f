"""Pix2Pix: from an input to its target, by L1 and a discriminator that sees both (Isola et al., 2017).

https://arxiv.org/abs/1611.07004. Every number is logged without its weight.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.translation import Translation, difference, score_names

if TYPE_CHECKING:
    from gan_core.algorithms.batches import PairSource
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset


class Pix2Pix(Translation):
    """G learns from pairs; D tells (input, target) from (input, output), patch by patch."""

    shown = ("generator",)
    own_knobs = ("gan_weight", "l1_weight")

    def __init__(self, parts: TranslationParts, config: TrainConfig, source: PairSource) -> None:
        self.metric_names = (*score_names(LOSSES[config.loss]), "l1")
        super().__init__(parts, config, source)

    @classmethod
    def of(cls, parts: TranslationParts, config: TrainConfig, dataset: Dataset) -> Pix2Pix:
        """Fresh networks for a data set of pairs."""
        from gan_core.algorithms.batches import PairSource

        pairs = dataset.splits["train"]
        return cls(parts, config, PairSource(pairs["input"], pairs["target"], seed=config.seed))

    def step_of(self, learning: tuple[str, ...]) -> dict[str, tf.Tensor]:
        inputs, targets = self.jittered(*self.next_batch(learning))
        with tf.GradientTape() as tape:
            made = self.networks["generator"](inputs, training=True)
        if self.parts.together and len(learning) > 1:
            return self._both(tape, inputs, targets, made)
        metrics: dict[str, tf.Tensor] = {}
        if "discriminator" in learning:
            twice = tf.concat([inputs, inputs], axis=0)
            score = functools.partial(self._score, twice)
            metrics |= self.learn_d(score, targets, tf.stop_gradient(made))
        if "generator" in learning:
            with tape:
                g_loss = self.fooling(self._score(inputs, made))
                total, l1 = self._total(g_loss, made, targets)
            norm = self.apply("g", tape.gradient(total, self.targets("g")))
            metrics |= {"g_loss": g_loss, "l1": l1, "g_grad_norm": norm}
        return metrics

    def _score(self, inputs: tf.Tensor, images: tf.Tensor) -> tf.Tensor:
        return self.networks["discriminator"]([inputs, self.noisy(images)], training=True)

    def _total(
        self, g_loss: tf.Tensor, made: tf.Tensor, targets: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        l1 = difference(made, targets)
        return self.knob("gan_weight") * g_loss + self.knob("l1_weight") * l1, l1

    def _both(
        self, tape: tf.GradientTape, inputs: tf.Tensor, targets: tf.Tensor, made: tf.Tensor
    ) -> dict[str, tf.Tensor]:
        """Both networks from one pass through D: saves one of its passes."""
        fixed = tf.stop_gradient(made)
        with tf.GradientTape(persistent=True) as d_tape:
            d_tape.watch(fixed)
            real_score, fake_score = self._score(inputs, targets), self._score(inputs, fixed)
            d_loss = self.judging(real_score, fake_score)
            g_loss = self.fooling(fake_score)
            total, l1 = self._total(g_loss, fixed, targets)
        d_norm = self.apply("d", d_tape.gradient(d_loss, self.targets("d")))
        to_made = d_tape.gradient(total, fixed)
        gradients = tape.gradient(made, self.targets("g"), output_gradients=to_made)
        norms = {"d_grad_norm": d_norm, "g_grad_norm": self.apply("g", gradients)}
        return self.told_by(real_score, fake_score) | norms | {
            "d_loss": d_loss, "g_loss": g_loss, "l1": l1,
        }  # fmt: skip
