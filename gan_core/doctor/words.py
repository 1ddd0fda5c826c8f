"""A verdict in words: what is seen, by the rule that fired, and why it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gan_core.doctor import collapse, facts, rulebook
from gan_core.doctor.doctor import HEALTHY, UNSURE
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.health import made
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
        "In the first steps both networks change so fast that every ailment shows for a moment. "
        "Only an explosion is told at once.",
    ),
    "unsure": Wording(
        "Not sure yet",
        "Something is outside its limits, but not for long enough to be called an ailment.",
        "What is said here shows now. It may pass, as in a young generator, or last; then it is given "
        "its name. Healthy is said only while nothing shows and accuracies, classes, diversity, "
        "gradient norms and losses are inside their limits.",
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
    "off_data": Wording(
        "Off the data",
        "G puts its points where the data have none.",
        "D does not tell G where the data lie: it learns too slowly for G, or has lost its way. Points "
        "stay between the modes or far outside. D must learn faster, G more slowly, or D's gradients "
        "be kept in check.",
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


def sentence(name: str, e: Evidence, rule: str = "") -> str:
    """The verdict in one sentence, as exact as the evidence allows.

    Args:
        rule: by which it was found; "" or one that is not known: that by which it shows now.
    """
    rules = rulebook.get(e.rules)
    if name in rules.signs or name == UNSURE:
        rule = rule if rule in rules.sentences else rule_now(name, e)
    else:
        rule = name
    exact = rules.sentences.get(rule)
    said = exact(e) if callable(exact) else exact
    ailment = rule.partition("/")[0]
    return said or rules.words[ailment if ailment in rules.signs else name].sentence


def numbers(name: str, e: Evidence, rule: str = "") -> list[tuple[str, str]]:
    """Two to five numbers of that rule, as (label, value) in words."""
    table = rulebook.get(e.rules)
    rule = rule if rule in table.sentences else rule_now(name, e)
    key = rule if rule in table.numbers else rule.partition("/")[0] or name
    pairs = table.numbers[key](e) if key in table.numbers else []
    return [(label, value) for label, value in pairs if value][:5]


def rule_now(name: str, e: Evidence) -> str:
    """The rule by which an ailment shows, or by which it is not sure; "" if none does."""
    rules = rulebook.get(e.rules)
    if name == UNSURE:
        return next(iter(rules.doubts(e)), "")
    return rules.signs[name](e) if name in rules.signs else ""


def _healthy(e: Evidence) -> str:
    found = made(e)
    if found is None:
        return ""
    count, total = found
    if count == total:
        return f"Neither network dominates and all {total} {facts.kinds(e)} are made."
    return f"Neither network dominates; {count} of {total} {facts.kinds(e)} are made so far."


def _lost(e: Evidence) -> str:
    lost = collapse.lost_classes(e)
    if len(lost) > 3:
        return f"{len(lost)} of {len(e.class_names)} classes are no longer made."
    if not lost:
        return ""
    subject = f"Class {lost[0]} is" if len(lost) == 1 else f"Classes {_and(lost)} are"
    return f"{subject} no longer made."


def _inside(e: Evidence) -> str:
    """Where the fakes differ from class to class, but not inside a class."""
    if not e.probes or (e.probes[-1]["diversity"] or 0.0) <= e.limit("mode_collapse/diversity"):
        return ""
    return "Inside a class samples are too alike: G makes little more than one image of each."


def _fooled(e: Evidence) -> str:
    if max(e.mean("real_accuracy"), e.mean("fake_accuracy")) < 0.3:
        return "D is wrong about nearly every image; are labels swapped in its loss?"
    return ""


def _behind(e: Evidence) -> str:
    times = e.growth("g_grad_norm", WINDOW)
    return f"D is right on most images and G falls behind: its gradient is {times:.0f} times what it was."


SENTENCES: dict[str, str | Callable[[Evidence], str]] = {  # "": the sentence of the verdict
    HEALTHY: _healthy,
    "divergence/finite": "A loss or gradient is not a finite number any more.",
    "divergence/loss": lambda e: f"{facts.worst_loss(e)} has left all bounds since the start.",
    "divergence/beyond": lambda e: (
        f"Gradients of {facts.largest(e)} are beyond reason; the next step may be NaN."
    ),
    "divergence/norm": lambda e: (
        f"Gradients of {facts.steepest(e)} grow without bound; the next step may be NaN."
    ),
    "divergence/score": "D's scores have left all bounds: its weights were thrown far off.",
    "vanishing_gradient/drop": "",
    "d_wins/accuracy": "",
    "d_wins/behind": _behind,
    "g_wins/accuracy": _fooled,
    "g_wins/order": "D thinks fakes more real than real images, so what it tells G is worth nothing.",
    "mode_collapse/one": "All fakes are one and the same.",
    "mode_collapse/classes": _lost,
    "mode_collapse/modes": lambda e: f"Only {_of_all(e)} modes have points.",
    "mode_collapse/diversity": "",
    "mode_collapse/class_diversity": _inside,
    "mode_collapse/duplicates": "",
    "mode_collapse/class_kl": "G makes some classes far more often than the data have them.",
    "off_data/near": lambda e: (
        f"Only {e.probes[-1]['near'] or 0:.0%} of points lie near a mode: G puts them where the data "
        "have none."
        if e.probes
        else ""
    ),
    "oscillation/swing": "",
    "d_overfits/auc": "",
    "copying/share": lambda e: (
        f"{facts.copies(e):.0%} of fakes are near copies of training images."
    ),
    "stalled/steps": "",
    "healthy/loss": "A loss is far from where it learns.",
    "healthy/d_loss": "D's loss is next to 0: it has almost nothing left to learn.",
    "healthy/norm": lambda e: f"Next to no gradient reaches {facts.smallest(e)}.",
    "healthy/accuracy": "D calls nearly all images the same, real or fake.",
    "healthy/classes": lambda e: _so_far(e),
    "healthy/near": lambda e: (
        f"Only {e.probes[-1].get('near') or 0:.0%} of points lie near a mode so far."
    ),
    "healthy/diversity": "Samples are much more alike than the data.",
    "healthy/diversity_most": "Samples differ more from each other than the data do, as noise does.",
    "healthy/duplicates": "Many fakes are alike.",
    "healthy/probes": "Its samples have not been looked at often enough.",
}


def _of_all(e: Evidence) -> str:
    found = made(e)
    return "some" if found is None else f"{found[0]} of {found[1]}"


def _so_far(e: Evidence) -> str:
    found = made(e)
    if found is None:
        return ""
    count, total = found
    return f"Only {count} of {total} {facts.kinds(e)} {'is' if count == 1 else 'are'} made so far."


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
