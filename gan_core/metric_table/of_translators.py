"""What is measured of translators only: of each side at every step, and of held-out pictures."""

from __future__ import annotations

import math

from gan_core.metric_table.metric import POSITIVE, SHARE, Metric, quality


def of_a_side(side: str) -> tuple[Metric, ...]:
    """What a training in two directions measures on one side: its D, and the way back to it."""
    other = "b" if side == "a" else "a"
    return (
        Metric(
            f"g_loss_{side}", f"Loss of the generator towards {side}", "g", f"loss_{side}",
            f"what it minimises to please the discriminator of side {side}", term="loss",
        ),
        Metric(
            f"d_loss_{side}", f"Loss of the discriminator of {side}", "d", f"loss_{side}",
            f"what the discriminator of side {side} minimises", term="loss",
        ),
        Metric(
            f"fake_accuracy_{side}", f"Fake accuracy on side {side}", "fake", f"accuracy_{side}",
            f"share of patches made for side {side} that its discriminator calls fake",
            range=SHARE, term="accuracy",
        ),
        Metric(
            f"real_accuracy_{side}", f"Real accuracy on side {side}", "real", f"accuracy_{side}",
            f"share of real patches of side {side} that its discriminator calls real",
            range=SHARE, term="accuracy",
        ),
        Metric(
            f"cycle_{side}", f"Cycle loss of {side}", "g", f"cycle_{side}",
            f"mean difference between an image of {side} and itself by way of {other}",
            range=POSITIVE, log=True, better="lower", term="cycle",
        ),
        Metric(
            f"identity_{side}", f"Identity loss of {side}", "g", f"identity_{side}",
            f"how much the generator towards {side} changes images of {side}",
            range=POSITIVE, log=True, better="lower", term="identity",
        ),
    )  # fmt: skip


QUALITY = (
    quality(
        "class_kept",
        "class kept",
        "share",
        "outputs of which the judge names the class of their input",
        "higher",
    ),
    quality(
        "psnr",
        "PSNR",
        "short",
        "peak signal-to-noise ratio of outputs and targets",
        "higher",
        unit="dB",
        range=(-math.inf, math.inf),
    ),
    quality(
        "ssim",
        "SSIM",
        "short",
        "structural similarity of outputs and targets over boxes of 7 x 7; 1 is equal",
        "higher",
        range=(-1.0, 1.0),
    ),
    quality(
        "feature_distance",
        "feature distance",
        "short",
        "how different outputs and targets look to the judge, place by place",
        "lower",
    ),
    quality(
        "sharpness",
        "sharpness",
        "short",
        "differences of neighbouring pixels over those of real images; below 1 is soft",
    ),
    quality(
        "grid",
        "grid",
        "short",
        "amplitude of what repeats with every second pixel, in [-1, 1]; above that of real images the way up "
        "leaves traces",
        "lower",
    ),
    quality(
        "agreement",
        "agreement",
        "short",
        "correlation of brightness with what should have become of the input; below 0 is inverted",
        "higher",
        range=(-1.0, 1.0),
    ),
    quality(
        "agreement_input",
        "agreement with the input",
        "short",
        "the same with the input, where nobody knows what should have become of it",
        range=(-1.0, 1.0),
    ),
    quality(
        "change",
        "change",
        "short",
        "mean difference between input and output; 0 does nothing",
    ),
    quality(
        "cycle_noise",
        "cycle with noise",
        "short",
        "cycle where what is between is rounded and given a little noise: far above it, the input is "
        "hidden in it",
        "lower",
        log=True,
    ),
)
