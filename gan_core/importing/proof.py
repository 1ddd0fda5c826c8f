"""Which pictures show at a glance what answers make of a source: its classes, its sides, its pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gan_core.importing.base import Item
from gan_core.importing.plans import class_order

PICTURES = 8  # altogether
PAIRS, SIDES = "pairs", "sides"


@dataclass(frozen=True)
class Proof:
    """Some first pictures.

    Attributes:
        kind: "images", "pairs" or "sides".
        groups: (name, indices): a class each, a side each, or a pair each, its input first.
    """

    kind: str
    groups: tuple[tuple[str, tuple[int, ...]], ...]


def proof(kind: str, items: Sequence[Item]) -> Proof:
    """The first pictures of each class or side, or the first pairs."""
    indices: dict[str, list[int]] = {}
    for index, item in enumerate(items):
        own = {PAIRS: item.pair, SIDES: item.side.upper()}.get(kind, item.class_name)
        indices.setdefault(own, []).append(index)
    if kind == PAIRS:
        both = [pair for pair in indices.values() if len(pair) == 2][: PICTURES // 2]
        return Proof(kind, tuple(("", tuple(sorted(p, key=lambda i: items[i].side))) for p in both))
    names = sorted(indices, key=class_order)[:PICTURES]
    most = PICTURES // max(1, len(names))
    return Proof(kind, tuple((name, tuple(indices[name][:most])) for name in names))
