"""Ways to make a training ill, and the presets that must stay without a false alarm.

Each case is a real training on `mnist_5k` or the ring with a small recipe. Of the ten CASES fast ones
fall ill at step ONSET of a healthy run; the others, and all FRESH ones, are ill from the first step, so
that the doctor's warm-up counts too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

ONSET = 600
FAST = 400  # steps from the onset within which a fast ailment must be named


@dataclass(frozen=True)
class Case:
    """One ailment.

    Attributes:
        expected: verdicts that name it rightly.
        onset: the step at which it begins; 0: with the run.
        within: steps from the onset within which it must be named.
        steps: length of the recording.
        why: why a slow one takes longer than FAST steps.
        knobs: factors (or values, with "=") of live knobs at the onset.
        begin: called with the algorithm at the onset.
        cut: training images kept, as many of each class; 0: all.
        dataset: "": digits, and the ring of points for the toy.
        parts: (config, DatasetSpec) -> Parts in place of the recipe's own.
    """

    name: str
    recipe: str
    expected: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    onset: int = ONSET
    within: int = FAST
    steps: int = ONSET + FAST + 40
    why: str = ""
    knobs: dict[str, float | str] = field(default_factory=dict)
    begin: Callable[[Any], None] = lambda algorithm: None
    cut: int = 0
    dataset: str = ""
    parts: Callable[[Any, Any], Any] | None = None


def knobs_of(case: Case, now: dict[str, float]) -> dict[str, float]:
    """The knobs after the onset, from those before it."""
    return {
        name: float(value[1:]) if isinstance(value, str) else value * now[name]
        for name, value in case.knobs.items()
    }


def flip_labels(algorithm) -> None:
    """D is told that real images are fake and fakes real."""
    right = algorithm.loss.discriminator
    algorithm.loss = algorithm.loss._replace(discriminator=lambda real, fake: right(fake, real))
    algorithm._compile()


def small_start(algorithm) -> None:
    """All kernels from N(0, 0.02) and all biases 0, as DCGAN says, but without its normalisation."""
    rng = np.random.default_rng(algorithm.config.seed)
    for network in algorithm.networks.values():
        drawn = [
            0.02 * rng.standard_normal(w.shape) if w.ndim > 1 else 0 * w
            for w in network.get_weights()
        ]
        network.set_weights(drawn)
    algorithm.averages["generator"].set_weights(algorithm.networks["generator"].get_weights())


def bare_dcgan(config, spec):
    """A deep DCGAN without any normalisation: six layers in G, five in D."""
    from gan_core.algorithms.parts import Parts
    from gan_core.networks import dcgan

    w = config.width
    blocks = [(8 * w, 1), (4 * w, 1), (4 * w, 1), (2 * w, 1), (w, 2)]
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape,
            config.latent_dim,
            base=8 * w,
            blocks=blocks,
            kernel=4,
            norm=False,
            slope=0.2,
            seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape, channels=[w, 2 * w, 4 * w, 4 * w], kernel=4, seed=config.seed
        ),
    )


def cut_dataset(dataset, count: int):
    """The first `count` training images, as many of each class."""
    if not count:
        return dataset
    classes = dataset.spec.num_classes
    keep = [np.flatnonzero(dataset.train_labels == k)[: count // classes] for k in range(classes)]
    index = np.sort(np.concatenate(keep))
    fewer = {name: array[index] for name, array in dataset.splits["train"].items()}
    spec = replace(dataset.spec, num_train=len(index))
    return replace(dataset, spec=spec, splits={**dataset.splits, "train": fewer})


D_WINS = ("d_wins", "vanishing_gradient")
CASES = [
    Case("d_lr_x20", "fast_gan", (*D_WINS, "divergence"), knobs={"d_lr": 20}),
    Case("g_lr_x20", "fast_gan", ("g_wins", "mode_collapse", "oscillation"), knobs={"g_lr": 20}),
    Case("label_flip", "fast_gan", ("g_wins", "divergence"), begin=flip_labels),
    Case("dead_d", "fast_gan", ("g_wins",), knobs={"d_lr": "=0"}),
    Case("dead_g", "fast_gan", D_WINS, knobs={"g_lr": "=0"}),
    Case("exploding_rate", "fast_gan", ("divergence",), knobs={"g_lr": "=1", "d_lr": "=1"}),
    Case(
        "latent_1",
        "fast_dcgan",
        ("mode_collapse",),
        {"latent_dim": 1},
        onset=0,
        within=1000,
        steps=1500,
        why="it is ill from the start, and early samples are alike anyway",
    ),
    Case(
        "no_norm",
        "fast_dcgan",
        ("mode_collapse", *D_WINS),
        {"width": 8, "g_lr": 2e-4, "d_lr": 2e-4, "beta_1": 0.5, "lr_half_steps": 0},
        onset=0,
        within=800,
        steps=900,
        begin=small_start,
        parts=bare_dcgan,
        why="it is ill from the start, and the doctor warms up first",
    ),
    Case(
        "mlp_collapse",
        "mlp_gan",
        ("mode_collapse", *D_WINS),
        {"g_lr": 1e-3, "d_lr": 1e-3, "beta_1": 0.9, "dropout": 0.0},
        onset=0,
        within=1000,
        steps=1200,
        why="D gets ahead by degrees, after the doctor's warm-up",
    ),
    Case(
        "tiny_data",
        "fast_gan",
        ("d_overfits", "copying"),
        onset=0,
        within=700,
        steps=900,
        cut=100,
        settings={"augment": "none"},  # it would not be ill else
        why="it is ill from the start, and the doctor warms up first",
    ),
]
TEN = {"g_lr": 10.0, "d_lr": 10.0}
YOUNG = "it is ill from the start, and a young generator is no better for some hundred steps"
FRESH = [  # ill from the first step, by their settings alone
    Case("batch_1", "fast_gan", D_WINS, {"batch_size": 1}, 0, 500, 600, "D's warm-up"),
    Case(
        "mlp_batch_1",
        "mlp_gan",
        ("mode_collapse", *D_WINS),
        {"batch_size": 1},
        0,
        1000,
        1000,
        YOUNG,
    ),
    Case("mlp_rates_10", "mlp_gan", ("divergence",), TEN, 0, 60, 400),
    Case("fast_rates_10", "fast_gan", ("divergence",), {"g_lr": 10.0, "d_lr": 0.5}, 0, 60, 400),
    Case("lsgan_rates_10", "lsgan", ("divergence",), TEN, 0, 60, 400),
    Case("wgan_rates_10", "wgan_gp", ("divergence",), TEN, 0, 60, 400),
    Case("hinge_rates_10", "hinge_sn", ("divergence", "mode_collapse"), TEN, 0, 240, 400),
    Case("r3gan_rates_10", "r3gan", ("divergence",), TEN, 0, 60, 400),
    Case("toy_rates_10", "toy_mlp", ("divergence",), TEN, 0, 60, 400),
    Case(
        "toy_point",
        "toy_mlp",
        ("mode_collapse",),
        {"g_lr": 0.1, "d_lr": 0.1, "r1_gamma": 0.0},
        0,
        600,
        1000,
        YOUNG,
    ),
    Case(
        "toy_slow_d",
        "toy_mlp",
        ("off_data", "mode_collapse"),
        {"g_lr": 0.01, "d_lr": 0.0005, "r1_gamma": 0.0},
        0,
        1000,
        1200,
        YOUNG,
    ),
    Case(
        "toy_wasserstein",
        "toy_mlp",
        ("off_data", "mode_collapse"),
        {"loss": "wasserstein", "r1_gamma": 0.0},
        0,
        1000,
        1200,
        YOUNG,
    ),
    Case(
        "toy_momentum",
        "toy_mlp",
        ("off_data", "mode_collapse"),
        {"g_lr": 0.005, "d_lr": 0.005, "beta_1": 0.9, "r1_gamma": 0.0},
        0,
        1000,
        1200,
        YOUNG,
    ),
]
PRESETS = (
    "fast_gan",
    "fast_dcgan",
    "lsgan",
    "hinge_sn",
    "r3gan",
    "mlp_gan",
    "wgan_gp",
    "toy_mlp",
    "acgan",
    "dcgan",  # 20 and 40 minutes a seed on two cores
)
