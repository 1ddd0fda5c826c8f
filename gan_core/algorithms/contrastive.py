"""FastCUT: one direction between two sides; patches stay what they were (Park et al., 2020).

https://arxiv.org/abs/2007.15651. A patch of the output must be told from other patches of the same image
by what the generator's own first half sees in it and in the input. Without the paper's flips: where
images may be mirrored, jitter does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tensorflow as tf

from gan_core.algorithms.cyclegan import SIDES
from gan_core.algorithms.losses import LOSSES
from gan_core.algorithms.translation import Translation, score_names
from gan_core.networks import resnet

if TYPE_CHECKING:
    from gan_core.algorithms.batches import SidesSource
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset

TEMPERATURE = 0.07


class Contrastive(Translation):
    """G makes images of side b of those of a; D tells them from real ones of b.

    Args:
        places: of each map that are compared; the paper takes 256 of images of 256 x 256.
    """

    shown = ("generator",)
    own_knobs = ("gan_weight", "nce_weight")

    def __init__(
        self, parts: TranslationParts, config: TrainConfig, source: SidesSource, places: int
    ) -> None:
        self.metric_names = (*score_names(LOSSES[config.loss]), "nce")
        self._compared = places
        super().__init__(parts, config, source)

    @classmethod
    def of(
        cls, parts: TranslationParts, config: TrainConfig, dataset: Dataset, *, places: int
    ) -> Contrastive:
        """Fresh networks for a data set of two sides."""
        from gan_core.algorithms.batches import SidesSource

        sides = {side: dataset.splits["train"][side] for side in SIDES}
        return cls(parts, config, SidesSource(**sides, seed=config.seed), places)

    def _compile(self) -> None:
        generator = self.networks["generator"]
        self._encoder = resnet.encoder(generator)
        self._encoding = resnet.encoder(generator, made=True)
        super()._compile()

    def step_of(self, learning: tuple[str, ...]) -> dict[str, tf.Tensor]:
        a, b = (self.jittered(images)[0] for images in self.next_batch(learning))
        with tf.GradientTape() as tape:
            *maps, made = self._encoding(a, training=True)
        metrics: dict[str, tf.Tensor] = {}
        if "discriminator" in learning:
            metrics |= self.learn_d(self._score, b, tf.stop_gradient(made))
        if "generator" in learning:
            with tape:
                g_loss = self.fooling(self._score(made))
                nce = self._nce(self._encoder(made, training=True), maps)
                total = self.knob("gan_weight") * g_loss + self.knob("nce_weight") * nce
            norm = self.apply("g", tape.gradient(total, self.targets("g")))
            metrics |= {"g_loss": g_loss, "nce": nce, "g_grad_norm": norm}
        return metrics

    def _score(self, images: tf.Tensor) -> tf.Tensor:
        return self.networks["discriminator"](self.noisy(images), training=True)

    def _nce(self, made: list[tf.Tensor], given: list[tf.Tensor]) -> tf.Tensor:
        """Mean over maps [B, H, W, C] of the loss of patches of the output against those of the input."""
        chosen = [self._places(m) for m in given]
        asked = zip(made, given, chosen, strict=True)
        pairs = [
            (tf.gather(m, at, axis=1), tf.gather(g, at, axis=1)) for m, g, at in map(_flat, asked)
        ]
        heads = self.networks["projection"]
        queries = heads([query for query, _ in pairs], training=True)
        keys = heads([key for _, key in pairs], training=True)
        losses = [patch_loss(q, tf.stop_gradient(k)) for q, k in zip(queries, keys, strict=True)]
        return tf.add_n(losses) / len(losses)

    def _places(self, images: tf.Tensor) -> tf.Tensor:
        """Which places of a map are compared: int32 [P], without repetition."""
        count = images.shape[1] * images.shape[2]
        return tf.argsort(self._state.rng.uniform([count]))[: min(self._compared, count)]


def _flat(asked: tuple[tf.Tensor, tf.Tensor, tf.Tensor]) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Maps with one axis of places, [B, H W, C]."""
    made, given, at = asked
    shape = [given.shape[0], given.shape[1] * given.shape[2], given.shape[3]]
    return tf.reshape(made, shape), tf.reshape(given, shape), at


def patch_loss(queries: tf.Tensor, keys: tf.Tensor) -> tf.Tensor:
    """InfoNCE of directions [B, P, D]: each query against its own key and the others of its image."""
    similar = tf.matmul(queries, keys, transpose_b=True) / TEMPERATURE
    own = tf.linalg.diag_part(similar)
    return tf.reduce_mean(tf.reduce_logsumexp(similar, axis=-1) - own)
