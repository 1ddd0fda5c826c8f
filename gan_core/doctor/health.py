"""What keeps a run from being called healthy besides ailments: every value outside its limits."""

from __future__ import annotations

from collections.abc import Callable

from gan_core.doctor.collapse import MANY, few_kinds, modes_made, one_only, tells_none
from gan_core.doctor.evidence import LOSSES, NORMS, Evidence


def _losses(e: Evidence) -> bool:
    most = e.limit("healthy/loss")
    return all(abs(e.mean(name)) <= most for name in LOSSES if name in e.metrics)


def _d_loss(e: Evidence) -> bool:
    least = e.limit_if_any("healthy/d_loss")
    return least is None or "d_loss" not in e.metrics or e.mean("d_loss") >= least


def _norms(e: Evidence) -> bool:
    least = e.limit("healthy/norm")
    return all(e.median(name) >= least for name in NORMS if name in e.metrics)


def _accuracies(e: Evidence) -> bool:
    least = e.limit_if_any("healthy/accuracy")
    names = [name for name in ("real_accuracy", "fake_accuracy") if name in e.metrics]
    return least is None or all(e.mean(name) >= least for name in names)


def made(e: Evidence) -> tuple[int, int] | None:
    """(classes or modes that the newest probe holds, all of them); None where they do not count."""
    if not e.probes:
        return None
    probe = e.probes[-1]
    if (modes := modes_made(probe)) is not None:
        return modes, len(probe["modes"])
    if tells_none(probe):
        return None
    total = len(e.class_names)
    if not total or total * MANY > probe["count"]:
        return (1, len(probe["class_counts"])) if one_only(probe) else None
    return total - len(probe["missing"]), total


def _classes(e: Evidence) -> bool:
    found = made(e)
    return found is None or found[0] >= e.limit("healthy/classes") * found[1]


def _at_least(key: str) -> Callable[[Evidence], bool]:
    return lambda e: not e.probes or (e.probes[-1].get(key) or 0.0) >= e.limit(f"healthy/{key}")


def _near(e: Evidence) -> bool:
    return not e.probes or "near" not in e.probes[-1] or _at_least("near")(e)


def _not_noise(e: Evidence) -> bool:
    most = e.limit("healthy/diversity_most")
    return not e.probes or (e.probes[-1]["diversity"] or 0.0) <= most


def _few_twins(e: Evidence) -> bool:
    return not e.probes or not (e.probes[-1].get("duplicates") or 0.0) > e.limit(
        "healthy/duplicates"
    )


def _looked(e: Evidence) -> bool:
    return len(e.probes) >= e.limit("healthy/probes")


INSIDE: dict[str, Callable[[Evidence], bool]] = {
    "healthy/loss": _losses,
    "healthy/d_loss": _d_loss,
    "healthy/norm": _norms,
    "healthy/accuracy": _accuracies,
    "healthy/classes": _classes,
    "healthy/near": _near,
    "healthy/diversity": _at_least("diversity"),
    "healthy/diversity_most": _not_noise,
    "healthy/duplicates": _few_twins,
    "healthy/probes": _looked,
}
EARLY: dict[str, Callable[[Evidence], bool]] = {"healthy/classes": lambda e: not few_kinds(e)}
