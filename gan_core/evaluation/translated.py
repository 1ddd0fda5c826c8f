"""Measures of translators: held-out images, what becomes of them, and what should have.

Of pairs, outputs beside their targets:

    l1, psnr, ssim       mean over images; differences in [-1, 1], decibels, Wang et al. (2004)
    feature_distance     by the judge's convolutions, place by place (perceptual.py)
    class_kept           share of outputs of which the judge names the class of the input
    sharpness            differences of neighbouring pixels over those of the real images
    agreement            correlation of brightness with the target; negative: inverted
    change               mean difference between input and output: 0 does nothing
    diversity            feature distance between two outputs over that between two real images
    fd_<kind>_<count>    Fréchet distance of all outputs from all targets

Of two sides the same by the other side's images, for each way under `to_b/` and `to_a/`, and the mean
of both ways without them. l1 and agreement only where the truth is known. What comes back:

    cycle                mean difference between an image and what comes back of it
    cycle_noise          the same where what is between is rounded to pixels and given a little noise: far
                         more than `cycle` where the input was hidden in it (Chu et al., 2017,
                         https://arxiv.org/abs/1712.02950)

Beside each value stand those of the input as it is and of the mean real image, which learn nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np

from gan_core.data import Dataset
from gan_core.errors import DataError
from gan_core.evaluation import distances, likeness
from gan_core.evaluation.frechet import frechet_distance, frechet_error, moments, root
from gan_core.evaluation.judge import Judge, look
from gan_core.evaluation.measure import MIN_COUNT, Measurement, count_name
from gan_core.evaluation.perceptual import feature_distance
from gan_core.evaluation.target_judge import judge_of
from gan_core.storage import images as pixels
from gan_core.tasks.pair_grids import with_channels

COUNT = 500  # held-out images, at most
PIXELS = COUNT * 32 * 32  # of all of them beside a training; but FEW at least
FEW = 32
MOST_REAL = 2000  # images of the other side that outputs are compared with
NOISE = 0.05  # standard deviation, in [-1, 1]: six grey levels; Chu et al. need 3
SEED = 600
PAIR_MAIN = "l1"  # the best checkpoint is that with the least of this
PAIR_ONLY = ("psnr", "ssim", "feature_distance")
Answer = Callable[[np.ndarray, str], np.ndarray]  # (images in [-1, 1], way) -> the same


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
    labels: np.ndarray | None
    real: np.ndarray
    judge: Judge
    paired: bool

    @cached_property
    def features(self) -> np.ndarray:
        """Of the real images, float32 [M, F]."""
        return look(self.judge, self.real)[0]

    @cached_property
    def moments(self):
        """Of the real images' features, and the root of their covariance."""
        found = moments(self.features)
        return found, root(found.covariance)

    @cached_property
    def sharpness(self) -> float:
        """Of the real images."""
        return float(likeness.gradients(pixels.to_float(self.real)).mean())

    @cached_property
    def spread(self) -> float:
        """Mean feature distance between two real images."""
        return distances.mean_pairwise(self.features[:COUNT])

    def some(self, count: int) -> Way:
        """The same for the first inputs only."""
        parts = {n: getattr(self, n) for n in ("inputs", "truths", "labels")}
        fewer = replace(self, **{n: p if p is None else p[:count] for n, p in parts.items()})
        for name in ("features", "moments", "sharpness", "spread"):  # of the same real images
            fewer.__dict__[name] = getattr(self, name)
        return fewer


@dataclass(frozen=True)
class TranslationReference:
    """What translators of a data set are measured against; as evaluation.measuring wants it.

    Attributes:
        ways: by what they go towards.
        floor: values of real images in place of outputs.
        beside: values of what learns nothing, by its name: "input" and "mean".
        seconds: a measurement of the images took, without the networks.
    """

    ways: Mapping[str, Way]
    count: int
    class_names: tuple[str, ...]
    floor: dict[str, float]
    beside: dict[str, dict[str, float]]
    seconds: float = 0.0

    @property
    def extractor(self) -> str:
        """Kind and hashes of the judges."""
        judges = [way.judge for way in self.ways.values()]
        hashes = "+".join(dict.fromkeys(judge.hash for judge in judges))
        task = "pairs" if "target" in self.ways else "sides"  # no other task's values compare
        return f"{judges[0].kind}:{hashes}:{task}"

    @property
    def judge(self):
        """What is known of the judges together: the accuracy of the least sure one."""
        known = [way.judge.accuracy for way in self.ways.values() if way.judge.accuracy is not None]
        return SimpleNamespace(accuracy=min(known, default=None), kind=self.extractor.split(":")[0])

    @property
    def ceiling(self) -> dict[str, float]:
        """Of noise: it is not asked here, `beside` says more."""
        return {}


# ---- the real side ----


def open_reference(
    dataset: Dataset,
    cache,
    ways,
    *,
    count: int = COUNT,
    phase: Callable[[str], None] = lambda text: None,
) -> TranslationReference:
    """The real side of pairs or two sides for the given ways; judges come from the cache if they can.

    Args:
        ways: of "target", "b" and "a", the main one first.
        count: held-out images, fewer where there are fewer.

    Raises:
        DataError: too few images are held out.
    """
    count = min(count, *(len(dataset.splits["held_out"][_home(way)]) for way in ways))
    if count < MIN_COUNT:
        raise DataError(
            f"Measuring takes at least {MIN_COUNT} held-out images of each kind. "
            f"Received: {count} of `{dataset.spec.name}`."
        )
    found = {way: _way(dataset, way, count, judge_of(dataset, _field(way), cache, phase=phase))
             for way in ways}  # fmt: skip
    phase("measuring real images")
    return build(found, count, dataset.spec.class_names)


def build(ways: Mapping[str, Way], count: int, class_names=()) -> TranslationReference:
    """Measure what learns nothing, and real images in place of outputs."""
    started = time.perf_counter()
    floor = joined({w: values_of(way, _real_outputs(way)) for w, way in ways.items()})
    seconds = time.perf_counter() - started
    beside = {
        "input": joined({w: values_of(way, _as_output(way)) for w, way in ways.items()}),
        "mean": joined({w: values_of(way, _mean(way)) for w, way in ways.items()}),
    }
    return TranslationReference(ways, count, tuple(class_names), floor, beside, seconds)


def _field(way: str) -> str:
    """The array of what a way makes."""
    return way


def _home(way: str) -> str:
    """The array of what a way begins with."""
    return {"target": "input", "b": "a", "a": "b"}[way]


def _way(dataset: Dataset, way: str, count: int, judge: Judge) -> Way:
    held_out, train = dataset.splits["held_out"], dataset.splits["train"]
    home, paired = _home(way), way == "target"
    truths = held_out.get("target" if paired else f"{home}_truth")
    labels = held_out.get("label" if paired else f"{home}_label")
    real = held_out["target"][:count] if paired else train[way][:MOST_REAL]
    cut = lambda array: None if array is None else array[:count]  # noqa: E731
    return Way(way, held_out[home][:count], cut(truths), cut(labels), real, judge, paired)


def _real_outputs(way: Way) -> np.ndarray:
    """Real images in place of outputs: the truth where it is known, else others of that kind."""
    if way.truths is not None:
        return way.truths
    return way.real[np.resize(np.arange(len(way.real)), len(way.inputs))]


def _as_output(way: Way) -> np.ndarray:
    return with_channels(way.inputs, way.real.shape[3])


def _mean(way: Way) -> np.ndarray:
    mean = np.rint(way.real.mean(axis=0, dtype=np.float64)).astype(np.uint8)
    return np.broadcast_to(mean, (len(way.inputs), *mean.shape))


# ---- measuring ----


def measure(answer: Answer, reference: TranslationReference) -> Measurement:
    """Measure what networks make of the held-out images."""
    started = time.perf_counter()
    values = joined({w: _of_way(w, answer, reference.ways) for w in reference.ways})
    return Measurement(
        values=values,
        class_counts=(),
        missing=(),
        thin=(),
        seconds=time.perf_counter() - started,
        extractor=reference.extractor,
        count=reference.count,
        beside=reference.beside,
        main=PAIR_MAIN if "target" in reference.ways else "",
    )


def probe_values(answer: Answer, reference: TranslationReference, count: int) -> dict[str, float]:
    """A quick look at few images: all but the distances of whole sets."""
    ways = {w: way.some(count) for w, way in reference.ways.items()}
    return joined({w: _of_way(w, answer, ways, quick=True) for w in ways})


def _of_way(name: str, answer: Answer, ways: Mapping[str, Way], *, quick=False) -> dict[str, float]:
    way = ways[name]
    inputs = pixels.to_float(way.inputs)
    made = answer(inputs, name)
    if not np.isfinite(made).all():
        raise DataError("The outputs hold NaN or infinite numbers.")
    values = values_of(way, pixels.to_uint8(made), quick=quick)
    back = {"b": "a", "a": "b"}.get(name)
    return values | (_cycle(answer, inputs, made, back) if back in ways else {})


def _cycle(answer: Answer, inputs: np.ndarray, made: np.ndarray, back: str) -> dict[str, float]:
    """What is lost on the way there and back, and with what is between a little disturbed."""
    noise = NOISE * np.random.default_rng(SEED).standard_normal(made.shape, np.float32)
    disturbed = np.clip(pixels.to_float(pixels.to_uint8(made)) + noise, -1.0, 1.0)
    found = {"cycle": made, "cycle_noise": disturbed}
    return {
        name: float(likeness.l1(inputs, answer(middle, back)).mean())
        for name, middle in found.items()
    }


def values_of(way: Way, outputs: np.ndarray, *, quick: bool = False) -> dict[str, float]:
    """All that is measured of the outputs (uint8 [N, H, W, C2]) of a way.

    Args:
        quick: without what takes whole sets or long.
    """
    made = pixels.to_float(outputs)
    features, seen = look(way.judge, outputs)
    values = _against_truth(way, outputs, made, quick=quick)
    values["sharpness"] = _ratio(float(likeness.gradients(made).mean()), way.sharpness)
    values["change"] = float(likeness.l1(made, pixels.to_float(_as_output(way))).mean())
    values["diversity"] = _ratio(distances.mean_pairwise(features[:COUNT]), way.spread)
    if way.labels is not None and seen is not None:
        values["class_kept"] = float((seen == way.labels).mean())
    return values if quick else values | _frechet(way, features)


def _against_truth(way: Way, outputs, made, *, quick: bool) -> dict[str, float]:
    if way.truths is None:
        known = pixels.to_float(_as_output(way))
        return {"agreement_input": float(likeness.correlation(made, known).mean())}
    truths = pixels.to_float(way.truths)
    values = {
        "l1": float(likeness.l1(made, truths).mean()),
        "agreement": float(likeness.correlation(made, truths).mean()),
    }
    if way.paired and not quick:
        values["psnr"] = float(likeness.psnr(made, truths).mean())
        values["ssim"] = float(likeness.ssim(made, truths).mean())
        values["feature_distance"] = float(feature_distance(way.judge, outputs, way.truths).mean())
    return values


def _frechet(way: Way, features: np.ndarray) -> dict[str, float]:
    name = f"fd_{way.judge.kind}_{count_name(len(features))}"
    (real, half), x = way.moments, features.astype(np.float64)
    return {name: frechet_distance(real, moments(x), half), f"{name}_error": frechet_error(real, x)}


def _ratio(value: float, real: float) -> float:
    return value / real if real > 1e-9 else float("nan")


def joined(found: Mapping[str, dict[str, float]]) -> dict[str, float]:
    """Values of pairs as they are; of sides each way's, and the means of what all ways have."""
    if "target" in found:
        return found["target"]
    ways = list(found.values())
    both = [name for name in ways[0] if all(name in values for values in ways)]
    means = {name: float(np.mean([values[name] for values in ways])) for name in both}
    each = {f"to_{w}/{n}": v for w, values in found.items() for n, v in values.items()}
    return means | each


def beside_count(shape: tuple[int, ...]) -> int:
    """Held-out images that a measurement beside a training takes, by their size."""
    return int(np.clip(PIXELS // (shape[0] * shape[1]), FEW, COUNT))


def told(values: Mapping[str, Any]) -> dict[str, float]:
    """Without the standard errors."""
    return {name: value for name, value in values.items() if not name.endswith("_error")}
