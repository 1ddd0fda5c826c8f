"""What a recipe hands to an algorithm: builders of networks and how they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from gan_core.algorithms.labels import Unlabelled
from gan_core.algorithms.updates import alternating

if TYPE_CHECKING:
    import numpy as np
    import tensorflow as tf

    from gan_core.algorithms.adversarial import AdversarialGAN
    from gan_core.algorithms.batches import BatchSource
    from gan_core.config import TrainConfig
    from gan_core.data.base import Dataset
    from gan_core.types import Labels


@dataclass(frozen=True)
class Parts:
    """The choices of one recipe.

    Attributes:
        generator, discriminator: build a fresh, seeded keras.Model (see gan_core.networks).
        labels: how classes are used; one of gan_core.algorithms.labels.
        update: how one step updates both networks; a function of gan_core.algorithms.updates. With more
            critic updates a step (n_critic) the others come before it.
        inference_fakes: D's fakes are drawn in inference mode, as images will be shown: with moving batch
            statistics, where G learns with the batch's own. With alternating updates only.
        g_batches: how many batches of fakes G learns from at once, with alternating updates; 1
            where the loss compares each fake with a real image.
        prior: of z: "normal" or "uniform".
        regularizers: name -> (function of gan_core.algorithms.regularizers, weight).
        penalised: penalties are taken at one in so many images of a batch.
    """

    generator: Callable[[], Any]
    discriminator: Callable[[], Any]
    labels: Unlabelled = Unlabelled()
    update: Callable[..., dict[str, tf.Tensor]] = alternating
    inference_fakes: bool = False
    g_batches: int = 1
    prior: Literal["normal", "uniform"] = "normal"
    regularizers: dict[str, tuple[Callable[..., tf.Tensor], float]] = field(default_factory=dict)
    penalised: int = 1

    @property
    def networks(self) -> dict[str, Callable[[], Any]]:
        """What builds each network, by its name."""
        return {"generator": self.generator, "discriminator": self.discriminator}

    def algorithm(self, config: TrainConfig, dataset: Dataset) -> AdversarialGAN:
        """Fresh networks and optimisers for a data set."""
        from gan_core.algorithms.adversarial import AdversarialGAN
        from gan_core.algorithms.batches import BatchSource

        def of(images: np.ndarray, labels: Labels | None) -> BatchSource:
            classes = dataset.spec.num_classes
            return BatchSource(images, labels, num_classes=classes, seed=config.seed)

        source = of(dataset.train, dataset.train_labels)
        return AdversarialGAN(
            self, config, source, lambda: of(dataset.held_out, dataset.held_out_labels)
        )
