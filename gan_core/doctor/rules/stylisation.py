"""A picture that is trained until it has one picture's content in another's style."""

from __future__ import annotations

from gan_core.doctor import painting
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.facts import Facts, decimal
from gan_core.doctor.remedies import Remedy, Situation, back, live
from gan_core.doctor.rulebook import Rules
from gan_core.doctor.thresholds import Threshold
from gan_core.doctor.words import Wording

WARM_UP = 60  # steps
RECORDED = "recorded"  # tests/reliability/style_ailments.py
FIRMER, SMOOTHER = 3.0, 2.5
TABLE: dict[str, Threshold] = {
    "content_lost/kept": Threshold(
        0.25, "correlation of slopes of brightness with those of the content, at 64 pixels, below, in "
        "three looks", RECORDED,
    ),
    "content_lost/gain": Threshold(0.02, "and it does not grow by more than this meanwhile", RECORDED),
    "grainy/times": Threshold(
        1.3, "distance of pixels from their neighbours over that of the grainier of the two pictures, in "
        "brightness or in colour, above, in three looks", RECORDED,
    ),
    "stalled/change": Threshold(
        0.002, "mean change of a pixel in 20 steps, of the range [0, 1], below, in three looks", RECORDED
    ),
    "divergence/finite": Threshold(0, "a loss is infinite or not a number", "ours"),
}  # fmt: skip
WORDS = {
    "healthy": Wording(
        "Getting closer",
        "The picture still moves, and the content holds.",
        "It changes, what is in it can be told, and it is no grainier than what it is made from. Whether "
        "it is good is for you to see. Losses jump where a weight was turned or the next size begins.",
    ),
    "warming_up": Wording(
        "Warming up",
        f"The doctor waits for {WARM_UP} steps.",
        "In the first steps everything in the picture moves. Only numbers that broke are told at once.",
    ),
    "unsure": Wording(
        "Not sure yet",
        "Something is outside its limits, but not for long enough to be called an ailment.",
        "What is said here shows now. It may pass, as where a weight was turned.",
    ),
    "divergence": Wording(
        "Became NaN",
        "The numbers of the picture broke.",
        "A step was so long, or a weight so large, that a loss has no number any more. The last good "
        "picture is kept; from there smaller steps help.",
    ),
    "content_lost": Wording(
        "Content lost",
        "What is in the picture can hardly be told any more.",
        "The style weighs so much more than the content that nothing holds the shapes. More weight of the "
        "content brings them back, a start from the content sooner.",
    ),
    "grainy": Wording(
        "Grainy",
        "The picture is grainier than both that it is made from.",
        "What asks for the style is content with noise whose statistics are right. Smoothness has a "
        "weight against that; smaller steps help, too.",
    ),
    "stalled": Wording(
        "Hardly changes",
        "The picture is about as good as these weights make it.",
        "Content and style pull about as strongly, or the steps have become small. Stop and keep it, or "
        "turn a weight and see.",
    ),
}


def _losses(e: Evidence) -> Facts:
    before, now = painting.halves(e, "style_loss")
    return [
        ("style loss", decimal(e.mean("style_loss", painting.SPAN), 3)),
        ("50 steps ago", decimal(before, 3) if now == now else ""),
        ("content loss", decimal(e.mean("content_loss", painting.SPAN), 3)),
    ]


def _value(name: str, label: str):
    def facts(e: Evidence) -> Facts:
        found = painting.looks(e, name)
        return [(label, decimal(found[-1]))] if found else []

    return facts


def _improves(e: Evidence) -> str:
    """How much the style has improved, where it has."""
    before, now = painting.halves(e, "style_loss")
    share = 1 - now / before if before > 0 else 0.0
    return (
        f"Style still improves by {share:.0%} in 50 steps; content holds." if share > 0.005 else ""
    )


def _firmer(s: Situation) -> Remedy:
    now = float(s.now("content_weight")) or float(s.own["content_weight"])
    value = float(f"{FIRMER * now:.3g}")
    return live({"content_weight": value}, f"Content weight × 3, to {value:g}")


def _smoother(s: Situation) -> Remedy:
    value = SMOOTHER * max(float(s.now("tv_weight")), float(s.own["tv_weight"]))
    value = float(f"{value:.3g}")
    return live({"tv_weight": value}, f"Smoothness to {value:g}")


def _smaller_steps(s: Situation) -> Remedy:
    own, now = float(s.own["picture_lr"]), float(s.now("picture_lr"))
    changes = {"picture_lr": own if now > own else float(f"{now / 2:.3g}")}
    for name in ("content_weight", "style_weight", "tv_weight"):
        if float(s.now(name)) > 1e3 * float(s.own[name]):
            changes[name] = float(s.own[name])
    return back(s, changes)


RULES = Rules(
    signs={
        "divergence": painting.divergence,
        "content_lost": painting.content_lost,
        "grainy": painting.grainy,
        "stalled": painting.stalled,
    },
    early_signs={"divergence": painting.divergence},
    healthy={},
    early_healthy={},
    words=WORDS,
    sentences={"healthy": _improves},
    numbers={
        "healthy": _losses,
        "content_lost": _value("content_kept", "likeness of shapes"),
        "grainy": _value("grain", "times as grainy"),
        "stalled": _value("change", "change in 20 steps"),
        "divergence": _losses,
    },
    thresholds=TABLE,
    by_loss={},
    confirm={"divergence": 1, "content_lost": 1, "grainy": 1, "stalled": 1},
    probes=dict.fromkeys(("content_lost", "grainy", "stalled"), painting.LOOKS),
    remedies={
        "divergence": _smaller_steps,
        "content_lost": _firmer,
        "grainy": _smoother,
        "stalled": lambda s: Remedy("stop", "Stop and keep"),
    },
    warm_up=WARM_UP,
    look=painting.Look,
)
