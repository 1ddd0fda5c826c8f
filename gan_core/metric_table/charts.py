"""The charts of a run, and which of them are shown."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from gan_core.metric_table.chart import Chart, Guide
from gan_core.metric_table.metrics import TRAINING

WASSERSTEIN_AID = "d_loss is minus the distance D sees: it should shrink towards 0."
# Losses of a D that answers 0.5 to everything.
GUESSING = {
    "non_saturating": (
        Guide(2 * math.log(2), "D guesses", "D guesses"),
        Guide(math.log(2), "G fools D half the time", "half fooled"),
    ),
    "cross_entropy": (Guide(math.log(2), "D guesses", "D guesses"),),
}
# What D calls real, by loss (algorithms/losses.py); relativistic losses only compare.
CALLED_REAL = {
    "non_saturating": "score above 0",
    "cross_entropy": "score above 0",
    "hinge": "score above 0",
    "least_squares": "score above 0.5",
    "relativistic": "score above its fake's",
}

LOSS = Chart(
    "loss",
    "Loss",
    "loss",
    "Level and noisy is healthy. One near 0 while the other climbs: one network has won.",
    "loss",
    may_log=True,
    tall=True,
)
ACCURACY = Chart(
    "accuracy",
    "Accuracy of the discriminator",
    "accuracy",
    "Both near 1: the discriminator wins. Both towards 0.5: the generator fools it.",
    "accuracy",
    pill="Accuracy",
    brief="Accuracy of D",
    guides=(Guide(0.5, "D guesses", "D guesses"),),
)
PROBABILITY = Chart(
    "score",
    "Score",
    "score",
    "What D believes, 0 fake to 1 real. The closer the two lines, the harder the fakes are "
    "to tell.",
    "score",
    fitted=True,
)
RAW_SCORE = Chart(
    "raw_score",
    "Raw score",
    "score",
    "What D says of an image, higher for real, on a scale of its own. Watch the gap between "
    "the lines, not their height.",
    "raw_score",
    note="What D says, larger for real. The closer the two lines, the harder the fakes are to "
    "tell.",
)
GRADIENTS = Chart(
    "gradients",
    "Gradient norms",
    "gradient norm",
    "Steady is good. Ten times larger warns of divergence, near 0 means that nothing is learned.",
    "gradient_norm",
    note="Steady is good. Ten times larger: divergence. Near 0: nothing is learned.",
    scale="log",
    may_log=True,
)
PENALTIES = Chart(
    "penalties",
    "Penalties",
    "penalty",
    "How hard D is held back. Falling to a steady level is normal.",
    "penalty",
    may_log=True,
)
AUGMENT = Chart(
    "augment",
    "Augmentation",
    "chance p",
    "1 at first; falls while D knows none of its images by heart, and rises while it does. At 1 for "
    "long: there are very few.",
    "augment",
    fitted=True,
)
CLASSES = Chart(
    "classes",
    "Class accuracy",
    "class accuracy",
    "How often D names the right class. Fake above real: G draws clichés.",
    "class_accuracy",
)
L1 = Chart(
    "l1",
    "L1 to the target",
    "mean difference",
    "Lower is closer. Held out far above training: G knows its pairs by heart.",
    "l1",
    pill="L1",
    may_log=True,
    held="l1",
)
CYCLE = Chart(
    "cycle",
    "Cycle",
    "mean difference",
    "What is lost on the way there and back. Near 0 with a wrong middle picture: G hides the input in it.",
    "cycle",
    may_log=True,
)
IDENTITY = Chart(
    "identity",
    "Identity",
    "mean difference",
    "A picture that is on that side already should stay as it is.",
    "identity",
    may_log=True,
)
NCE = Chart(
    "nce",
    "Patches of input and output",
    "contrastive loss",
    "Lower: each place of the output shows what stood there in the input. At 0: G may change nothing.",
    "nce",
    pill="Patches",
    may_log=True,
)


PATCHES_AID = "D judges patches. Both near 1: D wins. Both near 0.5: G fools it."
FIRST = {  # charts, or rows of two, that are shown before anybody chose, by what is trained
    "": ("loss", "accuracy", "score"),
    "pairs": ("loss", "l1", "accuracy"),
    "one_way": ("loss", "nce", "accuracy"),
    "both_ways": ("losses", "cycles", "identities", "accuracies"),
    "stylisation": ("total_loss", "style_loss", "content_loss", "tv_loss"),
}
LEAST_SQUARES = (Guide(0.25, "D guesses", "D guesses"),)


def _both_ways(chart: Chart, row: str, **changes: Any) -> tuple[Chart, Chart]:
    """A chart of each direction: a to b, then b to a; the way back from b belongs to a."""
    first, second = ("a", "b") if row == "cycles" else ("b", "a")
    own = replace(chart, beside=row, tall=False, **changes)
    return (
        replace(own, id=f"{chart.id}_{first}", towards="b"),
        replace(own, id=f"{chart.id}_{second}", towards="a"),
    )


BOTH_WAYS = (
    *_both_ways(
        LOSS, "losses", pill="Losses", title="Adversarial loss",
        aid="Level and noisy is healthy. Left and right should look alike.", guides=LEAST_SQUARES,
    ),
    *_both_ways(CYCLE, "cycles", pill="Cycle, both ways", title="Cycle: there and back"),
    *_both_ways(IDENTITY, "identities", pill="Identity, both ways"),
    *_both_ways(
        ACCURACY, "accuracies", pill="Accuracy, both ways", aid=PATCHES_AID,
        title="Accuracy of both discriminators",
    ),
)  # fmt: skip
TRANSLATION = (L1, CYCLE, IDENTITY, NCE, *BOTH_WAYS)
STYLISATION = (
    Chart(
        "total_loss", "Total loss", "total loss",
        "What is made smaller. A jump is a weight that was turned, or the next larger size.",
        "style_losses", pill="Total", scale="log", may_log=True, tall=True,
    ),
    Chart(
        "style_loss", "Style", "style loss",
        "Falls quickly, then slowly. Level: more of the style takes a larger weight.",
        "style_losses", scale="log", may_log=True,
    ),
    Chart(
        "content_loss", "Content", "content loss",
        "Rises while the style comes in. Far above its first rise: the content is being lost.",
        "style_losses", scale="log", may_log=True,
    ),
    Chart(
        "tv_loss", "Roughness", "roughness",
        "Of the style's own texture some is wanted. Rising on and on is grain: more smoothness.",
        "style_losses", scale="log", may_log=True,
    ),
)  # fmt: skip
CHARTS = (
    LOSS, ACCURACY, PROBABILITY, RAW_SCORE, GRADIENTS, PENALTIES, AUGMENT, CLASSES, *TRANSLATION,
    *STYLISATION,
)  # fmt: skip


def charts_of(loss: str, kind: str = "") -> list[dict[str, Any]]:
    """All charts as components take them, in their order on the page, of a run with this loss.

    A score is a probability only under the losses of GUESSING; under others the raw score stands
    in its place, under its id.

    Args:
        kind: of FIRST; of runs that translate, what they are about comes first.
    """
    if kind == "stylisation":
        return [chart.spec() for chart in STYLISATION]
    aid = WASSERSTEIN_AID if loss == "wasserstein" else LOSS.aid
    first = replace(LOSS, aid=aid, guides=GUESSING.get(loss, ()))
    accuracy = replace(ACCURACY, aid=PATCHES_AID) if kind else ACCURACY
    raw = RAW_SCORE.spec()
    scores = [PROBABILITY.spec(), raw] if loss in GUESSING else [raw | {"id": PROBABILITY.id}]
    own = [_of_loss(chart, loss).spec() for chart in BOTH_WAYS]
    if kind == "both_ways":  # each direction before the means of both
        means = [_mean(chart).spec() for chart in (first, accuracy, CYCLE, IDENTITY)]
        return [*own, *means, *scores, GRADIENTS.spec()]
    usual = [*scores, *(chart.spec() for chart in (GRADIENTS, PENALTIES, AUGMENT, CLASSES))]
    translated = [chart.spec() for chart in (L1, CYCLE, IDENTITY, NCE)]
    if kind:
        return [first.spec(), *translated, accuracy.spec(), *usual]
    return [first.spec(), accuracy.spec(), *usual, *translated, *own]


def _mean(chart: Chart) -> Chart:
    title = f"{chart.brief or chart.title}, mean of both"
    return replace(chart, title=title, pill=f"{chart.pill or chart.title}, mean", tall=False)


def _of_loss(chart: Chart, loss: str) -> Chart:
    """Without the guide of another loss."""
    other_loss = chart.guides == LEAST_SQUARES and loss != "least_squares"
    return replace(chart, guides=GUESSING.get(loss, ())) if other_loss else chart


def first_charts(kind: str) -> list[str]:
    """Ids of the charts or rows that are shown before anybody chose, of a kind of run."""
    return list(FIRST[kind])


def other() -> dict[str, Any]:
    """What components take for metrics that are not `known`: each gets a chart of its own."""
    aid = "Measured by this run; nothing more is known of it here."
    return {"aid": aid, "role": "muted", "known": [m.name for m in TRAINING]}
