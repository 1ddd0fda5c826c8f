"""A check-up as JSON: what a page shows of it, few examples of each thing, never a list of all pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from gan_core.data.classes import MAX_NAME_CHARS
from gan_core.data.record import MAX_TEXT
from gan_core.errors import ConfigError, DataError
from gan_core.importing.base import SIZES, CheckUp, Plan
from gan_core.importing.plans import check, chosen, on_held_out, problem, sides
from gan_core.importing.refusals import num_bytes
from gan_core.importing.words import ANYWAY, REASONS
from gan_core.storage import images

PREVIEWS = 64  # pictures that take turns in the preview
EXAMPLES = 12  # of each reason
GROUPS = 24  # of near copies
SAMPLES = 3  # of a class
EDGES = (0, 32, 64, 96, 128, 160, 192, 224, 256, 384, 512, 1024)  # of the shorter side, in pixels


def told(found: CheckUp) -> dict[str, Any]:
    """The check-up in words and numbers; pictures go by their index in the source."""
    pairs = found.recognised.kind == "pairs"
    return {
        "form": found.recognised.form,
        "kind": found.recognised.kind,
        "unit": found.recognised.unit,
        "problem": found.problem,
        "num_files": found.num_files,
        "num_usable": found.num_usable,
        "num_skipped": len(found.skipped),
        "num_colour": found.num_colour,
        "num_transparent": found.num_transparent,
        "num_of": len({item.pair for item in found.items} if pairs else found.items),
        "own_held_out": sum(found.items[index].held_out for index in _rows(found)),
        "skipped": _skipped(found),
        "passed_over": _few(found.passed_over),
        "unmatched": _few(found.unmatched),
        "classes": _classes(found),
        "sides": _sides(found),
        "copies": _copies(found),
        "sizes": _sizes(found.sizes),
        "previews": _previews(found),
        "notes": list(found.notes),
        "suggested": plan_told(found.suggested),
    }


def plan_told(plan) -> dict[str, Any]:
    """A plan as JSON; offsets are the page's own, by index."""
    return {
        "name": plan.name,
        "size": plan.size,
        "fit": plan.fit,
        "grey": plan.grey,
        "ground": plan.ground,
        "held_out": plan.held_out,
        "classes": dict(plan.classes),
        "keep_copies": plan.keep_copies,
        "licence": plan.licence,
        "origin": plan.origin,
        "title": plan.title,
        "anyway": sorted(plan.anyway),
    }


def plan_of(asked: dict[str, Any], found: CheckUp) -> Plan:
    """The plan that a page wishes, every value of the kind it must be; who keeps checks the values.

    Raises:
        ConfigError: a value is of another kind.
    """
    own = plan_told(found.suggested)
    kinds = {name: (int, float) if isinstance(v, float) else type(v) for name, v in own.items()}
    wished = {name: asked.get(name, value) for name, value in own.items()}
    for name, value in wished.items():
        if not isinstance(value, kinds[name]) or isinstance(value, bool) != (kinds[name] is bool):
            raise ConfigError(f"`{name}` is of another kind. Received: {str(value)[:40]!r}.")
    names = [item.pair or item.name for item in found.items]  # both of a pair stand alike
    offsets = {names[i]: share for i, share in _offsets(asked.get("offsets"), len(names))}
    classes = {
        str(k)[:300]: " ".join(str(v).split())[:MAX_NAME_CHARS]
        for k, v in wished["classes"].items()
    }
    texts = {k: " ".join(wished[k].split())[:MAX_TEXT] for k in ("licence", "origin", "title")}
    more = {"offsets": offsets, "classes": classes, "anyway": frozenset(map(str, wished["anyway"]))}
    licence = {"licence": texts["licence"] or "not stated"}
    return Plan(**wished | more | texts | licence, answers=found.suggested.answers)


def _offsets(asked: Any, count: int) -> list[tuple[int, float]]:
    if not isinstance(asked, dict):
        return []
    try:
        found = [(int(index), float(share)) for index, share in asked.items()]
    except (TypeError, ValueError) as error:
        raise ConfigError("`offsets` must be numbers by the index of their picture.") from error
    return [(i, share) for i, share in found if 0 <= i < count and 0 <= share <= 1]


def outlook(found: CheckUp, plan: Plan, free: int, taken: str) -> dict[str, Any]:
    """What would come of a plan.

    Args:
        free: bytes of the disk.
        taken: why its name cannot be used, in words; "" where it can.
    """
    wrong = ""
    try:
        check(plan)
    except (ConfigError, DataError) as error:
        wrong = str(error)
    kept = chosen(found, plan)
    return {
        "images": kept.num_rows,
        "train": len(kept.train),
        "held_out": len(kept.held_out),
        "held_out_why": on_held_out(found, plan, kept),
        "num_classes": len(kept.class_names),
        "sides": sides(found, plan),
        "bytes": num_bytes(found, plan, kept),
        "free": free,
        "problem": wrong or problem(found, plan, kept),
        "name_problem": taken,
    }


def _few(things: Sequence) -> dict[str, Any]:
    return {"count": len(things), "examples": [list_or_text(t) for t in things[:EXAMPLES]]}


def list_or_text(thing):
    """What JSON takes: a tuple as a list."""
    return list(thing) if isinstance(thing, tuple) else thing


def _skipped(found: CheckUp) -> list[dict[str, Any]]:
    by_reason = defaultdict(list)
    for each in found.skipped:
        by_reason[each.reason].append(each)
    rows = [
        {
            "reason": reason,
            "words": REASONS.get(reason, reason),
            "anyway": reason in ANYWAY,
            "count": len(each),
            "examples": [
                {"index": s.index, "name": s.name, "text": s.text} for s in each[:EXAMPLES]
            ],
        }
        for reason, each in by_reason.items()
    ]
    return sorted(rows, key=lambda row: -row["count"])


def _classes(found: CheckUp) -> list[dict[str, Any]]:
    examples: defaultdict[str, list[int]] = defaultdict(list)
    for index in found.usable:
        own = examples[found.items[index].class_name]
        if len(own) < SAMPLES:
            own.append(index)
    return [
        {"name": name, "count": count, "examples": examples[name]}
        for name, count in found.classes.items()
    ]


def _sides(found: CheckUp) -> list[dict[str, Any]]:
    counts: defaultdict[str, int] = defaultdict(int)
    for index in found.usable:
        counts[found.items[index].side] += 1
    return [{"name": s.upper(), "count": n} for s, n in sorted(counts.items()) if s]


def _copies(found: CheckUp) -> dict[str, Any]:
    def shown(group):
        return [{"index": i, "name": found.items[i].name} for i in group[:SAMPLES]]

    extra = sum(len(group) - 1 for group in found.copies)
    return {
        "groups": len(found.copies),
        "extra": extra,
        "examples": [shown(group) for group in found.copies[:GROUPS]],
    }


def _sizes(sizes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Smallest, usual and largest, how many are below each size, what a crop cuts on average."""
    if not sizes:
        sizes = ((1, 1),)
    own = np.array(sizes, np.int64)
    shorter, longer = own.min(1), own.max(1)
    order = np.lexsort((own.prod(1), shorter))
    ratio = longer / np.maximum(shorter, 1)
    counts = np.histogram(shorter, bins=[*EDGES, np.inf])[0]
    return {
        "smallest": own[order[0]].tolist(),
        "usual": own[order[len(order) // 2]].tolist(),
        "largest": own[order[-1]].tolist(),
        "shorter": [int(shorter.min()), int(shorter.max())],
        "below": {str(size): int((shorter < size).sum()) for size in SIZES},
        "cut": float((1 - shorter / longer).mean()),
        "shapes": _shapes(float(ratio.min()), float(ratio.max())),
        "histogram": {"edges": list(EDGES), "counts": counts.tolist()},
    }


def _shapes(least: float, most: float) -> list[str]:
    """The most square shape and the least; one where they are alike."""
    if most < 1.005:
        return ["square"]
    first = "square" if least < 1.005 else f"1 : {least:.1f}"
    return [first] if f"{least:.1f}" == f"{most:.1f}" else [first, f"1 : {most:.1f}"]


def _rows(found: CheckUp) -> list[int]:
    """Usable pictures; of pairs their inputs."""
    pairs = found.recognised.kind == "pairs"
    return [i for i in found.usable if not pairs or found.items[i].side == "a"]


def _previews(found: CheckUp) -> list[int]:
    """Pictures that take turns in the preview; of pairs an input, then its target."""
    shown = _spread(_rows(found), PREVIEWS)
    if found.recognised.kind != "pairs":
        return shown
    target = {found.items[i].pair: i for i in found.usable if found.items[i].side == "b"}
    both = ((i, target.get(found.items[i].pair)) for i in shown[: PREVIEWS // 2])
    return [index for first, second in both if second is not None for index in (first, second)]


def _spread(indices: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly spread, in an order in which neighbours are far apart."""
    count = min(most, len(indices))
    chosen = [indices[int(i)] for i in np.linspace(0, len(indices) - 1, count)] if count else []
    order = np.random.default_rng(0).permutation(count)
    return [chosen[i] for i in order]


def small(pixels: np.ndarray, side: int) -> np.ndarray:
    """uint8 [H, W, C] made smaller, so that its longer side has at most `side` pixels."""
    height, width, channels = pixels.shape
    factor = side / max(height, width)
    if factor >= 1:
        return pixels
    size = max(1, round(factor * width)), max(1, round(factor * height))
    found = images.to_pil(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(found).reshape(size[1], size[0], channels)
