"""What keeps a run from being called healthy: whatever shows, and every value outside its limits."""

from __future__ import annotations

from collections.abc import Callable

from gan_core.doctor.collapse import MANY, few_kinds, modes_made, one_only
from gan_core.doctor.evidence import LOSSES, NORMS, Evidence
from gan_core.doctor.signs import EARLY_SIGNS, SIGNS, showing
from gan_core.doctor.thresholds import EVERY, WINDOW


def doubts(e: Evidence, found: dict[str, str] | None = None) -> list[str]:
    """Rules by which the run is not healthy, those of ailments first; empty if it is.

    Args:
        found: what `signs.showing` gave, if it is known.
    """
    rules = list((showing(e) if found is None else found).values())
    if e.early:
        return [*rules, *(["healthy/classes"] if few_kinds(e) else [])]
    return [*rules, *(rule for rule, inside in INSIDE.items() if not inside(e))]


def shows(rule: str, e: Evidence) -> bool:
    """Whether a rule, of an ailment or of what is not healthy, is what the evidence shows."""
    ailment = rule.partition("/")[0]
    if ailment in SIGNS:
        signs = EARLY_SIGNS if e.early else SIGNS
        return ailment in signs and signs[ailment](e) == rule
    if e.early:
        return rule == "healthy/classes" and few_kinds(e)
    return rule in INSIDE and not INSIDE[rule](e)


def shown_since(rule: str, e: Evidence) -> int:
    """The first of the looks in a row, back from the newest step, at which a rule shows.

    As far as the evidence reaches: its oldest steps are too few to judge by.
    """
    oldest = e.first if not len(e.steps) or e.steps[0] <= e.first else int(e.steps[0]) + WINDOW
    since = e.step
    for step in range((e.step - 1) // EVERY * EVERY, oldest - 1, -EVERY):
        if not shows(rule, e.as_of(step)):
            break
        since = step
    return since


def _losses(e: Evidence) -> bool:
    most = e.limit("healthy/loss")
    return all(abs(e.mean(name)) <= most for name in LOSSES if name in e.metrics)


def _d_loss(e: Evidence) -> bool:
    least = e.limit("healthy/d_loss")
    return least is None or "d_loss" not in e.metrics or e.mean("d_loss") >= least


def _norms(e: Evidence) -> bool:
    least = e.limit("healthy/norm")
    return all(e.median(name) >= least for name in NORMS if name in e.metrics)


def _accuracies(e: Evidence) -> bool:
    least = e.limit("healthy/accuracy")
    names = [name for name in ("real_accuracy", "fake_accuracy") if name in e.metrics]
    return least is None or all(e.mean(name) >= least for name in names)


def made(e: Evidence) -> tuple[int, int] | None:
    """(classes or modes that the newest probe holds, all of them); None where they do not count."""
    if not e.probes:
        return None
    probe = e.probes[-1]
    if (modes := modes_made(probe)) is not None:
        return modes, len(probe["modes"])
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
