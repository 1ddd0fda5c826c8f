"""Which pictures of two folders, or of one, belong together; and what folders are called that do."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from gan_core.importing.trees import TEST, TRAIN, Tree, common

SIDE = re.compile(r"(train|training|test|testing|val|valid|validation)?[-_ ]?([ab])")
INPUTS = (
    "input", "inputs", "source", "sources", "src", "edges", "edge", "lines", "sketch", "sketches",
    "label", "labels", "mask", "masks", "grey", "gray", "bw", "low", "lr", "noisy", "blurred", "maps",
)  # fmt: skip
TARGETS = (
    "target", "targets", "output", "outputs", "photo", "photos", "image", "images", "real", "colour",
    "color", "high", "hr", "clean", "sharp", "truth", "gt", "ground_truth",
)  # fmt: skip
ENOUGH = 0.95  # of the pictures that must have a partner of the same name to be taken for pairs
GENERIC = {"", "img", "image", "pic", "picture", "photo", "frame", "dsc", "dscn", "x", "p", "r"}


@dataclass(frozen=True)
class Two:
    """Pictures of two kinds; places are indices of a tree's entries.

    Attributes:
        names: of the two folders, a first.
        a, b: [(place, held out)] in order of name.
        inside: of each place, the folders that it lies in besides its side's and those of splits.
        lettered: whether the folders are called A and B.
    """

    names: tuple[str, str]
    a: list[tuple[int, bool]]
    b: list[tuple[int, bool]]
    inside: list[tuple[str, ...]]
    lettered: bool

    def turned(self) -> Two:
        return replace(self, names=self.names[::-1], a=self.b, b=self.a)


def two_of(tree: Tree) -> Two | None:
    """The two folders of pictures that a tree consists of; None where it consists of something else."""
    around = len(common([entry.parts for entry in tree.entries]))
    folders = [entry.parts[around:-1] for entry in tree.entries]
    if not folders or not all(folders):
        return None
    lettered = [side for parts in folders if (side := _lettered(parts)) is not None]
    if len(lettered) == len(folders) and len({side for side, _ in lettered}) == 2:
        held_out = [
            split or _is_test(parts) for (_, split), parts in zip(lettered, folders, strict=True)
        ]
        inside = [_inside(parts, _lettered) for parts in folders]
        return _two([side for side, _ in lettered], held_out, ("a", "b"), inside, True)
    splits = [_is_test(parts) for parts in folders]
    named = [next((p for p in parts if p.lower() not in TRAIN | TEST), "") for parts in folders]
    found = sorted(set(named))
    if len(found) != 2 or not all(found):
        return None
    if found[0].lower() in TARGETS or found[1].lower() in INPUTS:
        found.reverse()
    inside = [_inside(parts, lambda part: part[0].lower() not in TRAIN | TEST) for parts in folders]
    return _two(named, splits, (found[0], found[1]), inside, False)


def _inside(parts: tuple[str, ...], is_side: Callable) -> tuple[str, ...]:
    """The folders that are neither the first that `is_side` holds of, nor of a split."""
    side = next(i for i, part in enumerate(parts) if is_side((part,)))
    left = parts[:side] + parts[side + 1 :]
    return tuple(part for part in left if part.lower() not in TRAIN | TEST)


def _two(
    sides: list[str],
    held_out: list[bool],
    names: tuple[str, str],
    inside: list[tuple[str, ...]],
    lettered: bool,
) -> Two:
    a, b = (
        [
            (i, test)
            for i, (side, test) in enumerate(zip(sides, held_out, strict=True))
            if side == name
        ]
        for name in names
    )
    first, second = (name.upper() if lettered else name for name in names)
    return Two((first, second), a, b, inside, lettered)


def _lettered(parts: tuple[str, ...]) -> tuple[str, bool] | None:
    """(side, whether it is for testing) of `trainA`, `testB`, `A`; None of other folders."""
    for part in parts:
        if match := SIDE.fullmatch(part.lower()):
            return match[2], (match[1] or "") in TEST
    return None


def _is_test(parts: tuple[str, ...]) -> bool:
    return any(part.lower() in TEST for part in parts)


@dataclass(frozen=True)
class _Named:
    """What a picture is called among its like.

    Attributes:
        core: its name without ending, and without what all of its side share.
    """

    place: int
    held_out: bool
    folders: tuple[str, ...]
    file: str
    core: str

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(part.casefold() for part in (*self.folders, self.core))

    @property
    def pair(self) -> str:
        return "/".join((*(["test"] if self.held_out else []), *self.folders, self.core))


def partners(tree: Tree, two: Two) -> dict[str, tuple[int, int]]:
    """The pictures that belong together, places of a and of b by what they are called, in the order of a.

    `photo_001.jpg` and `label_001.png` are both `001`. Folders inside the two count, unless the two have
    none in common. What is the same letter by letter comes before what differs in capitals; what could be
    the partner of two is that of none. Pictures held out pair among each other.
    """
    left, right = _named(tree, two, two.a), _named(tree, two, two.b)
    ways = [
        lambda n: (n.held_out, n.folders, n.file),
        lambda n: (n.held_out, n.folders, n.core),
        lambda n: (n.held_out, n.folded),
    ]
    if not {n.folders for n in left} & {n.folders for n in right}:
        ways.append(lambda n: (n.held_out, n.core.casefold()))
    found: list[tuple[_Named, int]] = []
    for way in ways:
        found += _same(left, right, way)
    pairs: dict[str, tuple[int, int]] = {}
    for first, second in sorted(found, key=lambda pair: pair[0].place):
        name = tree.entries[first.place].name if first.pair in pairs else first.pair
        pairs[name] = (first.place, second)
    return pairs


def _named(tree: Tree, two: Two, places: Sequence[tuple[int, bool]]) -> list[_Named]:
    files = [tree.entries[place].parts[-1] for place, _ in places]
    texts = [os.path.splitext(file)[0] for file in files]
    start = len(os.path.commonprefix(texts))
    end = len(os.path.commonprefix([text[::-1] for text in texts]))
    return [
        _Named(place, held_out, two.inside[place], file, _core(text, start, end))
        for (place, held_out), file, text in zip(places, files, texts, strict=True)
    ]


def _same(
    left: list[_Named], right: list[_Named], way: Callable[[_Named], Hashable]
) -> list[tuple[_Named, int]]:
    """Takes those out of both that are the same in a way, and no others of their side are."""
    there, theirs = _single(left, way), _single(right, way)
    found = [(there[key], theirs[key].place) for key in there if key in theirs]
    taken = {first.place for first, _ in found} | {second for _, second in found}
    for side in (left, right):
        side[:] = [each for each in side if each.place not in taken]
    return found


def _single(named: list[_Named], way: Callable[[_Named], Hashable]) -> dict[Hashable, _Named]:
    """Those that nothing else is the same as."""
    groups: dict[Hashable, list[_Named]] = {}
    for each in named:
        groups.setdefault(way(each), []).append(each)
    return {key: group[0] for key, group in groups.items() if len(group) == 1}


def _core(text: str, start: int, end: int) -> str:
    """A name without a start and an end that all have; digits of a number are never cut."""
    while start > 0 and text[start - 1].isdigit():
        start -= 1
    while end > 0 and text[len(text) - end].isdigit():
        end -= 1
    return text[start : max(start, len(text) - end)].strip("-_ .") or text


def share(two: Two, matched: int) -> float:
    """Which part of all pictures has a partner, of so many pairs."""
    return 2 * matched / max(1, len(two.a) + len(two.b))


def say_something(tree: Tree, two: Two) -> bool:
    """Whether names that both folders have are more than numbers, which any two folders may share."""
    a, b = ({_full(tree, place) for place, _ in side} for side in (two.a, two.b))
    words = {re.sub(r"[\d\W_]+", "", name) for name in a & b}
    return bool(words - GENERIC)


def _full(tree: Tree, place: int) -> str:
    return os.path.splitext(tree.entries[place].parts[-1])[0].lower()
