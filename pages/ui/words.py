"""What the charts are called and how to read them: one sentence each, in plain words."""

from __future__ import annotations

import math

G = {"label": "generator", "short": "G", "role": "g", "dashed": True}
D = {"label": "discriminator", "short": "D", "role": "d"}
FAKE = {"label": "fake", "short": "fake", "role": "fake", "dashed": True}
REAL = {"label": "real", "short": "real", "role": "real"}

LOSS_AID = "Level and noisy is healthy. One near 0 while the other climbs: one network has won."
WASSERSTEIN_AID = "d_loss is minus the distance D sees: it should shrink towards 0."
# Losses of a D that answers 0.5 to everything: [(value, what it means, the same for a margin)].
GUESSING = {
    "non_saturating": [
        (2 * math.log(2), "D guesses", "D guesses"),
        (math.log(2), "G fools D half the time", "half fooled"),
    ],
    "cross_entropy": [(math.log(2), "D guesses", "D guesses")],
}


def charts(loss: str) -> list[dict]:
    """All charts, in their order on the page, for a run with this loss.

    A chart is offered where the run has its metrics: `series` name them, `prefix` takes
    all that begin so.
    """
    scores = [_PROBABILITY, _RAW_SCORE] if loss in GUESSING else [_RAW_SCORE | {"id": "score"}]
    return [_loss(loss), _ACCURACY, *scores, _GRADIENTS, _PENALTIES, _CLASSES]


def _loss(loss: str) -> dict:
    guides = [{"y": y, "text": text, "short": short} for y, text, short in GUESSING.get(loss, [])]
    return {
        "id": "loss",
        "title": "Loss",
        "pill": "Loss",
        "aid": WASSERSTEIN_AID if loss == "wasserstein" else LOSS_AID,
        "series": [{"name": "g_loss"} | G, {"name": "d_loss"} | D],
        "guides": guides,
        "positive": True,
        "tall": True,
    }


_ACCURACY = {
    "id": "accuracy",
    "title": "Accuracy of the discriminator",
    "pill": "Accuracy",
    "aid": "Both near 1: the discriminator wins. Both towards 0.5: the generator fools it.",
    "series": [{"name": "fake_accuracy"} | FAKE, {"name": "real_accuracy"} | REAL],
    "guides": [{"y": 0.5, "text": "D guesses", "short": "D guesses"}],
    "range": [0, 1.04],
}
_PROBABILITY = {
    "id": "score",
    "title": "Score",
    "pill": "Score",
    "aid": "What D believes, 0 fake to 1 real. The closer the two lines, the harder the fakes are "
    "to tell.",
    "series": [
        {"name": "fake_prob"} | FAKE | {"label": "fake, D(G(z))"},
        {"name": "real_prob"} | REAL | {"label": "real, D(x)"},
    ],
}
_RAW_SCORE = {
    "id": "raw_score",
    "title": "Raw score",
    "pill": "Raw score",
    "aid": "What D says of an image, higher for real, on a scale of its own. Watch the gap between "
    "the lines, not their height.",
    "series": [{"name": "fake_score"} | FAKE, {"name": "real_score"} | REAL],
}
_GRADIENTS = {
    "id": "gradients",
    "title": "Gradient norms",
    "pill": "Gradient norms",
    "aid": "Steady is good. Ten times larger warns of divergence, near 0 means that nothing is "
    "learned.",
    "series": [{"name": "g_grad_norm"} | G, {"name": "d_grad_norm"} | D],
    "positive": True,
}
_PENALTIES = {
    "id": "penalties",
    "title": "Penalties",
    "pill": "Penalties",
    "aid": "How hard D is held back. Falling to a steady level is normal.",
    "prefix": "penalty/",
    "role": "d",
    "positive": True,
}
_CLASSES = {
    "id": "classes",
    "title": "Class accuracy",
    "pill": "Class accuracy",
    "aid": "How often D names the right class. Fake above real: G draws clichés.",
    "series": [{"name": "class_accuracy_fake"} | FAKE, {"name": "class_accuracy_real"} | REAL],
    "range": [0, 1.04],
}

READ_ONLY = (
    "This run is trained by another program, most likely the command line. You can watch it here; "
    "only that program can pause or change it."
)
REMEDIES = {  # words in an error: what to try
    "open files": "It goes on by itself when files can be opened again.",
    "disk": "Make room on the disk, then press Resume.",
    "memory": "Train with a smaller batch or width.",
}


def remedy(error: str) -> str:
    """What to try after a failure, by what its text says."""
    found = [text for word, text in REMEDIES.items() if word in error.lower()]
    return found[0] if found else "Resume tries again from the last checkpoint."


def setting(value: float) -> str:
    """A knob as it would be typed: float32's 0.0010000000475 is 0.001."""
    return f"{value:.6g}"
