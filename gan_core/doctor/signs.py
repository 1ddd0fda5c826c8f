"""Does an ailment show in the evidence? One pure function each, limits from thresholds.py.

Each gives the rule by which it shows, a name of thresholds.TABLE or words.RULES; empty if it does not.

SIGNS is in the order in which a doctor would look: what comes first explains what comes after.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gan_core.best import frechet_of
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.explosions import divergence, explosion
from gan_core.doctor.swings import oscillation
from gan_core.doctor.thresholds import WINDOW

MANY = 10  # fakes a class that a probe must let expect before a missing class means something


def vanishing_gradient(e: Evidence) -> str:
    """Next to nothing reaches G, while D is right."""
    before = e.baseline.get("g_grad_norm", 0.0)
    small = e.median("g_grad_norm", WINDOW) < e.limit("vanishing_gradient/drop") * before
    right = _d_is_right(e, e.limit("vanishing_gradient/accuracy"))
    return "vanishing_gradient/drop" if small and right else ""


def _d_is_right(e: Evidence, above: float) -> bool:
    if "real_accuracy" not in e.metrics:  # scores without a zero: D is right if it ranks rightly
        return e.mean("real_score") > e.mean("fake_score")
    return min(e.mean("real_accuracy"), e.mean("fake_accuracy")) > above


def d_wins(e: Evidence) -> str:
    """D is right about nearly every image; or about most, and G falls behind.

    Instance noise and dropout leave D some doubt, however far it has got.
    """
    above = e.limit("d_wins/accuracy")
    if above is None or "real_accuracy" not in e.metrics:
        return ""
    if _d_is_right(e, above):
        return "d_wins/accuracy"
    return "d_wins/behind" if falls_behind(e) else ""


def falls_behind(e: Evidence) -> bool:
    """D is right about most images, and its gradients for G are many times what they were."""
    above = e.limit("d_wins/behind")
    grown = e.growth("g_grad_norm", WINDOW) > e.limit("d_wins/growth")
    return above is not None and grown and _d_is_right(e, above)


def g_wins(e: Evidence) -> str:
    """D takes fakes for real, or even thinks them more real than real images."""
    below = e.limit("g_wins/accuracy")
    both = (e.mean("real_accuracy") + e.mean("fake_accuracy")) / 2
    if below is not None and both < below:
        return "g_wins/accuracy"
    return "g_wins/order" if upside_down(e) else ""


def upside_down(e: Evidence) -> bool:
    """Whether fakes lie above reals on D's scale, by more than the scores scatter."""
    real, fake = e.last("real_score"), e.last("fake_score")
    if len(real) < WINDOW or len(fake) != len(real):
        return False
    scatter = float(np.std(real) + np.std(fake))
    lead = float(np.mean(fake) - np.mean(real))
    return lead > max(scatter, e.limit("g_wins/order"))


# What a probe tells of variety: its key, the limits where it once was better (none: that does not
# count) and where it never was (a young generator may be beyond the first), and which side is bad.
VARIETY = (
    ("diversity", "diversity", "diversity", -1),
    ("class_diversity", "class_diversity", "class_diversity", -1),
    ("duplicates", "duplicates", "early_duplicates", 1),
    ("class_kl", None, "kl", 1),  # the divergence swings by itself
)


def mode_collapse(e: Evidence) -> str:
    """Fakes are too alike or classes are missing, and it was better before or does not get better.

    A young generator makes few things too; what grows is no collapse.
    """
    if found := all_alike(e):
        return found
    if lost_classes(e):
        return "mode_collapse/classes"
    for key, once, never, sense in VARIETY:
        if fallen(e, key, once, sense) or stuck(e, key, never, sense):
            return f"mode_collapse/{key}"
    return ""


def all_alike(e: Evidence) -> str:
    """All fakes are one and the same image, which no young generator makes for long."""
    level, new = e.limit("mode_collapse/one"), newest_probes(e)
    alike = bool(new) and all(one_only(p) and _beyond(p["diversity"], level, -1) for p in new)
    return "mode_collapse/one" if alike else ""


def one_only(probe: dict) -> bool:
    """Whether all fakes of a probe are of one class; False where classes are not told apart."""
    return sum(count > 0 for count in probe["class_counts"]) == 1


def fallen(e: Evidence, key: str, name: str | None, sense: int) -> bool:
    """The newest probes are beyond a limit that as many probes in a row once kept."""
    if name is None:
        return False
    count = in_a_row(e)
    bad = [_beyond(p.get(key), e.limit(f"mode_collapse/{name}"), sense) for p in e.probes]
    if len(bad) < 2 * count or not all(bad[-count:]):
        return False
    return any(not any(bad[i : i + count]) for i in range(len(bad) - 2 * count + 1))


def stuck(e: Evidence, key: str, name: str, sense: int) -> bool:
    """The newest probes are beyond a limit, and no better than some time ago.

    Shares of classes swing while a young generator learns: they count where variety does not grow.
    """
    new = newest_probes(e)
    level = e.limit(f"mode_collapse/{name}")
    if (
        not all(_beyond(p.get(key), level, sense) for p in new)
        or better(e, key, sense) is not False
    ):
        return False
    return name != "kl" or not better(e, "diversity", -1)


def better(e: Evidence, key: str, sense: int) -> bool | None:
    """Whether the newest probes are better than some time ago; None where that is not known."""
    new, old = newest_probes(e), old_probes(e)
    now = [p[key] for p in new if p.get(key) is not None]
    then = [p[key] for p in old if p.get(key) is not None]
    if not now or not then:
        return None
    gain = 1 - sense * e.limit("mode_collapse/gain")
    return bool(sense * (np.mean(now) - gain * np.mean(then)) <= 0)


def in_a_row(e: Evidence) -> int:
    """Probes that must agree: those of so many steps, and at least so many.

    Where a step takes a second, probes are a few steps apart, and raw weights swing from one class to
    the next meanwhile.
    """
    since = e.step - e.limit("mode_collapse/lasting")
    return max(int(e.limit("mode_collapse/probes")), sum(p["step"] > since for p in e.probes))


def newest_probes(e: Evidence) -> list[dict]:
    """The newest probes that must agree on a collapse; none if there are fewer."""
    count = in_a_row(e)
    return list(e.probes[-count:]) if len(e.probes) >= count else []


def old_probes(e: Evidence) -> list[dict]:
    """As many probes in a row as must agree, from at least `mode_collapse/steps` ago."""
    count = in_a_row(e)
    known = [p for p in e.probes if p["step"] <= e.step - e.limit("mode_collapse/steps")]
    return known[-count:] if len(known) >= count else []


def _beyond(value, level: float, sense: int) -> bool:
    return value is not None and bool(sense * (value - level) > 0)


def last_probes(e: Evidence, name: str) -> list[dict]:
    """The newest probes that must agree; none if there are fewer."""
    count = int(e.limit(name))
    return list(e.probes[-count:]) if len(e.probes) >= count else []


def missing_classes(e: Evidence, probes: list[dict]) -> set[str]:
    """Classes that all of these probes miss; none where a probe holds too few fakes to tell."""
    names = set(e.class_names)
    if not probes or len(names) * MANY > min(p["count"] for p in probes):
        return set()
    return names.intersection(*(p["missing"] for p in probes))


def _made(e: Evidence, probe: dict, name: str) -> bool:
    """Whether a class had at least half of an equal share."""
    counts = probe["class_counts"]
    return counts[list(e.class_names).index(name)] >= sum(counts) / len(counts) / 2


def _swings(e: Evidence, name: str) -> bool:
    """Whether a class was made, went missing and came back before: so it may again."""
    signs = [1 if _made(e, p, name) else -1 if name in p["missing"] else 0 for p in e.probes]
    seen = [s for s in signs if s]
    turns = sum(a != b for a, b in zip(seen, seen[1:], strict=False))
    return turns - (bool(seen) and seen[0] < 0) >= 2


def lost_classes(e: Evidence) -> list[str]:
    """Classes that are missing now: well made before, or never seen for some time. In order."""
    new = newest_probes(e)
    now = missing_classes(e, new)
    if not now:
        return []
    count = len(new)
    earlier = [e.probes[i : i + count] for i in range(len(e.probes) - 2 * count + 1)]
    once = {k for k in now if any(all(_made(e, p, k) for p in part) for part in earlier)}
    once -= {k for k in once if _swings(e, k)}
    old = old_probes(e)
    never = missing_classes(e, [p for p in e.probes if p["step"] >= old[0]["step"]] if old else [])
    lost = once | never
    return [name for name in e.class_names if name in lost]


def d_overfits(e: Evidence) -> str:
    """D scores training images above held-out ones, which look more like fakes to it."""
    gaps = [p.get("gap") for p in last_probes(e, "d_overfits/probes")]
    known = bool(gaps) and all(
        gap
        and _beyond(gap["auc"], e.limit("d_overfits/auc"), 1)
        and _beyond(gap["share"], e.limit("d_overfits/share"), 1)
        for gap in gaps
    )
    return "d_overfits/auc" if known else ""


def copying(e: Evidence) -> str:
    """Far more fakes are near copies of training images than new images would be."""
    share = e.evals[-1]["values"].get("copies") if e.evals else None
    return "copying/share" if _beyond(share, e.limit("copying/share"), 1) else ""


def stalled(e: Evidence) -> str:
    """The best measurement is long ago, and not near what real images have."""
    best = best_of(e)
    if best is None:
        return ""
    since = e.step - best["step"]
    later = sum(line["step"] > best["step"] for line in e.evals)
    floor = best.get("floor") or 0.0
    long_ago = (
        since >= max(e.limit("stalled/steps"), e.step / 4)
        and later >= e.limit("stalled/measurements")
        and frechet(best) > e.limit("stalled/floor") * floor
    )
    return "stalled/steps" if long_ago else ""


def best_of(e: Evidence) -> dict | None:
    """The measurement with the lowest Fréchet distance."""
    known = [line for line in e.evals if frechet(line) is not None]
    return min(known, key=frechet, default=None)


def frechet(line: dict) -> float | None:
    """The Fréchet distance of a measurement, whatever its count and extractor."""
    return frechet_of(line["values"])


SIGNS: dict[str, Callable[[Evidence], str]] = {
    "divergence": divergence,
    "vanishing_gradient": vanishing_gradient,
    "d_wins": d_wins,
    "g_wins": g_wins,
    "d_overfits": d_overfits,
    "mode_collapse": mode_collapse,
    "oscillation": oscillation,
    "copying": copying,
    "stalled": stalled,
}
EARLY_SIGNS: dict[str, Callable[[Evidence], str]] = {
    "divergence": explosion,
    "mode_collapse": all_alike,
}


def showing(e: Evidence) -> dict[str, str]:
    """Every ailment that shows, with its rule; in the warm-up only explosions are looked for."""
    signs = EARLY_SIGNS if e.early else SIGNS
    return {name: rule for name, sign in signs.items() if (rule := sign(e))}
