"""Stacked MNIST: how many of 1,000 modes a recipe finds, by the published protocol.

PacGAN's (Lin et al., 2018, https://arxiv.org/abs/1712.04086): 128,000 stacks, 50 epochs of batches of
64, then 26,000 fakes; a digit classifier reads each channel, modes are the distinct triples, and the
Kullback-Leibler divergence is that of the triples from equal shares. Our judge is the bundled one; its
accuracy is printed, because a worse judge sees modes that are not there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gan_core.data import stacked
from gan_core.storage import images as pixels
from gan_core.tasks import latent

SAMPLES = 26_000
BATCH = 64
EPOCHS = 50
FULL_STEPS = EPOCHS * stacked.NUM_TRAIN // BATCH
CHUNK = 500
PUBLISHED = (  # modes, KL, where: each with networks and settings of its own
    ("DCGAN", "99", "3.40", "PacGAN, table 2"),
    ("PacDCGAN2", "1000", "0.06", "PacGAN, table 2"),
    ("GAN + R1 + R2", "693", "0.927", "R3GAN, table 1"),
    ("RpGAN + R1 + R2", "1000", "0.0781", "R3GAN, table 1"),
)


class Modes(NamedTuple):
    """Distinct triples among the samples, and their divergence from equal shares in nats."""

    count: int  # type: ignore[assignment]  # it hides tuple.count, which nobody asks of these
    kl: float
    samples: int


def modes_of(triples: np.ndarray) -> Modes:
    """From digits read in each channel: ints [N, 3] in 0..9."""
    index = triples @ np.array([100, 10, 1])
    shares = np.bincount(index, minlength=stacked.MODES) / len(index)
    found = shares > 0
    kl = float((shares[found] * np.log(shares[found] * stacked.MODES)).sum())
    return Modes(int(found.sum()), kl, len(index))


def read_digits(judge, images: np.ndarray) -> np.ndarray:
    """Digits [N, 3] that the judge sees in the channels of uint8 [N, H, W, 3]."""
    from gan_core.evaluation.judge import look

    found = [look(judge, np.ascontiguousarray(images[..., k : k + 1]))[1] for k in range(3)]
    return np.stack([seen for seen in found if seen is not None], axis=1)


def measure(generator, judge, *, samples: int = SAMPLES, seed: int = 0) -> Modes:
    """Modes of a generate.TrainedGenerator."""
    z = latent.sample(samples, generator.latent_dim, seed=seed, prior=generator.prior)
    triples = [
        read_digits(judge, pixels.to_uint8(generator.images(z[i : i + CHUNK], None)))
        for i in range(0, samples, CHUNK)
    ]
    return modes_of(np.concatenate(triples))
