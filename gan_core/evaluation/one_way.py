"""One direction of a translator: what goes in, what outputs are held against, and their values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import distances, likeness
from gan_core.evaluation.frechet import frechet_distance, frechet_error, moments, root
from gan_core.evaluation.judge import Judge, look
from gan_core.evaluation.measure import count_name
from gan_core.evaluation.perceptual import feature_distance
from gan_core.storage import images as pixels
from gan_core.tasks.pair_grids import with_channels

if TYPE_CHECKING:
    from gan_core.evaluation.frechet import Moments
    from gan_core.types import Floats, Labels, Pixels

COMPARED = 500  # images whose distances to each other are measured


@dataclass(frozen=True)
class Way:
    """One direction: what goes in, and what outputs are held against.

    Attributes:
        towards: "target", "b" or "a".
        inputs: uint8 [N, H, W, C], held out.
        truths: what should become of each; None where nobody knows.
        labels: classes of the inputs [N]; None without.
        real: uint8 [M, H, W, C2] of the other kind.
        paired: whether the truth is what it was trained on.
    """

    towards: str
    inputs: np.ndarray
    truths: np.ndarray | None
    labels: Labels | None
    real: np.ndarray
    judge: Judge
    paired: bool

    @cached_property
    def features(self) -> Floats:
        """Of the real images, float32 [M, F]."""
        return look(self.judge, self.real)[0]

    @cached_property
    def moments(self) -> tuple[Moments, Floats]:
        """Of the real images' features, and the root of their covariance."""
        found = moments(self.features)
        return found, root(found.covariance)

    @cached_property
    def sharpness(self) -> float:
        """Of the real images."""
        found = [likeness.gradients(pixels.to_float(image[None])) for image in self.real]
        return float(np.mean(found))

    @cached_property
    def grid(self) -> float:
        """What repeats with every second pixel of the real images: ruled paper has some."""
        return float(np.mean([likeness.grid(pixels.to_float(image[None])) for image in self.real]))

    @cached_property
    def input_l1(self) -> float:
        """How far the inputs as they are lie from what should become of them."""
        if self.truths is None:
            return float("nan")
        known = pixels.to_float(self.as_output()), pixels.to_float(self.truths)
        return float(likeness.l1(*known).mean())

    @cached_property
    def spread(self) -> float:
        """Mean feature distance between two real images."""
        return distances.mean_pairwise(self.features[:COMPARED])

    def as_output(self) -> Pixels:
        """The inputs as they are, in the place of outputs: uint8 [N, H, W, C2]."""
        return with_channels(self.inputs, self.real.shape[3])

    def mean(self) -> np.ndarray:
        """The mean real image in the place of each output."""
        mean = np.rint(self.real.mean(axis=0, dtype=np.float64)).astype(np.uint8)
        return np.broadcast_to(mean, (len(self.inputs), *mean.shape))

    def real_outputs(self) -> np.ndarray:
        """Real images in place of outputs: the truth where it is known, else others of that kind."""
        if self.truths is not None:
            return self.truths
        return self.real[np.resize(np.arange(len(self.real)), len(self.inputs))]

    def some(self, count: int) -> Way:
        """The same for the first inputs only."""
        truths = None if self.truths is None else self.truths[:count]
        labels = None if self.labels is None else self.labels[:count]
        fewer = replace(self, inputs=self.inputs[:count], truths=truths, labels=labels)
        for name in (
            "features",
            "moments",
            "sharpness",
            "grid",
            "spread",
        ):  # of the same real images
            fewer.__dict__[name] = getattr(self, name)
        return fewer


def values_of(way: Way, outputs: np.ndarray, *, quick: bool = False) -> dict[str, float]:
    """All that is measured of the outputs (uint8 [N, H, W, C2]) of a way.

    Args:
        quick: without what takes whole sets or long.
    """
    made = pixels.to_float(outputs)
    features, seen = look(way.judge, outputs)
    values = _against_truth(way, outputs, made, quick=quick)
    values["sharpness"] = _ratio(float(likeness.gradients(made).mean()), way.sharpness)
    values["grid"] = float(likeness.grid(made).mean())
    values["change"] = float(likeness.l1(made, pixels.to_float(way.as_output())).mean())
    values["diversity"] = _ratio(distances.mean_pairwise(features[:COMPARED]), way.spread)
    if way.labels is not None and seen is not None:
        values["class_kept"] = float((seen == way.labels).mean())
        if quick and way.judge.accuracy:
            values["class_known"] = way.judge.accuracy
    if quick:
        values["grid_real"] = way.grid
    return values if quick else values | _frechet(way, features)


def _against_truth(way: Way, outputs: Pixels, made: Floats, *, quick: bool) -> dict[str, float]:
    if way.truths is None:
        known = pixels.to_float(way.as_output())
        return {"agreement_input": float(likeness.correlation(made, known).mean())}
    truths = pixels.to_float(way.truths)
    values = {
        "l1": float(likeness.l1(made, truths).mean()),
        "agreement": float(likeness.correlation(made, truths).mean()),
    }
    if quick:
        values["l1_input"] = way.input_l1
    elif way.paired:
        values["psnr"] = float(likeness.psnr(made, truths).mean())
        values["ssim"] = float(likeness.ssim(made, truths).mean())
        values["feature_distance"] = float(feature_distance(way.judge, outputs, way.truths).mean())
    return values


def _frechet(way: Way, features: Floats) -> dict[str, float]:
    name = f"fd_{way.judge.kind}_{count_name(len(features))}"
    (real, half), x = way.moments, features.astype(np.float64)
    return {name: frechet_distance(real, moments(x), half), f"{name}_error": frechet_error(real, x)}


def _ratio(value: float, real: float) -> float:
    return value / real if real > 1e-9 else float("nan")
