"""Does an ailment show in the evidence? One pure function each, limits from thresholds.py.

Each gives the rule by which it shows, a name of thresholds.TABLE or words.RULES; empty if it does not.

SIGNS is in the order in which a doctor would look: what comes first explains what comes after.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gan_core.doctor.collapse import all_alike, beyond, last_probes, mode_collapse, off_data
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.explosions import divergence, explosion
from gan_core.doctor.swings import oscillation
from gan_core.doctor.thresholds import WINDOW
from gan_core.runs.quality import frechet_of


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
    above = e.limit_if_any("d_wins/accuracy")
    if above is None or "real_accuracy" not in e.metrics:
        return ""
    if _d_is_right(e, above):
        return "d_wins/accuracy"
    return "d_wins/behind" if falls_behind(e) else ""


def falls_behind(e: Evidence) -> bool:
    """D is right about most images, and its gradients for G are many times what they were."""
    above = e.limit_if_any("d_wins/behind")
    grown = e.growth("g_grad_norm", WINDOW) > e.limit("d_wins/growth")
    return above is not None and grown and _d_is_right(e, above)


def g_wins(e: Evidence) -> str:
    """D takes fakes for real, or even thinks them more real than real images."""
    below = e.limit_if_any("g_wins/accuracy")
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


def d_overfits(e: Evidence) -> str:
    """D scores training images above held-out ones, which look more like fakes to it."""
    gaps = [p.get("gap") for p in last_probes(e, "d_overfits/probes")]
    known = bool(gaps) and all(
        gap
        and beyond(gap["auc"], e.limit("d_overfits/auc"), 1)
        and beyond(gap["share"], e.limit("d_overfits/share"), 1)
        for gap in gaps
    )
    return "d_overfits/auc" if known else ""


def copying(e: Evidence) -> str:
    """Far more fakes are near copies of training images than new images would be."""
    share = e.evals[-1]["values"].get("copies") if e.evals else None
    return "copying/share" if beyond(share, e.limit("copying/share"), 1) else ""


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
        and (frechet(best) or 0.0) > e.limit("stalled/floor") * floor
    )
    return "stalled/steps" if long_ago else ""


def best_of(e: Evidence) -> dict | None:
    """The measurement with the lowest Fréchet distance."""
    known = [(found, line) for line in e.evals if (found := frechet(line)) is not None]
    return min(known, key=lambda pair: pair[0], default=(0.0, None))[1]


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
    "off_data": off_data,
    "oscillation": oscillation,
    "copying": copying,
    "stalled": stalled,
}
EARLY_SIGNS: dict[str, Callable[[Evidence], str]] = {  # explosions
    "divergence": explosion,
    "mode_collapse": all_alike,
}
