"""What a recipe hands to an algorithm: builders of networks and how they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Parts:
    """The choices of one recipe.

    Attributes:
        generator, discriminator: build a fresh, seeded keras.Model (see gan_core.models).
        labels: "none", "condition" (both networks are told the class) or "auxiliary" (the
            generator is told, the discriminator must name it; Odena et al., 2017).
        update: "alternating" (n_critic discriminator updates, then one generator update with
            fresh z), "reusing" (the same, but G learns from the fakes that D has just seen, which
            saves a pass through G) or "simultaneous" (both from one forward pass, as in the
            TensorFlow tutorials).
        inference_fakes: D's fakes are drawn in inference mode, as images will be shown: with moving batch
            statistics, where G learns with the batch's own. With "alternating" updates only.
        g_batches: how many batches of fakes G learns from at once, with "alternating" updates; 1
            where the loss compares each fake with a real image.
        prior: of z: "normal" or "uniform".
        regularizers: name -> (function of gan_core.algorithms.regularizers, weight).
    """

    generator: Callable[[], Any]
    discriminator: Callable[[], Any]
    labels: Literal["none", "condition", "auxiliary"] = "none"
    update: Literal["alternating", "reusing", "simultaneous"] = "alternating"
    inference_fakes: bool = False
    g_batches: int = 1
    prior: Literal["normal", "uniform"] = "normal"
    regularizers: dict[str, tuple[Callable, float]] = field(default_factory=dict)
