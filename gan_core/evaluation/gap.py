"""Does D know its training images by heart? Its scores of training, held-out and fake images.

`auc` is the chance that D scores a training image above a held-out one: 0.5 where it cannot tell
them apart, 1 where it has learned all of its training images. It needs no scale, so it means the
same for every loss. `share` is how much of the way from training images to fakes the held-out ones
lie, the r_v of ADA (Karras et al., 2020, https://arxiv.org/abs/2006.06676, eq. 1): 0 beside the
training images, 1 beside the fakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gan_core.runs.run import Run
from gan_core.runs.saved import checkpoints
from gan_core.storage.images import to_float
from gan_core.tasks import latent
from gan_core.tasks.stored import open_network

if TYPE_CHECKING:
    import keras

    from gan_core.data.base import Dataset
    from gan_core.types import Floats, Labels

COUNT = 256  # images of each kind
SEED = 700


@dataclass(frozen=True)
class ScoreGap:
    """Mean raw scores of D for training, held-out and fake images, and what they tell."""

    train: float
    held_out: float
    fake: float
    auc: float
    share: float


def auc(high: np.ndarray, low: np.ndarray) -> float:
    """Chance that one of `high` [N] exceeds one of `low` [M]; equal ones count half."""
    order = np.sort(low)
    below = np.searchsorted(order, high, side="left") + np.searchsorted(order, high, side="right")
    return float(below.mean() / 2 / len(low))


def of_scores(train: np.ndarray, held_out: np.ndarray, fake: np.ndarray) -> ScoreGap:
    """The gap from raw scores, each [N]."""
    known, unknown, made = (float(np.mean(scores)) for scores in (train, held_out, fake))
    way = known - made
    share = (known - unknown) / way if way > 0 else float("nan")
    return ScoreGap(known, unknown, made, auc=auc(train, held_out), share=share)


class GapProbe:
    """Asks a discriminator about a fixed choice of images.

    Args:
        discriminator: a keras.Model of [image] or [image, classes], asked as it is now and without
            dropout.
        dataset: data.Dataset of images.
    """

    def __init__(self, discriminator: keras.Model, dataset: Dataset) -> None:
        self.discriminator, self.conditional = discriminator, len(discriminator.inputs) > 1
        self.train = _chosen(dataset.train, dataset.train_labels, dataset.spec.num_classes)
        self.held_out = _chosen(dataset.held_out, dataset.held_out_labels, dataset.spec.num_classes)

    def scores(self, images: np.ndarray, classes: np.ndarray | None) -> np.ndarray:
        """Raw scores [B] of images in [-1, 1] with their class rows [B, K]."""
        inputs = [images, classes] if self.conditional else [images]
        made = self.discriminator(inputs, training=False)
        made = made[0] if isinstance(made, list | tuple) else made
        return np.asarray(made)[:, 0]

    def gap(self, fake_scores: Floats) -> ScoreGap:
        """The gap now, beside D's scores of some fakes."""
        return of_scores(self.scores(*self.train), self.scores(*self.held_out), fake_scores)


def of_checkpoint(run: Run, step: int, dataset: Dataset) -> GapProbe | None:
    """The discriminator of a full checkpoint; None without one of this step."""
    if step not in [c.step for c in checkpoints.list_checkpoints(run.path)]:
        return None
    return GapProbe(open_network(run, step, "discriminator", dataset.spec, raw=True), dataset)


def values(gap: ScoreGap) -> dict[str, float]:
    """The gap under the names that measurements use."""
    return {
        "d_score_train": gap.train,
        "d_score_held_out": gap.held_out,
        "d_score_fake": gap.fake,
        "d_gap_auc": gap.auc,
        "d_gap_share": gap.share,
    }


def _chosen(
    images: np.ndarray, labels: Labels | None, num_classes: int
) -> tuple[Floats, Floats | None]:
    """COUNT images in [-1, 1] and their class rows, the same ones every time."""
    index = np.random.default_rng(SEED).permutation(len(images))[:COUNT]
    rows = None
    if labels is not None and num_classes:
        rows = latent.one_hot(labels[index], num_classes)
    return to_float(images[index]), rows
