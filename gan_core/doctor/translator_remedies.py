"""One thing to do about an ailing translator; see remedies.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gan_core import recipes
from gan_core.doctor.remedies import CHOICES, Remedy, Situation, anew, back, live, set_back

WEIGHTS = ("gan_weight", "l1_weight", "cycle_weight", "identity_weight", "g_lr", "d_lr")
FIRM, FREE = 100.0, 30.0  # weights of L1 that tie outputs to their targets, and that leave D a say


def _pairs(s: Situation) -> bool:
    return recipes.get(s.config["recipe"]).needs == "pairs"


def _of_recipe(s: Situation) -> dict[str, Any]:
    """Weights and rates that are far from the recipe's own, with its values."""
    return set_back(s, WEIGHTS)


def _turn(s: Situation, changes: dict[str, Any], label: str = "") -> Remedy:
    """Live at first; where that did not help, or it was so from the start, from before it or anew."""
    return back(s, changes) if s.tried else live(changes, label)


def _restored(s: Situation) -> Remedy | None:
    """Back to the recipe's own weights, where they are far off."""
    far = _of_recipe(s)
    if not far:
        return None
    always = all(s.config[name] == s.now(name) for name in far)
    return back(s, far) if s.tried or always else live(far)


def _times(s: Situation, name: str, factor: float) -> dict[str, float]:
    return {name: float(f"{float(s.now(name)) * factor:.3g}")}


def _firmer(s: Situation) -> Remedy:
    """What ties an output to its input weighs more."""
    if found := _restored(s):
        return found
    if not _pairs(s):
        return _turn(s, _times(s, "cycle_weight", 2))
    if s.now("l1_weight") < FIRM:
        return _turn(s, {"l1_weight": FIRM}, f"L1 weight to {FIRM:g}")
    return anew(s, _times(s, "g_lr", 0.5))


def _against_copying(s: Situation) -> Remedy:
    if found := _restored(s):
        return found
    if _pairs(s):
        return _firmer(s)
    if s.now("identity_weight"):
        halved = _times(s, "identity_weight", 0.5)
        return _turn(s, halved, f"Halve identity_weight to {halved['identity_weight']:g}")
    return _turn(s, _times(s, "gan_weight", 2))


def _against_inversion(s: Situation) -> Remedy:
    if _pairs(s):
        return _stop(s)
    own = float(s.own["identity_weight"])
    least = max(own, 2 * float(s.now("identity_weight")))
    return back(s, {"identity_weight": least or 5.0})


def _against_hiding(s: Situation) -> Remedy:
    if found := _restored(s):
        return found
    halved = _times(s, "cycle_weight", 0.5)
    return _turn(s, halved, f"Halve cycle_weight to {halved['cycle_weight']:g}")


def _softer_d(s: Situation) -> Remedy:
    if found := _restored(s):
        return found
    halved = _times(s, "d_lr", 0.5)
    return _turn(s, halved, f"Halve d_lr to {halved['d_lr']:g}")


def _against_grid(s: Situation) -> Remedy:
    """Another way up; no checkpoint fits it, so that it begins again."""
    if s.config.get("upsampling") != "resize":
        return anew(s, {"upsampling": "resize"})
    return _turn(s, _times(s, "g_lr", 0.5))


def _against_averages(s: Situation) -> Remedy:
    if found := _restored(s):
        return found
    if _pairs(s) and s.now("l1_weight") > FREE:
        return _turn(s, {"l1_weight": FREE}, f"L1 weight to {FREE:g}")
    return _turn(s, _times(s, "gan_weight", 2))


def _against_knowing(s: Situation) -> Remedy:
    if s.config.get("jitter") != "crop_mirror" and s.rewind() is not None:
        return back(s, {"jitter": "crop_mirror"})
    return _stop(s)


def _stop(s: Situation) -> Remedy:
    keep = f" and keep {s.best:,}" if s.best is not None else ""
    return Remedy("stop", f"Stop{keep}", step=s.best)


REMEDIES: dict[str, Callable[[Situation], Remedy]] = {
    "divergence": CHOICES["divergence"],
    "copies_input": _against_copying,
    "ignores_input": _firmer,
    "inverted": _against_inversion,
    "hides_input": _against_hiding,
    "one_way": _softer_d,
    "d_silent": lambda s: back(s, _of_recipe(s) or {"d_lr": float(s.own["d_lr"])}),
    "d_wins": _softer_d,
    "grid": _against_grid,
    "averages": _against_averages,
    "knows_pairs": _against_knowing,
}
