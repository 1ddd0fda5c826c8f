"""What is said of translators: names, sentences, numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

from gan_core.doctor import translators
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.facts import NUMBERS as COMMON
from gan_core.doctor.facts import Facts, decimal
from gan_core.doctor.words import SENTENCES as COMMON_SENTENCES
from gan_core.doctor.words import WORDS as COMMON_WORDS
from gan_core.doctor.words import Wording

WORDS: dict[str, Wording] = {
    "healthy": Wording(
        "Healthy",
        "Outputs follow their inputs, and neither network dominates.",
        "What becomes of held-out pictures depends on them and differs from them, gradients are "
        "steady. How good the pictures are is for the quality panel to say.",
    ),
    **{name: COMMON_WORDS[name] for name in ("warming_up", "unsure", "divergence")},
    "copies_input": Wording(
        "Copies the input",
        "Output and input are nearly the same.",
        "Changing nothing is the safest answer: it keeps the identity and the way back perfect, and D "
        "does not object enough. Of pairs the targets may be the inputs. What draws towards the other "
        "side must weigh more.",
    ),
    "ignores_input": Wording(
        "Ignores the input",
        "Different inputs give the same output.",
        "G found one answer that suits D, or the mean of all targets, as if inputs and targets did not "
        "belong together. Look at some pairs; then let what ties the output to its input weigh more.",
    ),
    "inverted": Wording(
        "Colours inverted",
        "What should be bright is dark.",
        "A negative can be turned back without loss, so the way there and back does not object to it, "
        "and D looks at patches. The identity loss does object; of pairs, inputs and targets must "
        "have the same polarity as those that are held out.",
    ),
    "hides_input": Wording(
        "Hides the input",
        "The way back is perfect, the middle picture is not.",
        "The two generators agree on a code of their own: what is needed for the way back is there, "
        "but not as a picture of the other side. It also happens where the change is beyond these "
        "networks, as a turn is. A low cycle loss proves nothing.",
    ),
    "one_way": Wording(
        "One way only",
        "One direction learns, the way back has stopped.",
        "The discriminator of one side has won, or its generator was lost. The other direction goes on "
        "without it, since only the way there and back joins the two.",
    ),
    "d_silent": Wording(
        "D is silent",
        "A discriminator says the same of every image.",
        "Its loss does not move at all, so nothing tells the generator what is real. Its weights were "
        "thrown off, or its rate is zero.",
    ),
    "d_wins": Wording(
        "Discriminator wins",
        "D is right on nearly every patch, so G gets no useful signal.",
        "D learned to tell real patches from made ones faster than G learned to make them. What is "
        "left to G is L1 or the way back, which make soft pictures. D must learn more slowly.",
    ),
    "grid": Wording(
        "Pattern in the output",
        "A grid of every second pixel: the way up leaves traces.",
        "Where a map is doubled by transposed convolutions, neighbouring pixels come of different weights, "
        "and nothing makes them agree before the networks have learned it. It often fades with more steps. "
        "Repeating each pixel and a usual convolution cannot leave it.",
    ),
    "averages": Wording(
        "Averages",
        "Outputs are safe and dull: L1 outweighs D.",
        "Where several outputs are possible, their mean has the least L1, and is soft. D knows that no "
        "real picture is soft, but weighs too little.",
    ),
    "knows_pairs": Wording(
        "Knows its pairs",
        "Training L1 is far below held-out L1, which no longer falls.",
        "There are few pairs for so large a network, and it has seen each many times. More pairs, "
        "mirrored or shifted ones, or fewer steps help; the best step is kept.",
    ),
}


def _way(found: str | None) -> str:
    """ "From a to b " at the beginning of a sentence; "" of pairs."""
    words = translators.WAYS.get(found or "", "")
    return f"From {words}: " if words else ""


def _said(find: Callable[[Evidence], str | None], sentence: str) -> Callable[[Evidence], str]:
    """The sentence with the direction that shows it before."""

    def said(e: Evidence) -> str:
        start = _way(find(e))
        return start + (sentence[0].lower() + sentence[1:] if start else sentence)

    return said


def _one_way(e: Evidence) -> str:
    words = translators.WAYS.get(translators.behind(e) or "", "")
    return f"The direction {words} has stopped; the other one learns." if words else ""


def _of_side(find: Callable[[Evidence], str | None], verb: str) -> Callable[[Evidence], str]:
    """Which discriminator it is, where there are two."""

    def said(e: Evidence) -> str:
        side = find(e)
        return f"The discriminator of side {side[1:]} {verb}." if side else ""

    return said


SENTENCES: dict[str, str | Callable[[Evidence], str]] = {
    **{n: s for n, s in COMMON_SENTENCES.items() if n.startswith("divergence/")},
    **{n: COMMON_SENTENCES[n] for n in ("healthy/loss", "healthy/norm", "healthy/probes")},
    "copies_input/change": _said(translators.copied, WORDS["copies_input"].sentence),
    "ignores_input/diversity": _said(translators.same_for_all, WORDS["ignores_input"].sentence),
    "inverted/agreement": _said(translators.turned_over, WORDS["inverted"].sentence),
    "hides_input/cycle": _said(translators.hidden, WORDS["hides_input"].sentence),
    "hides_input/noise": _said(
        translators.written, "A little noise on the middle picture spoils the way back."
    ),
    "one_way/bad": _one_way,
    "d_silent/spread": _of_side(translators.silent_side, "says the same of every image"),
    "d_wins/accuracy": _of_side(translators.winning_side, "is right on nearly every patch"),
    "grid/amplitude": _said(translators.gridded, WORDS["grid"].sentence),
    "averages/sharpness": "",
    "knows_pairs/training": "",
}


def _values(*names: str) -> Callable[[Evidence], Facts]:
    """Values of the newest probe, of each direction where there are two."""

    def facts(e: Evidence) -> Facts:
        values = (e.probes[-1].get("values") or {}) if e.probes else {}
        found = []
        for way in translators.ways(values):
            words = translators.WAYS[way]
            for name in names:
                shown = decimal(translators.get(values, way + name))
                label = SHORT.get(name, name) + (f", {words}" if words else "")
                found.append((label, shown))
        return found

    return facts


SHORT = {
    "l1_input": "input to truth",
    "l1": "output to truth",
    "agreement": "agreement",
    "cycle_noise": "cycle with noise",
    "class_kept": "class kept",
    "grid_real": "grid of real images",
}


def _progress(e: Evidence) -> Facts:
    if not e.evals:
        return []
    line = e.evals[-1]
    return [
        (f"distance left, {translators.WAYS[way]}", _share(translators.progress(line, way)))
        for way in ("to_b/", "to_a/")
    ]


def _share(value: float) -> str:
    return f"{value:.0%}" if math.isfinite(value) else ""


def _accuracies(e: Evidence) -> Facts:
    found = []
    for side in translators.SIDES:
        real, fake = translators.accuracies(e, side)
        where = f" of {side[1:]}" if side else ""
        if math.isfinite(real) and (side or len(_sides(e)) == 1):
            found.append((f"accuracy{where}", f"real {decimal(real)}, fake {decimal(fake)}"))
    return found


def _sides(e: Evidence) -> list[str]:
    """Discriminators that are measured apart; ("",) of one."""
    apart = [s for s in translators.SIDES if s and f"d_loss{s}" in e.metrics]
    return apart or [""]


def _losses(e: Evidence) -> Facts:
    names = [f"d_loss{side}" for side in _sides(e)]
    return [(name, decimal(e.mean(name), 3)) for name in names]


def _known(e: Evidence) -> Facts:
    best = translators.best_pairs(e)
    if best is None:
        return []
    held_out = decimal(translators.get(e.evals[-1]["values"], "l1"), 3)
    least = f"{decimal(best['values']['l1'], 3)} at {best['step']:,}"
    return [("training L1", decimal(e.mean("l1"), 3)), ("held-out L1", held_out), ("best", least)]


NUMBERS: dict[str, Callable[[Evidence], Facts]] = {
    **{n: f for n, f in COMMON.items() if n.startswith("divergence")},
    **{n: COMMON[n] for n in ("healthy/loss", "healthy/norm", "healthy/probes")},
    "healthy": lambda e: [*_accuracies(e), *_values("change", "diversity")(e)],
    "copies_input": _values("change", "l1_input", "l1"),
    "ignores_input": _values("diversity", "l1"),
    "inverted": _values("agreement"),
    "hides_input": _values("cycle", "cycle_noise", "class_kept", "l1"),
    "one_way": _progress,
    "d_silent": lambda e: [*_losses(e), *_accuracies(e)],
    "d_wins": _accuracies,
    "grid": _values("grid", "grid_real"),
    "averages": _values("sharpness", "l1"),
    "knows_pairs": _known,
}
