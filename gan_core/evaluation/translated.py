"""Measures of translators: held-out images, what becomes of them, and what should have.

Of pairs, outputs beside their targets:

    l1, psnr, ssim       mean over images; differences in [-1, 1], decibels, Wang et al. (2004)
    feature_distance     by the judge's convolutions, place by place (perceptual.py)
    class_kept           share of outputs of which the judge names the class of the input
    sharpness            differences of neighbouring pixels over those of the real images
    grid                 amplitude of what repeats with every second pixel, in [-1, 1] (likeness.grid)
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
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import Dataset
from gan_core.errors import DataError
from gan_core.evaluation import likeness
from gan_core.evaluation.judge import Judge
from gan_core.evaluation.measure import MIN_COUNT, Measurement
from gan_core.evaluation.one_way import Way, values_of
from gan_core.evaluation.target_judge import judge_of
from gan_core.storage import images as pixels
from gan_core.tasks.pair_grids import LABELS, chosen
from gan_core.tasks.translator import HOMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gan_core.types import Answer

COUNT = 500  # held-out images, at most
PIXELS = COUNT * 32 * 32  # of all of them beside a training; but FEW at least
FEW = 32
MOST_REAL = 2000  # images of the other side that outputs are compared with, of up to 64 x 64 pixels
LEAST_REAL = 200  # of large ones
NOISE = 0.05  # standard deviation, in [-1, 1]: six grey levels; Chu et al. need 3
SEED = 600


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
    def judge(self) -> SimpleNamespace:
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
    cache: Path,
    ways: Sequence[str],
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
    count = min(count, *(len(dataset.splits["held_out"][HOMES[way]]) for way in ways))
    if count < MIN_COUNT:
        raise DataError(
            f"Measuring takes at least {MIN_COUNT} held-out images of each kind. "
            f"Received: {count} of `{dataset.spec.name}`."
        )
    found = {way: _way(dataset, way, count, judge_of(dataset, way, cache, phase=phase))
             for way in ways}  # fmt: skip
    phase("measuring real images")
    return build(found, count, dataset.spec.class_names)


def build(
    ways: Mapping[str, Way], count: int, class_names: Sequence[str] = ()
) -> TranslationReference:
    """Measure what learns nothing, and real images in place of outputs."""
    for way in ways.values():
        way.some(1)  # what probes ask of the real images is found now, not beside the training
    started = time.perf_counter()
    floor = joined({w: values_of(way, way.real_outputs()) for w, way in ways.items()})
    seconds = time.perf_counter() - started
    beside = {
        "input": joined({w: values_of(way, way.as_output()) for w, way in ways.items()}),
        "mean": joined({w: values_of(way, way.mean()) for w, way in ways.items()}),
    }
    return TranslationReference(ways, count, tuple(class_names), floor, beside, seconds)


def _way(dataset: Dataset, way: str, count: int, judge: Judge) -> Way:
    held_out, train = dataset.splits["held_out"], dataset.splits["train"]
    home, paired = HOMES[way], way == "target"
    truths = held_out.get("target" if paired else f"{home}_truth")
    labels = held_out.get(LABELS[home])
    rows = chosen(len(held_out[home]), count, labels)
    truth, label = (None if array is None else array[rows] for array in (truths, labels))
    some = chosen(len(train[way]), _most_real(train[way]), train.get(LABELS[way]))
    real = held_out["target"][rows] if paired else train[way][some]
    return Way(way, held_out[home][rows], truth, label, real, judge, paired)


def _most_real(images: np.ndarray) -> int:
    height, width = images.shape[1:3]
    most = int(np.clip(MOST_REAL * 64 * 64 // (height * width), LEAST_REAL, MOST_REAL))
    return min(most, len(images))


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
    )


def probe_values(answer: Answer, reference: TranslationReference, count: int) -> dict[str, float]:
    """A quick look at few images: all but the distances of whole sets."""
    ways = {w: way.some(count) for w, way in reference.ways.items()}
    return joined({w: _of_way(w, answer, ways, quick=True) for w in ways})


def _of_way(
    name: str, answer: Answer, ways: Mapping[str, Way], *, quick: bool = False
) -> dict[str, float]:
    way = ways[name]
    inputs = pixels.to_float(way.inputs)
    made = answer(inputs, name)
    if not np.isfinite(made).all():
        raise DataError("The outputs hold NaN or infinite numbers.")
    values = values_of(way, pixels.to_uint8(made), quick=quick)
    back = {"b": "a", "a": "b"}.get(name, "")
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
