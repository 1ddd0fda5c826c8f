"""Which pictures of two folders, or of one, belong together; and what folders are called that do."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

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
        lettered: whether the folders are called A and B.
    """

    names: tuple[str, str]
    a: list[tuple[int, bool]]
    b: list[tuple[int, bool]]
    lettered: bool

    def turned(self) -> Two:
        return Two(self.names[::-1], self.b, self.a, self.lettered)


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
        return _two([side for side, _ in lettered], held_out, ("a", "b"), True)
    splits = [_is_test(parts) for parts in folders]
    named = [next((p for p in parts if p.lower() not in TRAIN | TEST), "") for parts in folders]
    found = sorted(set(named))
    if len(found) != 2 or not all(found):
        return None
    if found[0].lower() in TARGETS or found[1].lower() in INPUTS:
        found.reverse()
    return _two(named, splits, (found[0], found[1]), False)


def _two(sides: list[str], held_out: list[bool], names: tuple[str, str], lettered: bool) -> Two:
    a, b = (
        [
            (i, test)
            for i, (side, test) in enumerate(zip(sides, held_out, strict=True))
            if side == name
        ]
        for name in names
    )
    first, second = (name.upper() if lettered else name for name in names)
    return Two((first, second), a, b, lettered)


def _lettered(parts: tuple[str, ...]) -> tuple[str, bool] | None:
    """(side, whether it is for testing) of `trainA`, `testB`, `A`; None of other folders."""
    for part in parts:
        if match := SIDE.fullmatch(part.lower()):
            return match[2], (match[1] or "") in TEST
    return None


def _is_test(parts: tuple[str, ...]) -> bool:
    return any(part.lower() in TEST for part in parts)


def stems(tree: Tree, places: Sequence[tuple[int, bool]]) -> dict[str, int]:
    """What each picture is called among its like, to its place: without ending, and without what all share.

    `photo_001.jpg` and `label_001.png` are both `001`; a picture in a subfolder keeps it. Pictures held
    out keep that, so that they pair among each other.
    """
    names = {place: os.path.splitext(tree.entries[place].parts[-1])[0] for place, _ in places}
    texts = list(names.values())
    start = len(os.path.commonprefix(texts))
    end = len(os.path.commonprefix([text[::-1] for text in texts]))
    held_out = dict(places)
    found: dict[str, int] = {}
    for place, text in names.items():
        core = _core(text, start, end)
        found.setdefault(f"{'test ' if held_out[place] else ''}{core}", place)
    return found


def _core(text: str, start: int, end: int) -> str:
    """A name without a start and an end that all have; digits of a number are never cut."""
    while start > 0 and text[start - 1].isdigit():
        start -= 1
    while end > 0 and text[len(text) - end].isdigit():
        end -= 1
    return text[start : max(start, len(text) - end)].strip("-_ .").lower() or text.lower()


def share(a: dict[str, int], b: dict[str, int]) -> float:
    """Which part of all pictures has a partner."""
    return 2 * len(a.keys() & b.keys()) / max(1, len(a) + len(b))


def say_something(tree: Tree, two: Two) -> bool:
    """Whether names that both folders have are more than numbers, which any two folders may share."""
    a, b = ({_full(tree, place) for place, _ in side} for side in (two.a, two.b))
    words = {re.sub(r"[\d\W_]+", "", name) for name in a & b}
    return bool(words - GENERIC)


def _full(tree: Tree, place: int) -> str:
    return os.path.splitext(tree.entries[place].parts[-1])[0].lower()
