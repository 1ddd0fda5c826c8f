"""Everything that is measured on one set of fakes, in one call, and a quick probe of few images.

Names say the extractor and the count: `fd_judge_2k` is the Fréchet distance on judge features of
2,000 fakes. They are no FID or KID, and no published number compares with them; the reference's
floor (real images against other real ones, same count) and ceiling (noise) do.

    fd_<kind>_<count>      Fréchet distance, and ..._error, its standard error; lower is better
    kd_<kind>_<count>      kernel distance, and ..._error; lower is better
    precision, recall, density, coverage   K = 5, on as many reals as fakes
    diversity              mean pairwise feature distance of fakes over that of reals
    class_kl               of the judged classes from those of the data, in nats
    missing_classes, thin_classes          how many are nearly gone, and how many are rare
    class_accuracy         share that shows the class it was asked for; ../<k> of one class
    class_diversity/<k>    diversity inside one judged class; without /<k> the smallest
    duplicates, support    near-duplicates, and how many different images they let expect
    copies, authentic      of training images; see copies.py
    d_score_..., d_gap_... what D thinks of training, held-out and fake images; see gap.py
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gan_core.errors import DataError
from gan_core.evaluation import classes, copies, distances
from gan_core.evaluation.frechet import frechet_distance, frechet_error, moments
from gan_core.evaluation.gap import ScoreGap
from gan_core.evaluation.judge import look
from gan_core.evaluation.kernel import kernel_distance
from gan_core.evaluation.prdc import prdc
from gan_core.storage import images as pixels

if TYPE_CHECKING:
    from gan_core.evaluation.real_images import Reference
    from gan_core.types import Array, Floats, Labels

MIN_COUNT = 10
LISTED_CLASSES = 20  # up to so many classes have values of their own
PROBE_COUNT = 256


@dataclass(frozen=True)
class Measurement:
    """What was measured on `count` fakes.

    Attributes:
        values: by the names above; NaN where a value cannot be had, absent where it has no meaning.
        class_counts: fakes judged to be of each class, K numbers; empty without labels.
        missing, thin: names of classes that are nearly gone, or rare.
        seconds: it took, without drawing the fakes.
        extractor: kind and hash of the judge, for example "judge:0123456789ab".
        left_out: measures that have no meaning for these data, name to why.
        beside: the same values of what learns nothing, by its name: of translators "input" and "mean".
    """

    values: dict[str, float]
    class_counts: tuple[int, ...]
    missing: tuple[str, ...]
    thin: tuple[str, ...]
    seconds: float
    extractor: str
    count: int
    left_out: dict[str, str] = field(default_factory=dict)
    beside: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def copying(self) -> bool:
        """Whether far more fakes are copies of training images than new images would be."""
        return self.values.get("copies", 0.0) >= copies.ALARM


@dataclass(frozen=True)
class Probe:
    """What few fakes tell: judged classes, their divergence in nats, diversity (1: as real).

    `duplicates` is the share with a near-duplicate among them (copies.py), `class_diversity` the
    mean diversity inside the judged classes, over that of real images, `gap` what D thinks (gap.py).
    Of points: how many lie near each mode, and what share of them near any (points.py). `values` has
    what else a task's way of measuring tells, by name; the doctor's rules for it ask for them.
    """

    class_counts: tuple[int, ...]
    class_kl: float
    diversity: float
    seconds: float
    count: int
    missing: tuple[str, ...] = ()
    duplicates: float = float("nan")
    class_diversity: float = float("nan")
    gap: ScoreGap | None = None
    modes: tuple[int, ...] = ()
    near: float | None = None
    values: dict[str, float] = field(default_factory=dict)


def count_name(count: int) -> str:
    """2000 -> "2k", 256 -> "256"."""
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def measure(images: np.ndarray, labels_asked: Labels | None, reference: Reference) -> Measurement:
    """Measure fakes: uint8 or [-1, 1] floats [N, H, W, C], and the classes [N] they were asked for.

    Raises:
        DataError: the images have another shape or count than the reference was made for.
    """
    if len(images) != reference.count:
        raise DataError(
            "Scores compare only at equal counts. "
            f"Received: {len(images)} images. Allowed: {reference.count}, as in the reference."
        )
    return measure_any(images, labels_asked, reference)


def measure_any(images: Array, labels_asked: Labels | None, reference: Reference) -> Measurement:
    """`measure` without the rule of equal counts, for the reference's own floor."""
    started = time.perf_counter()
    fakes = checked(images, reference)
    features, seen = look(reference.judge, fakes)
    values = _distances(features, reference) | _copies(fakes, reference)
    counts, missing, thin = np.zeros(0, int), [], []
    if seen is not None:
        counts = classes.counts(seen, len(reference.shares))
        missing = classes.missing(counts, reference.shares)
        thin = classes.thin(counts, reference.shares)
        values |= {"missing_classes": float(len(missing)), "thin_classes": float(len(thin))}
        values |= _classes(features, seen, counts, labels_asked, reference)
    names = reference.class_names
    left_out = reference.left_out
    if seen is not None and not classes.judgeable(len(fakes), reference.shares).any():
        why = "so few fakes cannot show all classes"
        left_out = left_out | dict.fromkeys(("missing_classes", "thin_classes"), why)
    return Measurement(
        values={n: v for n, v in values.items() if n.partition("/")[0] not in left_out},
        class_counts=tuple(int(n) for n in counts),
        missing=tuple(names[k] for k in missing),
        thin=tuple(names[k] for k in thin),
        seconds=time.perf_counter() - started,
        extractor=reference.extractor,
        count=len(fakes),
        left_out={n: why for n, why in left_out.items() if n in values},
    )


def probe(images: np.ndarray, labels_asked: Labels | None, reference: Reference) -> Probe:
    """A quick look at few fakes, 256 as a rule; any count is allowed, labels are not looked at."""
    started = time.perf_counter()
    fakes = checked(images, reference)
    features, seen = look(reference.judge, fakes)
    twins = copies.duplicates(copies.thumbnails(fakes), reference.duplicate_limit)
    counts, kl, gone, inside = np.zeros(0, int), float("nan"), [], float("nan")
    if seen is not None:
        counts = classes.counts(seen, len(reference.shares))
        kl = classes.divergence(counts, reference.shares)
        gone = classes.missing(counts, reference.shares)
        inside = classes.inside(features, seen, reference.spread)
    return Probe(
        class_counts=tuple(int(n) for n in counts),
        class_kl=kl,
        diversity=_diversity(features, reference),
        seconds=time.perf_counter() - started,
        count=len(images),
        missing=tuple(reference.class_names[k] for k in gone),
        duplicates=twins.share,
        class_diversity=inside,
    )


def checked(images: np.ndarray, reference: Reference) -> np.ndarray:
    """The images as uint8 [N, H, W, C], floats rounded to the levels that real images have."""
    shape = tuple(images.shape)
    if shape[1:] != tuple(reference.image_shape) or len(images) < MIN_COUNT:
        raise DataError(
            f"Measuring takes at least {MIN_COUNT} images of shape "
            f"{list(reference.image_shape)}. Received: {list(shape)}."
        )
    if images.dtype == np.uint8:
        return images
    if not np.isfinite(images).all():
        raise DataError("The images hold NaN or infinite numbers. Allowed: floats in [-1, 1].")
    return pixels.to_uint8(images)


def _distances(features: Floats, reference: Reference) -> dict[str, float]:
    x = features.astype(np.float64)
    kernel = kernel_distance(reference.features, x, reference.within)
    name = f"{reference.judge.kind}_{count_name(len(x))}"
    return {
        f"fd_{name}": frechet_distance(reference.moments, moments(x), reference.root),
        f"fd_{name}_error": frechet_error(reference.moments, x),
        f"kd_{name}": kernel.value,
        f"kd_{name}_error": kernel.error,
        **prdc(reference.features[: len(reference.radii)], x, real_radii=reference.radii),
        "diversity": _diversity(features, reference),
    }


def _diversity(features: Floats, reference: Reference) -> float:
    """Mean pairwise distance over that of real images; NaN where those do not differ."""
    if not reference.varied:
        return float("nan")
    return distances.mean_pairwise(features) / reference.diversity


def _copies(fakes: Floats, reference: Reference) -> dict[str, float]:
    small = copies.thumbnails(fakes)
    ratio, _ = copies.nearness(small, reference.train_small)
    twins = copies.duplicates(small, reference.duplicate_limit)
    return {
        "copies": float((ratio < reference.copy_limit).mean()),
        "authentic": float((ratio > 1.0).mean()),
        "duplicates": twins.share,
        "support": float(twins.support),
    }


def _classes(
    features: Floats, seen: Labels, counts: Labels, asked: Labels | None, reference: Reference
) -> dict[str, float]:
    num_classes = len(counts)
    values = {"class_kl": classes.divergence(counts, reference.shares)}
    spread = classes.spread(features, seen, num_classes) / reference.spread
    known = spread[np.isfinite(spread)]
    values["class_diversity"] = float(known.min()) if len(known) else float("nan")
    listed = {"class_diversity": spread}
    if asked is not None:
        overall, each = classes.agreement(np.asarray(asked), seen, num_classes)
        values["class_accuracy"] = overall
        listed["class_accuracy"] = each
    if num_classes <= LISTED_CLASSES:
        values |= {f"{n}/{k}": float(v) for n, row in listed.items() for k, v in enumerate(row)}
    return values
