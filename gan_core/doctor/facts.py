"""The numbers behind a rule, as (label, value) in words; empty values are left out."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from gan_core.doctor import signs, swings
from gan_core.doctor.evidence import LOSSES, NORMS, Evidence
from gan_core.doctor.explosions import SOON, loss_growth, unbounded
from gan_core.doctor.health import made

Facts = list[tuple[str, str]]


def decimal(value: float, places: int = 2) -> str:
    """A number for reading; empty for NaN."""
    if not math.isfinite(value):
        return ""
    size = abs(value)
    if size >= 1e7:
        return f"{value:.1e}".replace("e+", "e")
    if size >= 1000:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.0f}"
    if 0 < size < 0.01:
        return f"{value:.1g}"
    return f"{value:.{places}f}"


def kinds(e: Evidence) -> str:
    """What the samples are counted by."""
    return "modes" if e.probes and e.probes[-1].get("modes") else "classes"


def worst_loss(e: Evidence) -> str:
    """The loss that grew most since the start."""
    return max(LOSSES, key=lambda name: _or_0(loss_growth(e, name)))


def steepest(e: Evidence) -> str:
    """G or D, whose gradient norm grew more since the warm-up."""
    grown = {name: _or_0(e.growth(name)) for name in NORMS}
    return "G" if grown["g_grad_norm"] > grown["d_grad_norm"] else "D"


def largest(e: Evidence) -> str:
    """G or D, whose gradient norm is larger."""
    return "G" if _or_0(e.median(NORMS[0], SOON)) > _or_0(e.median(NORMS[1], SOON)) else "D"


def smallest(e: Evidence) -> str:
    """G, D or both, whose gradient norm is below what a healthy one has."""
    least = e.limit("healthy/norm")
    low = [name[0].upper() for name in NORMS if not e.median(name) >= least]
    return " and ".join(low) or "G"


def copies(e: Evidence) -> float:
    """Share of copies in the newest measurement."""
    return float(e.evals[-1]["values"].get("copies") or 0.0) if e.evals else 0.0


def _or_0(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _known(value: float | None) -> float:
    return float("nan") if value is None else value


def _norm_of(network: str) -> str:
    return "g_grad_norm" if network == "G" else "d_grad_norm"


def _accuracies(e: Evidence) -> Facts:
    if "real_accuracy" in e.metrics:
        names = ("real_accuracy", "fake_accuracy")
    else:
        names = ("real_score", "fake_score")
    return [(n.replace("_", " "), decimal(e.mean(n))) for n in names]


def _scores(e: Evidence) -> Facts:
    names = ("real_score", "fake_score")
    return [(n.replace("_", " "), decimal(e.median(n))) for n in names]


def _losses(e: Evidence) -> Facts:
    return [(name, decimal(e.mean(name))) for name in LOSSES]


def _norms(e: Evidence) -> Facts:
    found = [decimal(e.median(n)) for n in NORMS]
    return [("gradient norm", f"G {found[0]}, D {found[1]}" if all(found) else "")]


def _classes(e: Evidence) -> Facts:
    if not e.probes:
        return []
    probe, rows = e.probes[-1], []
    if (found := made(e)) is not None:
        rows.append((kinds(e), f"{found[0]} of {found[1]}"))
    if probe.get("near") is not None:
        rows.append(("within 3 sigma", f"{probe['near']:.0%}"))
    return [*rows, ("diversity", decimal(_known(probe["diversity"])))]


def _collapse(e: Evidence) -> Facts:
    rows = _classes(e)
    if e.probes:
        twins = _known(e.probes[-1].get("duplicates"))
        inside = _known(e.probes[-1].get("class_diversity"))
        rows += [] if math.isnan(inside) else [("inside a class", decimal(inside))]
        rows += [("KL to data", decimal(_known(e.probes[-1].get("class_kl"))))]
        rows += [("near-duplicates", f"{twins:.0%}")] if twins > 0 else []
    return rows


def _norm_growth(e: Evidence) -> Facts:
    name = _norm_of(steepest(e))
    rows = [(f"gradient norm {steepest(e)}", decimal(e.median(name)))]
    return [*rows, ("after the warm-up", decimal(e.baseline.get(name, math.nan)))]


def _loss_growth(e: Evidence) -> Facts:
    name = worst_loss(e)
    return [(name, decimal(e.median(name, SOON))), ("at the start", decimal(e.start[name]))]


def _beyond(e: Evidence) -> Facts:
    found = [(f"gradient norm {n[0].upper()}", decimal(e.median(n, SOON))) for n in NORMS]
    return [*found, *_losses(e)]


def _unbounded(e: Evidence) -> Facts:
    name = unbounded(e)
    return [(name, "infinite"), ("at step", f"{e.step:,}")] if name else _losses(e)


def _vanishing(e: Evidence) -> Facts:
    now = decimal(e.median("g_grad_norm", 100))
    before = decimal(e.baseline.get("g_grad_norm", math.nan))
    return [("gradient norm G", now), ("after the warm-up", before), *_accuracies(e)]


def _behind(e: Evidence) -> Facts:
    before = decimal(e.baseline.get("g_grad_norm", math.nan))
    now = decimal(e.median("g_grad_norm", 100))
    return [*_accuracies(e), ("gradient norm G", now), ("after the warm-up", before)]


def _swing(e: Evidence) -> Facts:
    g = e.last("g_loss", swings.OSCILLATION)
    if len(g) < swings.OSCILLATION:
        return []
    series = swings.smoothed(g)
    turns = max(swings.crossings(series), 1)
    period = 2 * swings.OSCILLATION / turns
    return [("period", f"{period:.0f} steps"), ("swing of g_loss", decimal(float(np.ptp(series))))]


def _overfits(e: Evidence) -> Facts:
    gap = (e.probes[-1].get("gap") if e.probes else None) or {}
    rows = [("score, train", "train"), ("held out", "held_out"), ("fake", "fake")]
    found = [(label, decimal(_known(gap.get(key)))) for label, key in rows]
    return [*found, ("train above held-out", f"{gap['auc']:.0%}" if gap else "")]


def _copied(e: Evidence) -> Facts:
    values = e.evals[-1]["values"] if e.evals else {}
    count = e.evals[-1].get("count", 0) if e.evals else 0
    share = copies(e)
    rows = [("copies", f"{share * count:.0f} of {count:,}" if count else f"{share:.1%}")]
    authentic = _known(values.get("authentic"))
    return [*rows, ("of new images", "1 %"), ("authentic", decimal(authentic))]


def _quality(e: Evidence) -> Facts:
    best = signs.best_of(e)
    if best is None:
        return []
    now = signs.frechet(e.evals[-1])
    value = decimal(_known(signs.frechet(best)), 1)
    return [("Fréchet", decimal(_known(now), 1)), ("best", f"{value} at {best['step']:,}")]


def _losing(e: Evidence) -> Facts:
    return [*_accuracies(e), ("d_loss", decimal(e.mean("d_loss")))]


def _looks(e: Evidence) -> Facts:
    wanted = int(e.limit("healthy/probes"))
    return [("looks at samples", f"{min(len(e.probes), wanted)} of {wanted}"), *_accuracies(e)]


# Of a rule, else of all rules of its ailment, or of a verdict that no rule explains any more.
NUMBERS: dict[str, Callable[[Evidence], Facts]] = {
    "healthy": lambda e: [*_accuracies(e), *_classes(e), *_norms(e)],
    "healthy/loss": _losses,
    "healthy/d_loss": _losses,
    "healthy/norm": lambda e: [*_norms(e), *_accuracies(e)],
    "healthy/accuracy": _accuracies,
    "healthy/classes": _classes,
    "healthy/near": _classes,
    "healthy/diversity": _classes,
    "healthy/diversity_most": _classes,
    "healthy/duplicates": _collapse,
    "healthy/probes": _looks,
    "d_wins": _losing,
    "d_wins/behind": _behind,
    "g_wins": lambda e: [*_losing(e), ("g_loss", decimal(e.mean("g_loss")))],
    "g_wins/order": lambda e: [*_scores(e), *_losses(e)],
    "mode_collapse": _collapse,
    "off_data": lambda e: [*_classes(e), *_accuracies(e)],
    "oscillation": _swing,
    "divergence": _norm_growth,
    "divergence/loss": _loss_growth,
    "divergence/beyond": _beyond,
    "divergence/finite": _unbounded,
    "divergence/score": lambda e: [*_scores(e), *_losses(e)],
    "vanishing_gradient": _vanishing,
    "d_overfits": _overfits,
    "copying": _copied,
    "stalled": _quality,
}
