"""Which pictures a plan keeps, with which labels, and which of them are held out.

The page's figures, the command line's and what is kept come from here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gan_core.data import checks
from gan_core.errors import ConfigError
from gan_core.importing.base import FITS, SIZES, CheckUp, Item, Plan
from gan_core.storage.decode import GROUNDS

HELD_OUT = (0.05, 0.3)
SIDE = 10  # that are held out of each of two sides at least, where enough remain


@dataclass(frozen=True)
class Chosen:
    """What a plan keeps.

    Attributes:
        train, held_out: rows; of images one index each, of pairs two (input, target), of two sides one.
        sides: of two sides, "a" or "b" by index; {} else.
        class_names: () without classes; labels are places in it.
        labels: by index of a row's first picture; {} without classes.
        left: why others are left out, reason to count of pictures.
    """

    train: tuple[tuple[int, ...], ...]
    held_out: tuple[tuple[int, ...], ...]
    class_names: tuple[str, ...] = ()
    labels: dict[int, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)

    @property
    def num_rows(self) -> int:
        return len(self.train) + len(self.held_out)


def class_order(name: str) -> tuple[bool, int, str]:
    """Sorts names of classes: numbers by what they are, then words; 9 comes before 10."""
    is_number = name.isascii() and name.isdigit() and len(name) < 10
    return (not is_number, int(name) if is_number else 0, name)


def check(plan: Plan) -> None:
    """ConfigError where a plan has values that are not allowed."""
    low, high = HELD_OUT
    if plan.size not in (0, *SIZES):
        allowed = ", ".join(map(str, SIZES))
        raise ConfigError(f"`size` is {plan.size}. Allowed: {allowed}; 0 keeps arrays as they are.")
    if plan.fit not in FITS:
        raise ConfigError(f"`fit` is {plan.fit!r}. Allowed: {', '.join(FITS)}.")
    if plan.ground not in GROUNDS:
        raise ConfigError(f"`ground` is {plan.ground!r}. Allowed: {', '.join(GROUNDS)}.")
    if not low <= plan.held_out <= high:
        raise ConfigError(f"`held_out` is {plan.held_out}. Allowed: {low} to {high}.")


def chosen(found: CheckUp, plan: Plan) -> Chosen:
    """The rows that are kept, in an order that depends on names alone."""
    left: Counter[str] = Counter()
    there = _there(found, plan, left)
    rows = _rows(found, there, left)
    names = {index: _class_of(found.items[index], plan) for index in there}
    class_names = tuple(sorted({names[row[0]] for row in rows} - {""}, key=class_order))
    counts = Counter(names[row[0]] for row in rows)
    if len(class_names) < 2 or "" in counts or max(counts.values()) < 2:
        class_names = ()
    labels = {row[0]: class_names.index(names[row[0]]) for row in rows} if class_names else {}
    train, held_out = _split(found, plan, rows, labels)
    return Chosen(train, held_out, class_names, labels, dict(left))


def sides(found: CheckUp, plan: Plan) -> tuple[int, int]:
    """Width and height of what a plan makes; of pictures that stay as they are and differ, the largest."""
    if plan.size:
        return plan.size, plan.size
    return max(found.sizes, key=max, default=(0, 0))


def problem(found: CheckUp, plan: Plan, rows: Chosen) -> str:
    """Why a plan cannot be kept, in words; "" where it can."""
    least = checks.MIN_IMAGES
    kind = found.recognised.kind
    what = {"pairs": "pairs"}.get(kind, "pictures")
    for side in ("a", "b") if kind == "sides" else ("",):
        count = sum(found.items[row[0]].side == side or not side for row in rows.train)
        where = f" on side {side}" if side else ""
        if count < least:
            return (
                f"{count} {what}{where} to learn from are too few. Allowed: at least {least}, beside "
                "those held out. From about 200 on a network learns something; 2,000 are good."
            )
    if plan.size:
        return ""
    if len(set(found.sizes)) > 1:
        return "The pictures differ in size, so they must be made square: choose a size."
    width, height = sides(found, plan)
    if not checks.MIN_SIDE <= min(width, height) <= max(width, height) <= checks.MAX_SIDE:
        return (
            f"The pictures have {width} x {height} pixels. Allowed as they are: {checks.MIN_SIDE} to "
            f"{checks.MAX_SIDE} a side; choose a size."
        )
    return ""


def _there(found: CheckUp, plan: Plan, left: Counter[str]) -> list[int]:
    """Indices of pictures that are wanted and can be used; the others are counted by reason."""
    there = set(found.usable)
    for skipped in found.skipped:
        if skipped.reason in plan.anyway:
            there.add(skipped.index)
        else:
            left[skipped.reason] += 1
    for index in sorted(there):
        item = found.items[index]
        if item.name in plan.left_out:
            there.discard(index)
            left["left out"] += 1
        elif item.class_name and not _class_of(item, plan):
            there.discard(index)
            left["class left out"] += 1
    for group in () if plan.keep_copies else found.copies:
        for index in [index for index in group if index in there][1:]:
            there.discard(index)
            left["near copy"] += 1
    return sorted(there)


def _class_of(item: Item, plan: Plan) -> str:
    return plan.classes.get(item.class_name, item.class_name).strip() if item.class_name else ""


def _rows(found: CheckUp, there: list[int], left: Counter[str]) -> list[tuple[int, ...]]:
    if found.recognised.kind != "pairs":
        return [(index,) for index in there]
    halves: dict[str, dict[str, int]] = {}
    for index in there:
        halves.setdefault(found.items[index].pair, {})[found.items[index].side] = index
    both = (pair for pair in halves.values() if {"a", "b"} <= set(pair))
    rows: list[tuple[int, ...]] = [(pair["a"], pair["b"]) for pair in both]
    left["no partner"] += len(there) - 2 * len(rows)
    if not left["no partner"]:
        del left["no partner"]
    return rows


def _split(found: CheckUp, plan: Plan, rows: list[tuple[int, ...]], labels: dict[int, int]):
    """(train, held out), each in order of the hash of its name, which no repacking changes."""
    leader = {index: group[0] for group in found.copies for index in group}
    ranked = sorted(rows, key=lambda row: _rank(found.items, leader.get(row[0], row[0]), row[0]))
    held_out: set[tuple[int, ...]] = set()
    for side in sorted({found.items[row[0]].side for row in rows}):
        own = [row for row in ranked if found.items[row[0]].side == side]
        part = _told(found.items, own, labels)
        if not part:
            part = _share(plan, own, labels, leader)
            part |= _more(own, part, leader) if side and len(rows[0]) == 1 else set()
        held_out |= part
    train = tuple(row for row in ranked if row not in held_out)
    return train, tuple(row for row in ranked if row in held_out)


def _rank(items: Sequence[Item], first: int, index: int) -> tuple[bytes, str]:
    own = items[first]
    key = f"{own.class_name}/{own.pair or own.name.rsplit('/', 1)[-1]}"
    return hashlib.sha256(key.encode("utf-8", "replace")).digest(), items[index].name


def _told(items: Sequence[Item], rows: list, labels: dict[int, int]) -> set[tuple[int, ...]]:
    """Rows that the source itself holds out, where it does; not of classes that it never trains on."""
    trained = {labels.get(row[0]) for row in rows if not items[row[0]].held_out}
    if not trained:
        return set()
    return {row for row in rows if items[row[0]].held_out and labels.get(row[0]) in trained}


def _share(plan: Plan, rows: list, labels: dict[int, int], leader: dict[int, int]) -> set:
    """The plan's share of each class, as near as whole groups of near copies come to it; at least one row
    altogether."""
    by_class = _by_class(rows, labels)
    held_out: set[tuple[int, ...]] = set()
    for own in by_class.values():
        held_out |= _about(_groups(own, leader), _wanted(len(own), plan), len(own) - 1)
    if not held_out and rows:
        largest = max(by_class.values(), key=len)
        groups = [group for group in _groups(largest, leader) if len(group) < len(largest)]
        held_out |= min(groups, key=len, default={largest[0]})
    return held_out


def _more(rows: list, held_out: set, leader: dict[int, int]) -> set:
    """Rows of one of two sides beside its share, so that measures on it mean something: up to SIDE
    altogether, where enough remain to learn from; near copies go together."""
    left = [group - held_out for group in _groups(rows, leader) if not group <= held_out]
    most = len(rows) - checks.MIN_IMAGES - len(held_out)
    wanted = SIDE - len(held_out)
    more: set = set()
    while len(more) < wanted:
        left = [group for group in left if not group & more and len(more | group) <= most]
        fitting = (group for group in left if len(more | group) <= wanted)
        if not (group := next(fitting, None) or min(left, key=len, default=None)):
            break
        more |= group
    return more


def _about(groups: list[set], wanted: int, most: int) -> set:
    """Groups, in their order, that come nearest to so many rows: those that fit, and the smallest other one
    where it brings them no farther away."""
    taken, others, count = [], [], 0
    for group in groups:
        if count + len(group) <= wanted:
            taken.append(group)
            count += len(group)
        else:
            others.append(group)
    beyond = min((g for g in others if count + len(g) <= most), key=len, default=set())
    if count + len(beyond) - wanted <= wanted - count:
        taken.append(beyond)
    return set().union(*taken)


def _groups(rows: list, leader: dict[int, int]) -> list[set]:
    """Near copies together, in the order of the first of each."""
    found: dict[int, set] = {}
    for row in rows:
        found.setdefault(_leader(row, leader), set()).add(row)
    return list(found.values())


def _by_class(rows: list, labels: dict[int, int]) -> dict[int | None, list[tuple[int, ...]]]:
    found: dict[int | None, list[tuple[int, ...]]] = {}
    for row in rows:
        found.setdefault(labels.get(row[0]), []).append(row)
    return found


def _wanted(count: int, plan: Plan) -> int:
    """How many of so many rows the share is."""
    return int(count * plan.held_out + 0.5)


def on_held_out(found: CheckUp, plan: Plan, rows: Chosen) -> str:
    """Why more or fewer are held out than the plan's share, in words; "" where there are as many."""
    all_rows, labels, count = [*rows.train, *rows.held_out], rows.labels, len(rows.held_out)
    asked = 0
    for side in {found.items[row[0]].side for row in all_rows}:
        own = [row for row in all_rows if found.items[row[0]].side == side]
        own_share = sum(_wanted(len(each), plan) for each in _by_class(own, labels).values())
        asked += len(_told(found.items, own, labels)) or own_share
    if count == max(1, asked):
        return ""
    alone = _split(replace(found, copies=()), plan, all_rows, labels)[1]
    if count == len(alone):
        return f"{count:,} instead of {asked:,}: of two sides {SIDE} each are held out at least."
    return f"{count:,} instead of {asked:,}: near copies are held out together."


def _leader(row: tuple[int, ...], leader: dict[int, int]) -> int:
    return leader.get(row[0], row[0])
