"""What is known of real images when fakes are measured against them: arrays, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gan_core.evaluation import classes, copies, distances
from gan_core.evaluation.frechet import Moments, moments, root
from gan_core.evaluation.prdc import radii

if TYPE_CHECKING:
    from gan_core.evaluation.judge import Judge
    from gan_core.types import Floats, Labels

COPIES = ("copies", "authentic")
SAME = 1e-4  # of the features' length: closer ones differ by rounding


@dataclass(frozen=True)
class Reference:
    """Statistics of real images that fakes are measured against.

    Attributes:
        count: fakes a measurement takes.
        features, seen: float32 [M, F] and judged classes [M] (None without) of real images.
        label_shares: share of each class among the training labels, [K].
        within: mean kernel between two real images.
        train_small: thumbnails of the training images, [T, P].
        floor, ceiling: values of `floor_count` real images, and of noise.
        seconds: a measurement took when these were made.
    """

    judge: Judge
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...]
    count: int
    features: Floats
    seen: Labels | None
    label_shares: Floats
    train_small: np.ndarray
    within: float = 0.0
    copy_limit: float = 0.0
    duplicate_limit: float = 0.0
    floor: dict[str, float] | None = None
    ceiling: dict[str, float] | None = None
    floor_count: int = 0
    seconds: float = 0.0

    @property
    def extractor(self) -> str:
        """Kind and hash of the judge."""
        return f"{self.judge.kind}:{self.judge.hash}"

    @cached_property
    def moments(self) -> Moments:
        return moments(self.features)

    @cached_property
    def root(self) -> np.ndarray:
        return root(self.moments.covariance)

    @cached_property
    def radii(self) -> np.ndarray:
        """Of the first `count` real images, for precision and so on at equal counts."""
        return radii(self.features[: self.count])

    @cached_property
    def diversity(self) -> float:
        return distances.mean_pairwise(self.features[:2000])

    @cached_property
    def varied(self) -> bool:
        """Whether real images differ in their features by more than rounding."""
        length = float(np.linalg.norm(self.features[:2000], axis=1).mean())
        return self.diversity > SAME * max(length, 1e-12)

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Measures that have no meaning for these data, name to why; see `measure`."""
        found: dict[str, str] = {}
        if not self.varied:
            found |= dict.fromkeys(("diversity", "class_diversity"), "real images do not differ")
        if not self.varied or not (self.radii > 0).any():
            why = "real images have no distance to each other"
            found |= dict.fromkeys(("precision", "recall", "density", "coverage"), why)
        if not np.ptp(self.train_small, axis=0).any():
            found |= dict.fromkeys(COPIES, "all training images are equal")
        elif (self.ceiling or {}).get("copies", 0.0) >= copies.BLIND:
            # they differ so much that what is grey all over is nearer to each than they are to each other
            found |= dict.fromkeys(COPIES, "noise would count as copies, too")
        return found

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of each class as judged [K], so that the judge's own errors cancel."""
        if self.seen is None:
            return np.zeros(0)
        counts = classes.counts(self.seen, len(self.class_names))
        found: Floats = counts / len(self.seen)
        return found

    @cached_property
    def spread(self) -> np.ndarray:
        """Mean pairwise feature distance of real images inside each judged class, [K].

        NaN where a class has fewer than two, or only equal ones.
        """
        if self.seen is None:
            return np.zeros(0)
        found = classes.spread(self.features, self.seen, len(self.class_names))
        return np.where(found > SAME * self.diversity, found, np.nan)
