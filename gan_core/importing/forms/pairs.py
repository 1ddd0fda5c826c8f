"""Pairs and two sides in a folder, a zip or a tar.

Pictures twice as wide as high are two halves. Two folders of pictures are pairs matched by name, two sides,
or two classes: which, people say; what is likely comes from what folders and pictures are called.
`trainA`, `trainB`, `testA` and `testB` are two sides with their test splits.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gan_core.errors import DataError
from gan_core.importing import matching, opening, trees
from gan_core.importing.answers import Interview
from gan_core.importing.base import NO_ANSWERS, Answers, Decoded, Item, Recognised, Unusable
from gan_core.importing.forms import pictures
from gan_core.importing.matching import Two
from gan_core.importing.pictures import Pictures, decoded
from gan_core.importing.trees import Tree
from gan_core.storage import decode

WIDE = 0.02  # by which a picture of two halves may differ from twice as wide as high
MOSTLY = 0.9  # of the pictures looked at must be so
LOOKED_AT, SEEN = 12, 4  # pictures whose sizes, and whose pixels, are looked at
FLAT = 3  # levels; JPEG makes that much of one colour
LEFT, RIGHT, WHOLE = "left", "right", "whole pictures"
PAIRS, SIDES, CLASSES = "pairs", "two sides", "classes"
KIND = {PAIRS: "pairs", SIDES: "sides", CLASSES: "images"}
WORDS = {word: answer for answer, word in KIND.items()}


def recognise(path: Path, answers: Answers = NO_ANSWERS) -> Recognised | None:
    tree = opening.open_tree(path)
    if tree is None:
        return None
    try:
        return _recognised(tree, Interview(answers))
    finally:
        tree.close()


def open(path: Path, answers: Answers) -> Pictures:
    tree = opening.must_open(path)
    interview = Interview(answers)
    try:
        source = _source(tree, interview)
        interview.check_names()
    except BaseException:
        tree.close()
        raise
    return source


def _recognised(tree: Tree, interview: Interview) -> Recognised | None:
    if two := matching.two_of(tree):
        kind, _ = _ask_two(tree, two, interview)
    elif _is_wide(tree):
        kind = "images" if _ask_half(tree, interview) == WHOLE else "pairs"
    else:
        return None
    return Recognised(tree.form, kind, tuple(interview.questions))


def _source(tree: Tree, interview: Interview) -> Pictures:
    if two := matching.two_of(tree):
        kind, two = _ask_two(tree, two, interview)
        if kind == "images":
            return pictures.of_tree(tree)
        return _pairs(tree, two) if kind == "pairs" else _sides(tree, two)
    half = _ask_half(tree, interview)
    return pictures.of_tree(tree) if half == WHOLE else Halves(tree, left_is_input=half == LEFT)


# two folders


def _ask_two(tree: Tree, two: Two, interview: Interview) -> tuple[str, Two]:
    """(kind, the two with input or side a first)."""
    matched = len(matching.partners(tree, two))
    likely, why = _likely(tree, two, matching.share(two, matched), matched)
    choices = (PAIRS, SIDES, CLASSES) if matched else (SIDES, CLASSES)
    names = " and ".join(two.names)
    answer = interview.ask(
        "kind", f"What are the pictures in {names}?", choices, likely, why=why, also=WORDS
    )
    if answer == PAIRS:
        direction = interview.ask(
            "input", "Which folder holds the inputs, of which the others are made?", two.names,
            two.names[0],
        )  # fmt: skip
        two = two if direction == two.names[0] else two.turned()
    return KIND[answer], two


def _likely(tree: Tree, two: Two, share: float, matched: int) -> tuple[str, str]:
    """(answer, why)."""
    called = _called_so(two)
    if share >= matching.ENOUGH and (called or matching.say_something(tree, two)):
        return PAIRS, f"{matched:,} pictures of both have the same names"
    if two.lettered:
        return SIDES, "the folders are called A and B"
    if called:
        return (PAIRS, "the folders are called so") if matched else (SIDES, "no names are the same")
    return CLASSES, "the folders have names of their own"


def _called_so(two: Two) -> bool:
    """Whether the folders are called as inputs and targets are."""
    a, b = (name.lower() for name in two.names)
    return a in matching.INPUTS or b in matching.TARGETS


def _pairs(tree: Tree, two: Two) -> Pictures:
    """The pictures of both that have a partner; the others are told."""
    held_out = dict(two.a)
    items, places = [], []
    for name, both in matching.partners(tree, two).items():
        for side, place in zip("ab", both, strict=True):
            items.append(_item(tree, place, side, held_out[both[0]], pair=name))
            places.append(place)
    used = set(places)
    unmatched = [
        tree.entries[place].name for place, _ in sorted(two.a + two.b) if place not in used
    ]
    if not items:
        raise DataError("No two pictures have the same name, so none is a pair.")
    return Pictures(tree, items, places, kind="pairs", unmatched=unmatched)


def _sides(tree: Tree, two: Two) -> Pictures:
    both = [(place, test, side) for side in "ab" for place, test in getattr(two, side)]
    items = [_item(tree, place, side, test) for place, test, side in both]
    note = f"Side a is {two.names[0]}, side b is {two.names[1]}."
    return Pictures(tree, items, [place for place, _, _ in both], kind="sides", notes=[note])


def _item(tree: Tree, place: int, side: str, held_out: bool, pair: str = "") -> Item:
    entry = tree.entries[place]
    return Item(entry.name, side=side, pair=pair, held_out=held_out, num_bytes=entry.num_bytes)


# pictures of two halves


def _is_wide(tree: Tree) -> bool:
    """Whether nearly all pictures that are looked at are twice as wide as high, and all lie in one folder
    or in those of splits."""
    folders = {entry.parts[:-1] for entry in tree.entries}
    around = len(trees.common([entry.parts for entry in tree.entries]))
    inside = {part.lower() for folder in folders for part in folder[around:]}
    if not tree.entries or not inside <= trees.TRAIN | trees.TEST:
        return False
    sizes = [size for place in _some(tree, LOOKED_AT) if (size := _size(tree, place))]
    wide = sum(_halves(size) for size in sizes)
    return bool(sizes) and wide >= MOSTLY * len(sizes)


def _halves(size: tuple[int, int]) -> bool:
    return abs(size[0] / size[1] - 2) <= 2 * WIDE


def _some(tree: Tree, most: int) -> list[int]:
    """Places of some pictures: spread, but the first ones of a packed tar, which is read in order."""
    count = len(tree.entries)
    if tree.form == "tar" or count <= most:
        return list(range(min(most, count)))
    return [i * (count - 1) // (most - 1) for i in range(most)]


def _size(tree: Tree, place: int) -> tuple[int, int] | None:
    """Width and height that a picture declares, as people see it; None where it cannot be read."""
    try:
        with decode.opened(tree.read(place), "it", most=decode.ANY_SIZE) as picture:
            return decode.seen_size(picture)
    except DataError:
        return None


def _ask_half(tree: Tree, interview: Interview) -> str:
    """Which half is the input."""
    left, right = _flatness(tree)
    why = f"{max(left, right):.0%} of it is flat ({min(left, right):.0%} of the other), as drawings are"
    text = "All pictures are twice as wide as high. Which half is the input, of which the other is made?"
    likely = LEFT if left >= right else RIGHT
    return interview.ask(
        "input", text, (LEFT, RIGHT, WHOLE), likely, why=why if left != right else ""
    )


def _flatness(tree: Tree) -> tuple[float, float]:
    """Which part of the halves of some pictures differs hardly from the pixel beside it."""
    found = []
    for place in _some(tree, SEEN):
        try:
            pixels = decoded(tree.read(place), "it", 64).pixels.astype(np.int16)
        except DataError:
            continue
        middle = pixels.shape[1] // 2
        halves = (pixels[:, :middle], pixels[:, -middle:])
        found.append([(np.abs(np.diff(h, axis=1)).max(2) <= FLAT).mean() for h in halves])
    return tuple(np.mean(found, 0)) if found else (0.0, 0.0)


class Halves(Pictures):
    """Pictures of two halves: each is two items, input and target."""

    def __init__(self, tree: Tree, *, left_is_input: bool):
        around = len(trees.common([entry.parts for entry in tree.entries]))
        items, places = [], []
        self._is_left: list[bool] = []
        for place, entry in enumerate(tree.entries):
            test = any(part.lower() in trees.TEST for part in entry.parts[around:-1])
            for side, left in (("a", left_is_input), ("b", not left_is_input)):
                name = f"{entry.name}, {LEFT if left else RIGHT}"
                pair = "/".join(entry.parts[around:])
                items.append(
                    Item(name, side=side, pair=pair, held_out=test, num_bytes=entry.num_bytes)
                )
                places.append(place)
                self._is_left.append(left)
        super().__init__(tree, items, places, kind="pairs")
        self._last: tuple[tuple[int, int, str], Decoded] | None = None

    def pixels(self, index: int, side: int) -> Decoded:
        """One half; both halves of a picture come from one decoding."""
        key = (self._entries[index], side, self.ground)
        if self._last is None or self._last[0] != key:
            self._last = key, super().pixels(index, side)
        whole = self._last[1]
        if not _halves(whole.size):
            width, height = whole.size
            raise Unusable(
                f"`{self.items[index].pair}` has {width} x {height} pixels and is not twice as wide as high.",
                "no halves",
            )
        middle = whole.pixels.shape[1] // 2
        half = whole.pixels[:, :middle] if self._is_left[index] else whole.pixels[:, -middle:]
        return Decoded(np.ascontiguousarray(half), (whole.size[0] // 2, whole.size[1]), whole.did)
