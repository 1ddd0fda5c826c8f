"""Which judge looks at one kind of image of pairs or of two sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from gan_core.data import Dataset
from gan_core.evaluation import features
from gan_core.evaluation import judge as judges
from gan_core.evaluation.judge import Judge
from gan_core.storage.assets import ASSETS

SEED = 800
AS_GOOD = 0.02  # below its own accuracy; a bundled judge that is right so often knows these images


def judge_of(
    dataset: Dataset,
    field: str,
    cache: Path,
    *,
    phase: Callable[[str], None] = lambda text: None,
) -> Judge:
    """The judge of the images `field` of a data set: bundled, from the cache, new, or untrained.

    Args:
        field: "target", "a" or "b", of the data set's splits.
        phase: told what is being done, for the person who waits.
    """
    images = images_of(dataset, field)
    return _bundled(images) or features.open_judge(images, cache, phase=phase)


def images_of(dataset: Dataset, field: str) -> Dataset:
    """One kind of image of pairs or two sides as a data set of images."""
    label = "label" if field in ("input", "target") else f"{field}_label"
    train, held_out = dataset.splits["train"], dataset.splits["held_out"]
    spec = replace(
        dataset.spec, name=f"{dataset.spec.name}.{field}", kind="images",
        image_shape=tuple(train[field].shape[1:]),
        num_train=len(train[field]), num_held_out=len(held_out[field]),
    )  # fmt: skip
    if label in train and label in held_out:
        return Dataset.of(spec, train[field], train[label], held_out[field], held_out[label])
    spec = replace(spec, num_classes=0, class_names=(), labels=())
    return Dataset.of(spec, train[field], None, held_out[field], None)


def _bundled(images: Dataset) -> Judge | None:
    """A judge that comes with the app, if it knows these images as well as its own.

    It is asked as it is, by the mean of the colours, and of the negative.
    """
    spec, labels = images.spec, images.held_out_labels
    sizes = (spec.image_shape[:2], spec.num_classes)
    if labels is None or sizes != (features.BUNDLED_SHAPE[:2], features.BUNDLED_CLASSES):
        return None
    some = np.random.default_rng(SEED).permutation(len(labels))[: judges.CHUNK]
    for name in dict.fromkeys(features.BUNDLED.values()):
        own = judges.load(ASSETS / "judges" / f"{name}.npz")
        if own.accuracy is None:
            continue
        for sign in (1, -1):
            judge = seeing(own, spec.image_shape[2], sign)
            right = judges.accuracy(judge, images.held_out[some], labels[some])
            if right >= own.accuracy - AS_GOOD:
                return replace(judge, accuracy=right)
    return None


def seeing(judge: Judge, channels: int, sign: int) -> Judge:
    """A judge of grey images that sees the mean of so many channels, or (sign -1) its negative.

    Only the first kernel differs: images are in [-1, 1], whose negative is -x.
    """
    if (channels, sign) == (1, 1):
        return judge
    kernel = judge.weights["conv1/kernel"].astype(np.float32) * sign / channels
    first = {"conv1/kernel": np.repeat(kernel, channels, axis=2)}
    return replace(judge, weights=judges.rounded(judge.weights | first))
