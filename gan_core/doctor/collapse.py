"""Do probes show that G makes only a part of the data, or what the data have not?

Each sign gives the rule by which it shows; empty if it does not.
"""

from __future__ import annotations

import math

import numpy as np

from gan_core.doctor.evidence import Evidence

MODE_SHARE = 0.1  # of an equal share, as evaluation.classes.MISSING
CHANCE = 100  # as evaluation.classes.CHANCE
MANY = 10  # fakes a class that a probe must let expect before a missing class means something

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
    if lost_modes(e):
        return "mode_collapse/modes"
    for key, once, never, sense in VARIETY:
        if fallen(e, key, once, sense) or stuck(e, key, never, sense):
            return f"mode_collapse/{key}"
    return ""


def all_alike(e: Evidence) -> str:
    """All fakes are one and the same image, which no young generator makes for long."""
    level, new = e.limit("mode_collapse/one"), newest_probes(e)
    alike = bool(new) and all(one_only(p) and beyond(p["diversity"], level, -1) for p in new)
    return "mode_collapse/one" if alike else ""


def one_only(probe: dict) -> bool:
    """Whether all fakes are of one class, or near one mode or none; False without classes and modes."""
    if probe.get("modes"):
        return sum(count > 0 for count in probe["modes"]) <= 1
    return sum(count > 0 for count in probe["class_counts"]) == 1


def tells_none(probe: dict) -> bool:
    """Whether fakes of one class only say nothing, since real images are judged to be of it, too.

    A judge that learned from few images may call them all the same. So many real ones are all of the class
    with share ** count = exp(-kl * count); that may be chance once in a hundred times.
    """
    kl = probe.get("class_kl")
    if probe.get("modes") or probe["missing"] or not one_only(probe) or kl is None:
        return False
    return bool(kl * probe["count"] < math.log(CHANCE))


def fallen(
    e: Evidence, key: str, name: str | None, sense: int, *, head: str = "mode_collapse"
) -> bool:
    """The newest probes are beyond a limit that as many probes in a row once kept."""
    if name is None:
        return False
    count = in_a_row(e)
    bad = [beyond(p.get(key), e.limit(f"{head}/{name}"), sense) for p in e.probes]
    if len(bad) < 2 * count or not all(bad[-count:]):
        return False
    return any(not any(bad[i : i + count]) for i in range(len(bad) - 2 * count + 1))


def stuck(e: Evidence, key: str, name: str, sense: int, *, head: str = "mode_collapse") -> bool:
    """The newest probes are beyond a limit, and no better than some time ago.

    Shares of classes swing while a young generator learns: they count where variety does not grow.
    """
    new = newest_probes(e)
    level = e.limit(f"{head}/{name}")
    if not all(beyond(p.get(key), level, sense) for p in new) or better(e, key, sense) is not False:
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


def few_kinds(e: Evidence) -> bool:
    """Whether the newest probe holds one class only; of points, also next to no diversity.

    Points begin in a small heap between the modes, and soon leave it.
    """
    if not e.probes or not one_only(e.probes[-1]) or tells_none(e.probes[-1]):
        return False
    heap = 10 * e.limit("mode_collapse/one")
    return not e.probes[-1].get("modes") or beyond(e.probes[-1]["diversity"], heap, -1)


def modes_made(probe: dict) -> int | None:
    """Modes that have at least a tenth of an equal share of the points; None for images."""
    counts = probe.get("modes")
    if not counts:
        return None
    return sum(count >= MODE_SHARE * probe["count"] / len(counts) for count in counts)


def lost_modes(e: Evidence) -> bool:
    """Points lie near the modes, but some have none: fewer than before, or no more for some time."""
    new = newest_probes(e)
    made, count = [m for p in e.probes if (m := modes_made(p)) is not None], len(new)
    if not new or len(made) < len(e.probes):
        return False
    most = max(made[-count:])
    level = e.limit("healthy/near")
    if most >= len(new[-1]["modes"]) or any(beyond(p["near"], level, -1) for p in new):
        return False
    once = any(min(made[i : i + count]) > most for i in range(len(made) - 2 * count + 1))
    old = old_probes(e)
    return once or bool(old and most <= max(modes_made(p) or 0 for p in old))


def off_data(e: Evidence) -> str:
    """Points lie where the data have none, and it was better before or does not get better."""
    off = fallen(e, "near", "near", -1, head="off_data") or stuck(
        e, "near", "near", -1, head="off_data"
    )
    return "off_data/near" if off else ""


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


def beyond(value, level: float, sense: int) -> bool:
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
