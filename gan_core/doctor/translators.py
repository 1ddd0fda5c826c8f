"""Does an ailment of a translator show? By probes of held-out pictures, measurements and both losses.

Each sign gives the rule by which it shows; empty if it does not. Of two sides, values of one direction
stand under `to_b/` and `to_a/` (evaluation.translated).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gan_core.doctor.evidence import Evidence
from gan_core.doctor.thresholds import WINDOW
from gan_core.metric_table import is_distance

WAYS = {"": "", "to_b/": "a to b", "to_a/": "b to a"}  # prefix of values -> words
SIDES = ("", "_a", "_b")  # ends of the names of what one discriminator measures
Values = Mapping[str, Any]


def ways(values: Values) -> tuple[str, ...]:
    """Prefixes of the directions that values tell of: each of two sides', or that of pairs."""
    found = tuple(w for w in WAYS if w and any(name.startswith(w) for name in values))
    return found or ("",)


def newest(e: Evidence) -> list[Values]:
    """The values of the newest probes, as many as must agree; none if there are fewer."""
    count = int(e.limit("translation/probes"))
    found = [probe.get("values") or {} for probe in e.probes[-count:]]
    return found if len(found) == count else []


def all_of(e: Evidence, test: Callable[[Values, str], bool]) -> str | None:
    """The prefix of the first direction of which all newest probes say so; None of none."""
    probes = newest(e)
    for way in ways(probes[-1]) if probes else ():
        if all(test(values, way) for values in probes):
            return way
    return None


def get(values: Values, name: str) -> float:
    """A value; NaN where it was not measured."""
    found = values.get(name)
    return math.nan if found is None else float(found)


# ---- by probes ----


def copied(e: Evidence) -> str | None:
    """The direction whose outputs are the inputs, nearly, where they should differ."""
    share, far = e.limit("copies_input/change"), e.limit("copies_input/truth")

    def test(values: Values, way: str) -> bool:
        whole = get(values, f"{way}l1_input")
        same = get(values, f"{way}change") < share * whole
        return same and get(values, f"{way}l1") > far * whole

    found = all_of(e, test)
    return idle(e) if found is None else found


def idle(e: Evidence) -> str | None:
    """The same where nobody knows the truth: outputs are as far from the other side as inputs are."""
    for way in ways(e.evals[-1]["values"]) if len(e.evals) >= 2 else ():
        two = [line for line in e.evals[-2:] if f"{way}l1" not in line["values"]]
        least, most = e.limit("copies_input/distance"), e.limit("copies_input/idle")
        if len(two) == 2 and all(
            get(line["values"], f"{way}change") < most and progress(line, way) > least
            for line in two
        ):
            return way
    return None


def progress(line: Mapping[str, Any], way: str) -> float:
    """The Fréchet distance of the outputs over that of the inputs as they are: 1 is no progress."""
    values, before = line["values"], (line.get("beside") or {}).get("input") or {}
    name = next((n for n in values if n.startswith(way) and is_distance(n[len(way) :])), "")
    own, had = get(values, name), get(before, name)
    return own / had if had > 0 else math.nan


def copies_input(e: Evidence) -> str:
    """Output and input are nearly the same."""
    return "copies_input/change" if copied(e) is not None else ""


def same_for_all(e: Evidence) -> str | None:
    """The direction whose outputs do not depend on the inputs."""
    least = e.limit("ignores_input/diversity")
    return all_of(e, lambda values, way: get(values, f"{way}diversity") < least)


def ignores_input(e: Evidence) -> str:
    """Different inputs give the same output."""
    return "ignores_input/diversity" if same_for_all(e) is not None else ""


def turned_over(e: Evidence) -> str | None:
    """The direction whose bright places should be dark."""
    most = e.limit("inverted/agreement")
    return all_of(e, lambda values, way: get(values, f"{way}agreement") < most)


def inverted(e: Evidence) -> str:
    """Bright and dark are swapped."""
    return "inverted/agreement" if turned_over(e) is not None else ""


def gridded(e: Evidence) -> str | None:
    """The direction whose outputs alternate from pixel to pixel, more than real images do."""
    most = e.limit("grid/amplitude")

    def test(values: Values, way: str) -> bool:
        return get(values, f"{way}grid") - get(values, f"{way}grid_real") > most

    return all_of(e, test)


def grid(e: Evidence) -> str:
    """A grid of every second pixel lies over the outputs."""
    return "grid/amplitude" if gridded(e) is not None else ""


def averages(e: Evidence) -> str:
    """Outputs are softer than real images, and a discriminator sees it."""
    least, right = e.limit("averages/sharpness"), e.limit("averages/accuracy")
    soft = all_of(e, lambda values, way: get(values, f"{way}sharpness") < least)
    seen = any(min(accuracies(e, side)) > right for side in SIDES)
    return "averages/sharpness" if soft is not None and seen else ""


def hidden(e: Evidence) -> str | None:
    """The direction whose way back is perfect, while what is between is wrong."""
    near, far = e.limit("hides_input/cycle"), e.limit("hides_input/truth")
    kept, times = e.limit("hides_input/class_kept"), e.limit("hides_input/times")

    def test(values: Values, way: str) -> bool:
        cycle, away = get(values, f"{way}cycle"), get(values, f"{way}l1")
        wrong = away > far * get(values, f"{way}l1_input") and away > times * cycle
        lost = get(values, f"{way}class_kept") < kept * get(values, f"{way}class_known")
        return cycle < near and (wrong or lost)

    return all_of(e, test)


def written(e: Evidence) -> str | None:
    """The direction whose way back fails where what is between gets a little noise."""
    times = e.limit("hides_input/noise")

    def test(values: Values, way: str) -> bool:
        return get(values, f"{way}cycle_noise") > times * max(get(values, f"{way}cycle"), 0.01)

    return all_of(e, test)


def hides_input(e: Evidence) -> str:
    """The way back is perfect, the middle picture is not."""
    if written(e) is not None:
        return "hides_input/noise"
    return "hides_input/cycle" if hidden(e) is not None else ""


# ---- by measurements ----


def behind(e: Evidence) -> str | None:
    """The direction that makes no progress while the other one does."""
    if len(e.evals) < 2:
        return None
    good, bad = e.limit("one_way/good"), e.limit("one_way/bad")
    for way, other in (("to_a/", "to_b/"), ("to_b/", "to_a/")):
        pairs = [(progress(line, way), progress(line, other)) for line in e.evals[-2:]]
        if all(mine > bad and theirs < good for mine, theirs in pairs):
            return way
    return None


def one_way(e: Evidence) -> str:
    """One direction learns, the other does not."""
    return "one_way/bad" if behind(e) is not None else ""


def best_pairs(e: Evidence) -> Mapping[str, Any] | None:
    """The measurement of pairs with the least held-out L1."""
    known = [line for line in e.evals if get(line["values"], "l1") >= 0 and _is_pairs(line)]
    return min(known, key=lambda line: line["values"]["l1"], default=None)


def _is_pairs(line: Mapping[str, Any]) -> bool:
    return ways(line["values"]) == ("",)


def knows_pairs(e: Evidence) -> str:
    """Training L1 is far below that of held-out pairs, which no longer falls."""
    count = int(e.limit("knows_pairs/measurements"))
    held_out = [get(line["values"], "l1") for line in e.evals if _is_pairs(line)]
    if len(held_out) <= count:
        return ""
    before, now = min(held_out[:-count]), min(held_out[-count:])
    level = now > e.limit("knows_pairs/gain") * before
    known = e.mean("l1") < e.limit("knows_pairs/training") * held_out[-1]
    return "knows_pairs/training" if level and known else ""


# ---- by both discriminators ----


def accuracies(e: Evidence, side: str) -> tuple[float, float]:
    """Mean real and fake accuracy of one discriminator; NaN where it is not measured."""
    return e.mean(f"real_accuracy{side}"), e.mean(f"fake_accuracy{side}")


def silent_side(e: Evidence) -> str | None:
    """End of the names of a discriminator whose loss does not move."""
    least = e.limit("d_silent/spread")
    known = [s for s in SIDES if len(e.last(f"d_loss{s}")) >= WINDOW]
    still = [s for s in known if _spread(e.last(f"d_loss{s}")) < least]
    return still[-1] if still else None


def _spread(losses: np.ndarray) -> float:
    return float(np.std(losses) / max(abs(np.mean(losses)), 1e-9))


def d_silent(e: Evidence) -> str:
    """A discriminator says the same of every image."""
    return "d_silent/spread" if silent_side(e) is not None else ""


def winning_side(e: Evidence) -> str | None:
    """End of the names of a discriminator that is right about nearly every patch."""
    least = e.limit_if_any("d_wins/accuracy")
    return next((s for s in SIDES if least and min(accuracies(e, s)) > least), None)


def d_wins(e: Evidence) -> str:
    """A discriminator is right about nearly every patch."""
    return "d_wins/accuracy" if winning_side(e) is not None else ""
