"""Translators: of pairs, and between two sides."""

from gan_core.doctor import translators
from gan_core.doctor.explosions import divergence, explosion
from gan_core.doctor.health import INSIDE
from gan_core.doctor.rulebook import Rules
from gan_core.doctor.thresholds import TABLE as COMMON
from gan_core.doctor.thresholds import Threshold
from gan_core.doctor.translator_remedies import REMEDIES
from gan_core.doctor.translator_words import NUMBERS, SENTENCES, WORDS

HEALTHY = ("healthy/loss", "healthy/norm", "healthy/probes")
RECORDED = "recorded"  # tests/reliability/translation_ailments.py
TABLE: dict[str, Threshold] = {
    **{name: COMMON[name] for name in HEALTHY},
    **{name: row for name, row in COMMON.items() if name.startswith("divergence/")},
    "translation/probes": Threshold(3, "looks at held-out pictures in a row that must agree", "ours"),
    "copies_input/change": Threshold(
        0.3, "mean difference of output and input over that of input and truth, below", RECORDED
    ),
    "copies_input/truth": Threshold(
        0.7, "and difference of output and truth over that of input and truth, above", RECORDED
    ),
    "copies_input/distance": Threshold(
        0.8, "or, where nobody knows the truth: Fréchet distance of outputs over that of inputs, above, in "
        "two measurements", "ours",
    ),
    "copies_input/idle": Threshold(
        0.05, "and mean difference of output and input, below", "ours"
    ),
    "ignores_input/diversity": Threshold(
        0.4, "feature distance between outputs over that between real images, below", RECORDED
    ),
    "inverted/agreement": Threshold(
        -0.3, "correlation of brightness of outputs and truth, below", RECORDED
    ),
    "hides_input/cycle": Threshold(
        0.1, "mean difference there and back, below, where what is between is wrong", RECORDED
    ),
    "hides_input/truth": Threshold(
        0.7, "which is: difference of output and truth over that of input and truth, above", RECORDED
    ),
    "hides_input/times": Threshold(
        2.0, "and over the difference there and back, above: a small change has a small error", "ours"
    ),
    "hides_input/class_kept": Threshold(
        0.4, "or: share of outputs that keep the class over the judge's accuracy, below", RECORDED
    ),
    "hides_input/noise": Threshold(
        3.0, "or: the difference there and back with a little noise between over that without, above",
        "Chu",
    ),
    "one_way/bad": Threshold(
        0.7, "Fréchet distance of outputs over that of inputs in one direction, above, in two "
        "measurements", RECORDED,
    ),
    "one_way/good": Threshold(0.35, "while that of the other direction is below", RECORDED),
    "d_silent/spread": Threshold(
        0.001, "standard deviation of d_loss over its mean, over 100 steps, below", RECORDED
    ),
    "d_wins/accuracy": Threshold(
        0.9, "real and fake accuracy of patches, both above, mean over 100 steps", RECORDED
    ),
    "grid/amplitude": Threshold(
        0.015, "amplitude of what repeats with every second pixel of outputs, in [-1, 1], above that of real "
        "images by", RECORDED,
    ),
    "averages/sharpness": Threshold(
        0.83, "differences of neighbouring pixels over those of real images, below", RECORDED
    ),
    "averages/accuracy": Threshold(
        0.88, "while real and fake accuracy of patches are both above", RECORDED
    ),
    "knows_pairs/training": Threshold(
        0.5, "training L1 over held-out L1, below", RECORDED
    ),
    "knows_pairs/gain": Threshold(
        0.98, "while the least held-out L1 of the newest measurements over that of earlier ones is above",
        RECORDED,
    ),
    "knows_pairs/measurements": Threshold(3, "of so many measurements", "ours"),
}  # fmt: skip

RULES = Rules(
    signs={
        "divergence": divergence,
        "d_silent": translators.d_silent,
        "one_way": translators.one_way,
        "copies_input": translators.copies_input,
        "inverted": translators.inverted,
        "grid": translators.grid,
        "ignores_input": translators.ignores_input,
        "averages": translators.averages,
        "d_wins": translators.d_wins,
        "hides_input": translators.hides_input,
        "knows_pairs": translators.knows_pairs,
    },
    early_signs={"divergence": explosion},
    healthy={name: INSIDE[name] for name in HEALTHY},
    early_healthy={},
    words=WORDS,
    sentences=SENTENCES,
    numbers=NUMBERS,
    thresholds=TABLE,
    by_loss={"wasserstein": {"d_wins/accuracy": None, "divergence/norm": 1000.0}},
    confirm={
        "divergence": 2,
        "d_silent": 3,
        "copies_input": 1,
        "inverted": 1,
        "ignores_input": 1,
        "grid": 1,
        "one_way": 1,
        "hides_input": 1,
        "d_wins": 5,
        "knows_pairs": 1,
        "averages": 1,
    },
    probes=dict.fromkeys(
        ("copies_input", "inverted", "ignores_input", "hides_input", "grid", "averages"), 3
    ),
    remedies=REMEDIES,
)
