"""A verdict in words: what is seen, the numbers that led to it, and why it happens."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gan_core.doctor import signs
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.thresholds import WARM_UP, WINDOW


class Wording(NamedTuple):
    """Name of a verdict, its sentence (may be replaced by a more exact one) and cause."""

    word: str
    sentence: str
    cause: str


WORDS: dict[str, Wording] = {
    "healthy": Wording(
        "Healthy",
        "Neither network dominates and gradients are steady.",
        "D is right more often than by chance, but not always, so G gets a useful signal. Gradients "
        "are steady. Whether the samples are good is for the quality panel to say.",
    ),
    "warming_up": Wording(
        "Warming up",
        f"The doctor waits for {WARM_UP} steps; early numbers mean little.",
        "In the first steps both networks change so fast that every ailment shows for a moment.",
    ),
    "d_wins": Wording(
        "Discriminator wins",
        "D is right on nearly every image, so G gets no useful signal.",
        "D learned to tell reals from fakes faster than G learned to make them. Then its answer "
        "hardly depends on small changes of a fake, and G cannot find out what to improve. D must "
        "learn more slowly, or its task be made harder.",
    ),
    "g_wins": Wording(
        "Generator wins",
        "D takes fakes for real, so what it tells G is worth nothing.",
        "G found images that D accepts, whatever they look like, and D does not catch up. Samples "
        "get worse while g_loss falls. D must learn faster, or G more slowly; if D is wrong about "
        "nearly every image, labels may be swapped in its loss.",
    ),
    "mode_collapse": Wording(
        "Mode collapse",
        "Samples are too alike: G makes only a part of the data.",
        "G found few images that D accepts and makes little else. D can then reject just these, and "
        "G moves on to others: coverage does not come back by itself. An earlier state and a loss "
        "that compares reals with fakes help; so does a longer z.",
    ),
    "oscillation": Wording(
        "Oscillation",
        "The losses swing in opposite phase: the networks chase each other.",
        "Each network undoes what the other has just learned, because both take steps that are too "
        "long. Averaged weights look better than raw ones then. Smaller steps let both settle.",
    ),
    "divergence": Wording(
        "Divergence",
        "Gradients grow without bound; the next step may be NaN.",
        "A step was so long that the loss became steeper, which made the next step longer still. "
        "Weights that were thrown far off rarely come back by themselves. Go back to before it, "
        "with smaller steps.",
    ),
    "vanishing_gradient": Wording(
        "Vanishing gradient",
        "Almost nothing reaches G: it has stopped learning.",
        "D is so sure that its score no longer changes where the fakes are. The gradient that "
        "should tell G what to do is next to zero. Noise on all images D sees makes its task "
        "smooth again.",
    ),
    "d_overfits": Wording(
        "D overfits",
        "D knows its training images by heart and misjudges held-out ones.",
        "D sees the same images again and again and recognises them, instead of what makes an "
        "image real. To G it then says: be one of these images. More data, noise on the images "
        "or fewer steps help.",
    ),
    "copying": Wording(
        "Copying",
        "Fakes are near copies of training images.",
        "Far more fakes lie beside a training image than new images of the same kind would. With "
        "little data G can learn it by heart. Look at the nearest real images, and train on more "
        "data or for fewer steps.",
    ),
    "stalled": Wording(
        "Stalled",
        "Quality has not improved for a long time. More time alone may not help.",
        "Later measurements are no better than the best one. Smaller learning rates sometimes "
        "help; often this recipe gives no more on these data. The best step is kept.",
    ),
}


def sentence(name: str, e: Evidence) -> str:
    """The verdict in one sentence, as exact as the evidence allows."""
    exact = EXACT.get(name)
    return (exact(e) if exact else "") or WORDS[name].sentence


def _healthy(e: Evidence) -> str:
    total = len(e.class_names)
    if not e.probes or not total or total * signs.MANY > e.probes[-1]["count"]:
        return ""
    made = total - len(e.probes[-1]["missing"])
    if made == total:
        return f"Neither network dominates and all {total} classes are made."
    return f"Neither network dominates; {made} of {total} classes are made so far."


def _lost(e: Evidence) -> str:
    lost = signs.lost_classes(e)
    if len(lost) > 3:
        return f"{len(lost)} of {len(e.class_names)} classes are no longer made."
    if not lost:
        return _alike_inside(e)
    subject = f"Class {lost[0]} is" if len(lost) == 1 else f"Classes {_and(lost)} are"
    return f"{subject} no longer made."


def _alike_inside(e: Evidence) -> str:
    """What is left where the fakes differ from class to class, but not inside a class."""
    probes = signs.newest_probes(e)
    level = {name: e.limit(f"mode_collapse/{name}") for name in ("diversity", "class_diversity")}
    inside = [_known(p.get("class_diversity")) for p in probes]
    among = [_known(p["diversity"]) for p in probes]
    if not probes or not max(inside) < level["class_diversity"]:
        return ""
    if not min(among) > level["diversity"]:
        return ""
    return "Inside a class samples are too alike: G makes little more than one image of each."


def _fooled(e: Evidence) -> str:
    if max(e.mean("real_accuracy"), e.mean("fake_accuracy")) < 0.3:
        return "D is wrong about nearly every image; are labels swapped in its loss?"
    return ""


def _behind(e: Evidence) -> str:
    if not signs.falls_behind(e):
        return ""
    times = e.growth("g_grad_norm", WINDOW)
    return f"D is right on most images and G falls behind: its gradient is {times:.0f} times what it was."


EXACT: dict[str, Callable[[Evidence], str]] = {
    "healthy": _healthy,
    "d_wins": _behind,
    "mode_collapse": _lost,
    "g_wins": _fooled,
    "copying": lambda e: f"{_copies(e):.0%} of fakes are near copies of training images.",
    "divergence": lambda e: (
        f"Gradients of {_steepest(e)} grow without bound; the next step may be NaN."
    ),
}


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _copies(e: Evidence) -> float:
    return float(e.evals[-1]["values"].get("copies") or 0.0) if e.evals else 0.0


def _steepest(e: Evidence) -> str:
    def growth(name: str) -> float:
        found = e.median(name) / max(e.baseline.get(name, 1.0), 1e-9)
        return found if math.isfinite(found) else 0.0

    return "G" if growth("g_grad_norm") > growth("d_grad_norm") else "D"


def numbers(name: str, e: Evidence) -> list[tuple[str, str]]:
    """Two to four numbers that led to the verdict, as (label, value) in words."""
    found = [(label, value) for label, value in NUMBERS[name](e) if value]
    return found[:5]


def decimal(value: float, places: int = 2) -> str:
    """A number for reading; empty for NaN."""
    if not math.isfinite(value):
        return ""
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.0f}"
    if 0 < size < 0.01:
        return f"{value:.1g}"
    return f"{value:.{places}f}"


def _accuracies(e: Evidence) -> list[tuple[str, str]]:
    if "real_accuracy" in e.metrics:
        names = ("real_accuracy", "fake_accuracy")
    else:
        names = ("real_score", "fake_score")
    return [(n.replace("_", " "), decimal(e.mean(n))) for n in names]


def _norms(e: Evidence) -> list[tuple[str, str]]:
    found = [decimal(e.median(n)) for n in ("g_grad_norm", "d_grad_norm")]
    return [("gradient norm", f"G {found[0]}, D {found[1]}" if all(found) else "")]


def _classes(e: Evidence) -> list[tuple[str, str]]:
    if not e.probes:
        return []
    probe, total = e.probes[-1], len(e.class_names)
    rows = []
    if total and total * signs.MANY <= probe["count"]:
        rows.append(("classes", f"{total - len(probe['missing'])} of {total}"))
    return [*rows, ("diversity", decimal(_known(probe["diversity"])))]


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


def _collapse(e: Evidence) -> list[tuple[str, str]]:
    rows = _classes(e)
    if e.probes:
        twins = _known(e.probes[-1].get("duplicates"))
        inside = _known(e.probes[-1].get("class_diversity"))
        rows += [] if math.isnan(inside) else [("inside a class", decimal(inside))]
        rows += [("KL to data", decimal(_known(e.probes[-1]["class_kl"])))]
        rows += [("near-duplicates", f"{twins:.0%}")] if twins > 0 else []
    return rows


def _divergence(e: Evidence) -> list[tuple[str, str]]:
    name = "g_grad_norm" if _steepest(e) == "G" else "d_grad_norm"
    rows = [(f"gradient norm {_steepest(e)}", decimal(e.median(name)))]
    return [*rows, ("after the warm-up", decimal(e.baseline.get(name, math.nan)))]


def _vanishing(e: Evidence) -> list[tuple[str, str]]:
    now = decimal(e.median("g_grad_norm", 100))
    before = decimal(e.baseline.get("g_grad_norm", math.nan))
    return [("gradient norm G", now), ("after the warm-up", before), *_accuracies(e)]


def _swing(e: Evidence) -> list[tuple[str, str]]:
    g = e.last("g_loss", signs.OSCILLATION)
    if len(g) < signs.OSCILLATION:
        return []
    points = signs.smoothed(g)
    turns = max(signs.crossings(points), 1)
    period = 2 * signs.OSCILLATION / turns
    swing = float(np.ptp(points))
    return [("period", f"{period:.0f} steps"), ("swing of g_loss", decimal(swing))]


def _overfits(e: Evidence) -> list[tuple[str, str]]:
    gap = (e.probes[-1].get("gap") if e.probes else None) or {}
    rows = [("score, train", "train"), ("held out", "held_out"), ("fake", "fake")]
    found = [(label, decimal(_known(gap.get(key)))) for label, key in rows]
    return [*found, ("train above held-out", f"{gap['auc']:.0%}" if gap else "")]


def _copied(e: Evidence) -> list[tuple[str, str]]:
    values = e.evals[-1]["values"] if e.evals else {}
    count = e.evals[-1].get("count", 0) if e.evals else 0
    share = _copies(e)
    rows = [("copies", f"{share * count:.0f} of {count:,}" if count else f"{share:.1%}")]
    authentic = _known(values.get("authentic"))
    return [*rows, ("of new images", "1 %"), ("authentic", decimal(authentic))]


def _quality(e: Evidence) -> list[tuple[str, str]]:
    best = signs.best_of(e)
    if best is None:
        return []
    now = signs.frechet(e.evals[-1])
    value = decimal(_known(signs.frechet(best)), 1)
    return [("Fréchet", decimal(_known(now), 1)), ("best", f"{value} at {best['step']:,}")]


def _losing(e: Evidence) -> list[tuple[str, str]]:
    return [*_accuracies(e), ("d_loss", decimal(e.mean("d_loss")))]


NUMBERS: dict[str, Callable[[Evidence], list[tuple[str, str]]]] = {
    "healthy": lambda e: [*_accuracies(e), *_classes(e), *_norms(e)],
    "warming_up": lambda e: [],
    "d_wins": _losing,
    "g_wins": lambda e: [*_losing(e), ("g_loss", decimal(e.mean("g_loss")))],
    "mode_collapse": _collapse,
    "oscillation": _swing,
    "divergence": _divergence,
    "vanishing_gradient": _vanishing,
    "d_overfits": _overfits,
    "copying": _copied,
    "stalled": _quality,
}
