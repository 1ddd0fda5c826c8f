"""Every number the doctor judges by, with its meaning and source; docs/doctor.md is made from it.

    python -m gan_core.doctor.table > docs/doctor.md

"Recorded" names the recordings of `tests/reliability/ailments.py`: ailments on `mnist_5k` and the ring,
and all small presets, from which a limit was set between the ill runs and the healthy ones.
"""

from __future__ import annotations

from typing import NamedTuple

EVERY = 20  # steps between two looks
WARM_UP = 400  # steps in which only an explosion is named
EARLY = 20  # the first step at which an explosion is named
WINDOW = 100  # steps over which a metric is averaged
HISTORY = 1200  # steps that are remembered


class Threshold(NamedTuple):
    """A limit, what it is compared with, and where it comes from."""

    value: float
    meaning: str
    source: str


SOURCES = {
    "ganhacks": "https://github.com/soumith/ganhacks, tip 10: D's loss at 0 and gradient norms over "
    "100 are failures",
    "Google": "https://developers.google.com/machine-learning/gan/problems: vanishing gradients, "
    "mode collapse, failure to converge",
    "Arjovsky": "Arjovsky and Bottou, 2017, https://arxiv.org/abs/1701.04862, theorem 2.4",
    "Arora": "Arora and Zhang, 2017, https://arxiv.org/abs/1706.08224: near-duplicates in a batch "
    "bound the support",
    "ADA": "Karras et al., 2020, https://arxiv.org/abs/2006.06676, equation 1: where held-out images "
    "lie between training images and fakes",
    "AuthPct": "Alaa et al., 2022, https://arxiv.org/abs/2102.08921; calibrated on held-out images",
    "Chu": "Chu et al., 2017, https://arxiv.org/abs/1712.02950: noise of 3 / 256 destroys what CycleGAN "
    "hides",
    "MMD-GAN": "Bińkowski et al., 2018, https://arxiv.org/abs/1801.01401: rates fall after three "
    "tests without gain",
    "recorded": "our recordings of ailments and of the presets, `tests/reliability/ailments.py`; "
    "the limit lies between ill and healthy runs",
    "ours": "a choice",
}
TABLE: dict[str, Threshold] = {
    "healthy/accuracy": Threshold(
        0.15, "real and fake accuracy, each at least, mean over 100 steps", "recorded"
    ),
    "healthy/classes": Threshold(
        0.7, "share of the classes, or of the modes, that are made, at least", "recorded"
    ),
    "healthy/diversity": Threshold(
        0.5, "feature distance between fakes over that between reals, at least", "recorded"
    ),
    "healthy/diversity_most": Threshold(
        1.5, "the same, at most: noise is more diverse than any data", "recorded"
    ),
    "healthy/duplicates": Threshold(
        0.25, "share of 256 fakes with a near-duplicate, at most", "recorded"
    ),
    "healthy/near": Threshold(
        0.5, "share of points within three standard deviations of a mode, at least; 0.99 of the data",
        "recorded",
    ),
    "healthy/norm": Threshold(
        0.001, "gradient norms of G and D, each at least, median over 20 steps", "recorded"
    ),
    "healthy/loss": Threshold(
        20.0, "g_loss and d_loss, either sign, each at most, mean over 100 steps", "recorded"
    ),
    "healthy/d_loss": Threshold(
        0.02, "d_loss at least, mean over 100 steps", "ganhacks; recorded"
    ),
    "healthy/probes": Threshold(
        3, "looks at samples since the warm-up, before anything good is said", "ours"
    ),
    "d_wins/accuracy": Threshold(
        0.92, "real and fake accuracy, both above, mean over 100 steps", "ganhacks; recorded"
    ),
    "d_wins/behind": Threshold(
        0.85, "or: both above, and G falls behind", "recorded"
    ),
    "d_wins/growth": Threshold(
        10.0, "which is: gradient norm of G above this many times what it was after warm-up, median "
        "over 100 steps", "recorded",
    ),
    "g_wins/accuracy": Threshold(
        0.42, "mean of real and fake accuracy below, over 100 steps; 0.5 is guessing",
        "Google; recorded",
    ),
    "g_wins/order": Threshold(
        0.05, "share of the score's spread by which fakes lie above reals", "recorded"
    ),
    "vanishing_gradient/drop": Threshold(
        0.02, "gradient norm of G below this share of what it was after warm-up",
        "Arjovsky; recorded",
    ),
    "vanishing_gradient/accuracy": Threshold(
        0.9, "accuracies at the same time above; where the loss has no accuracy: not asked",
        "Google",
    ),
    "divergence/norm": Threshold(
        100.0, "gradient norm of G or D above, median over 20 steps", "ganhacks"
    ),
    "divergence/growth": Threshold(
        10.0, "and this many times what it was after warm-up", "recorded"
    ),
    "divergence/score": Threshold(
        1000.0, "or: mean score of a batch, either sign, above, median over 20 steps", "recorded"
    ),
    "divergence/loss": Threshold(
        1000.0, "or: a loss is this many times what it was at the start (at least 1 there), median "
        "over 10 steps; from step 20 on", "recorded",
    ),
    "divergence/beyond": Threshold(
        1e5, "or: a gradient norm is beyond reason, whatever it was before, median over 10 steps; from "
        "step 20 on", "recorded",
    ),
    "mode_collapse/diversity": Threshold(
        0.35, "feature distance between fakes over that between reals, below", "recorded"
    ),
    "mode_collapse/class_diversity": Threshold(
        0.62, "the same inside each class, mean over the classes, below", "recorded"
    ),
    "mode_collapse/duplicates": Threshold(
        0.05, "share of 256 fakes with a near-duplicate, above", "Arora; recorded"
    ),
    "mode_collapse/early_duplicates": Threshold(
        0.25, "the same where there never were fewer: a young generator has some", "recorded"
    ),
    "mode_collapse/kl": Threshold(
        1.0, "KL divergence of the classes made from those of the data, in nats, above, while diversity "
        "does not grow", "recorded",
    ),
    "mode_collapse/one": Threshold(
        0.002, "or: all fakes are of one class or near one mode, and diversity is below, at any step",
        "recorded",
    ),
    "mode_collapse/probes": Threshold(
        3, "probes in a row that miss the same class or lie beyond a limit, where as many in a row "
        "once did not", "recorded",
    ),
    "mode_collapse/lasting": Threshold(
        150, "and all probes of so many steps; slow trainings are probed every few steps", "recorded"
    ),
    "mode_collapse/steps": Threshold(
        500, "or: steps in which it did not get better", "recorded"
    ),
    "mode_collapse/gain": Threshold(
        0.1, "what counts as better, as a share; for classes: fewer are missing", "recorded"
    ),
    "off_data/near": Threshold(
        0.4, "share of points within three standard deviations of a mode, below, where it once was not, "
        "or for 500 steps without gain", "recorded",
    ),
    "oscillation/correlation": Threshold(
        -0.6, "correlation of the two losses, smoothed over 25 steps, below", "recorded"
    ),
    "oscillation/swing": Threshold(
        0.35, "standard deviation of the smoothed g_loss over its mean, above", "recorded"
    ),
    "oscillation/crossings": Threshold(
        6, "crossings of its mean within 800 steps, at least", "recorded"
    ),
    "d_overfits/auc": Threshold(
        0.8, "chance that D scores a training image above a held-out one, above",
        "ADA; recorded",
    ),
    "d_overfits/share": Threshold(
        0.5, "held-out images lie this much of the way from training images to fakes, above",
        "ADA; recorded",
    ),
    "d_overfits/probes": Threshold(3, "probes in a row", "recorded"),
    "copying/share": Threshold(
        0.05, "share of 2,000 fakes that are near copies; new images show 0.01 by construction",
        "AuthPct",
    ),
    "stalled/steps": Threshold(
        2000, "steps since the best Fréchet distance, at least, and a quarter of all steps",
        "MMD-GAN",
    ),
    "stalled/measurements": Threshold(
        4, "measurements since the best one, at least", "MMD-GAN"
    ),
    "stalled/floor": Threshold(
        1.5, "the best distance is still above this many times that of real images", "ours"
    ),
}  # fmt: skip
# Losses whose scores mean something else. None: this sign does not exist there.
BY_LOSS: dict[str, dict[str, float | None]] = {
    "relativistic": {"d_wins/accuracy": 0.98, "d_wins/behind": None, "g_wins/accuracy": 0.3},
    "wasserstein": {
        "d_wins/accuracy": None,  # scores have no zero; a good critic is wanted
        "d_wins/behind": None,
        "g_wins/accuracy": None,
        "divergence/norm": 1000.0,  # gradients of unbounded scores are larger
        "divergence/score": 1e5,
        "healthy/accuracy": None,
        "healthy/loss": 500.0,
        "healthy/d_loss": None,
    },
}
# Looks in a row that must agree before an ailment is said, and before it is said to be over.
CONFIRM = {
    "divergence": 2,
    "vanishing_gradient": 5,
    "d_wins": 5,
    "g_wins": 5,
    "mode_collapse": 1,  # its probes agree already
    "off_data": 1,
    "oscillation": 5,
    "d_overfits": 1,
    "copying": 1,
    "stalled": 1,
}
RECOVER = 5
# Ailments that probes alone tell, and how many in a row must agree.
PROBED = {
    "mode_collapse": int(TABLE["mode_collapse/probes"].value),
    "off_data": int(TABLE["mode_collapse/probes"].value),
    "d_overfits": int(TABLE["d_overfits/probes"].value),
}
