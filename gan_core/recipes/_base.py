"""What a recipe is: networks x loss x regulariser under a name, with advice. Loads without TensorFlow."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from gan_core.config import SETTINGS
from gan_core.data.base import FEW
from gan_core.networks import sizes

NEEDS = {
    "points": "2-D points",
    "images": "images",
    "labels": "images with class labels",
    "pairs": "pairs of images",
    "sides": "two sides of images",
    "content_style": "a content picture and a style picture",
}
TRANSLATED = ("pairs", "sides")
DIGITS = ("mnist", "mnist_5k")  # on which readable_steps were counted


class Images(Protocol):
    """What a recipe's own settings hang on: a data set's spec, or a run of what it learned from."""

    @property
    def image_shape(self) -> tuple[int, ...]: ...  # (H, W, C)

    @property
    def num_train(self) -> int: ...  # 0 where nothing says it


@dataclass(frozen=True)
class Recipe:
    """A named way to build and train a generator and a discriminator.

    Attributes:
        title: what the field calls it.
        summary: one or two sentences for the card.
        paper: link to the paper or tutorial it follows.
        needs: of NEEDS; which data sets fit.
        build: (config, DatasetSpec) -> algorithms.parts.Parts, or what else has `networks` (builders by
            name) and `algorithm(config, dataset)`; imports TensorFlow.
        defaults: settings that differ from `TrainConfig`'s own defaults; a special setting is
            offered in the form only where it is named here.
        in_colour: of them, those that are different for images of three channels.
        few_in_colour: of these again, those that are different where they are fewer than FEW.
        expect: what one run showed, on which data, how fast; from our own runs.
        ms_per_step: milliseconds of a step at the defaults on `mnist_5k` (toy: `ring`), on two cores.
        readable_steps: steps until samples can be recognised on `mnist_5k`, or whatever is translated.
        size_multiple, min_size: heights and widths that the networks can make.
        prior: of z: "normal" or "uniform"; that of the Parts it builds.
        sizes: (config, DatasetSpec) -> sizes.Sizes of both networks, without TensorFlow; what a
            run needs is told from it. Recipes of `small_parts` alone need not say it.
        task: what its networks are trained to do; a module of gan_core.tasks.
        quick_starts: data sets with which Home offers it, to its place in the row; 1 comes first.
        shown: the networks that make its pictures, the main one first (algorithms.base.Algorithm.shown).
    """

    title: str
    summary: str
    paper: str
    needs: str
    build: Callable[..., Any]
    defaults: dict[str, Any] = field(default_factory=dict)
    in_colour: dict[str, Any] = field(default_factory=dict)
    few_in_colour: dict[str, Any] = field(default_factory=dict)
    expect: str = ""
    ms_per_step: float = 0.0
    readable_steps: int = 0
    size_multiple: int = 1
    min_size: int = 1
    sizes: Callable[..., sizes.Sizes] = sizes.small
    prior: str = "normal"
    task: str = "synthesis"
    quick_starts: dict[str, int] = field(default_factory=dict)
    shown: tuple[str, ...] = ("generator",)

    @property
    def typical_seconds(self) -> float:
        """Of a whole run at the defaults, on two cores; 0 where nobody measured it."""
        return self.ms_per_step * self.defaults.get("num_steps", 0) / 1000

    @property
    def readable_seconds(self) -> float:
        """Until samples can be recognised, on two cores; infinite where nobody measured it."""
        return self.readable_steps * self.ms_per_step / 1000 or math.inf

    def readable(self, dataset: str) -> int:
        """Steps until samples can be recognised on a data set; 0 where nobody has counted them."""
        counted = self.needs in TRANSLATED or dataset in DIGITS
        return self.readable_steps if counted else 0

    def own(self, images: Images | None = None) -> dict[str, Any]:
        """Its settings for such images; `defaults` where nothing is known of them."""
        shape = () if images is None else images.image_shape
        if images is None or len(shape) != 3 or shape[-1] != 3:
            return self.defaults
        few = self.few_in_colour if 0 < images.num_train < FEW else {}
        return self.defaults | self.in_colour | few

    def algorithm(self, config, dataset):
        """Fresh networks and optimisers of a run (algorithms.base.Algorithm)."""
        return self.build(config, dataset.spec).algorithm(config, dataset)

    def conflict(self, config) -> str:
        """Why these settings do not go with this recipe, in words; empty where they do."""
        if config.replicas > 1 and (unshared := self._unshared(config)):
            return unshared
        if config.precision == "bfloat16" and self.needs in TRANSLATED:
            return (
                f"`precision={config.precision}` does not go with `{config.recipe}`: its instance "
                "normalisation needs float32"
            )
        if config.precision != "bfloat16" or not (weights := self.weights(config)):
            return ""
        return (
            f"`precision={config.precision}` does not go with gradient penalties, which `{config.recipe}` "
            f"has ({', '.join(weights)}): they need float32"
        )

    def weights(self, config) -> list[str]:
        """Names of the weights of gradient penalties that its step has at these settings."""
        few = "r1_every" in self.defaults  # a penalty that is left out where it has no weight
        return [
            s.name
            for s in SETTINGS.values()
            if s.penalty
            and s.name in self.defaults
            and not (few and not (getattr(config, s.name) and config.r1_every))
        ]

    def _unshared(self, config) -> str:
        """Why several devices cannot share a batch."""
        if self.needs == "content_style":
            return (
                f"`replicas={config.replicas}` does not go with `{config.recipe}`: it trains one picture, "
                "and there is no batch to share. Allowed: 1"
            )
        if config.batch_size % config.replicas == 0:
            return ""
        below = config.batch_size - config.batch_size % config.replicas
        near = " or ".join(f"{n}" for n in (below, below + config.replicas) if n)
        return (
            f"`batch_size={config.batch_size}` cannot be shared evenly by `replicas={config.replicas}`. "
            f"Allowed: multiples of {config.replicas}, the nearest {near}"
        )

    def misfit(self, spec) -> str:
        """Why this recipe cannot train on the data set, in words; empty where it can."""
        wanted = "images" if self.needs == "labels" else self.needs
        if spec.kind != wanted:
            return f"needs {NEEDS[self.needs]}; `{spec.name}` holds {NEEDS[spec.kind]}"
        if self.needs == "labels" and spec.num_classes < 2:
            has = f"only one, {spec.class_names[0]}" if spec.num_classes else "none"
            return f"needs class labels of two classes or more; `{spec.name}` has {has}"
        if wanted in TRANSLATED and (unlike := self._shapes_misfit(spec)):
            return unlike
        return "" if wanted == "points" else self._size_misfit(spec)

    def _shapes_misfit(self, spec) -> str:
        """Pairs may have other channels in the target; two sides are fed to the same networks."""
        one, other = spec.image_shape, spec.target_shape
        same = one == other if self.needs == "sides" else one[:2] == other[:2]
        if same:
            return ""
        what = "sides of one shape" if self.needs == "sides" else "inputs and targets of one size"
        one, other = (" x ".join(map(str, shape)) for shape in (one, other))
        return f"needs {what}; `{spec.name}` has {one} and {other}"

    def _size_misfit(self, spec) -> str:
        height, width, _ = spec.image_shape
        good = all(s % self.size_multiple == 0 and s >= self.min_size for s in (height, width))
        if good:
            return ""
        return (
            f"builds heights and widths that are multiples of {self.size_multiple} from "
            f"{self.min_size} on; `{spec.name}` has {height} x {width}"
        )
