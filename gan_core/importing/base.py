"""What importing talks of: pictures somewhere, what was found of them, and what shall be kept.

A source names pictures and decodes one at a time; it never changes what it reads. The check-up looks at
all of them and says what was found; the plan says what shall become of them; keeping follows the plan.
The same function makes a picture square for the preview and for what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

import numpy as np

from gan_core.errors import DataError

SIZES, FITS = (28, 32, 64, 128), ("crop", "pad", "stretch")
TREES = ("folder", "zip", "tar")  # forms whose items are picture files
Answers = Mapping[str, str]  # question -> answer; what is missing is answered as is likely
NO_ANSWERS: Answers = MappingProxyType({})


class Unusable(DataError):
    """One picture that cannot be used; `reason` is one of words.REASONS, the text tells more."""

    def __init__(self, text: str, reason: str = "damaged"):
        super().__init__(text)
        self.reason = reason


class Vanished(DataError):
    """All of a source is gone, or has changed, while it is read."""


class Cancelled(Exception):
    """Somebody said that reading or keeping shall end; nothing of it stays."""


@dataclass(frozen=True)
class Decoded:
    """One picture, and what was done to it.

    Attributes:
        pixels: uint8 [H, W, 1 or 3], perhaps smaller than it is.
        size: (width, height) as people see it at its full size.
        did: keys of words.DID.
    """

    pixels: np.ndarray
    size: tuple[int, int]
    did: tuple[str, ...] = ()

    @classmethod
    def of(cls, found: np.ndarray | Decoded) -> Decoded:
        """What a source gave; an array is at its full size, and nothing was done to it."""
        if isinstance(found, Decoded):
            return found
        pixels = found[..., None] if found.ndim == 2 else found
        return cls(pixels, (pixels.shape[1], pixels.shape[0]))


@dataclass(frozen=True)
class Item:
    """One picture of a source, not decoded.

    Attributes:
        name: what people call it, unique in its source: a path inside the folder, `row 17`.
        class_name: of the class it says to be in; "" where it says none.
        side: "" of plain images; "a" or "b" of two sides and of pairs (input and target). A picture that
            holds both halves of a pair is two items, each of which decodes to its half.
        pair: of pairs, what both halves have in common: the two items with one `pair` belong together;
            neither is kept without the other, and both are cropped alike.
        held_out: True where the source itself says that it is for testing.
        num_bytes: of its file; 0 where it has none of its own.
    """

    name: str
    class_name: str = ""
    side: str = ""
    pair: str = ""
    held_out: bool = False
    num_bytes: int = 0


class Source(Protocol):
    """Pictures that can be decoded one by one, in the process that may die of them (child.py).

    Attributes:
        form: what it is, for people: "folder", "zip", "idx", "CSV", ...
        kind: "images", "pairs" or "sides".
        items: all pictures, in a fixed order.
        passed_over: (name, why) of what is there and no picture; hidden files and links are among them.
        unmatched: of pairs, names of pictures that lack a partner; they are no items.
        labelled: whether a class is told of every item.
        ground: what is behind transparent pixels, one of decode.GROUNDS; set before a picture is asked for.
    """

    form: str
    kind: str
    items: Sequence[Item]
    passed_over: Sequence[tuple[str, str]]
    unmatched: Sequence[str]
    labelled: bool
    ground: str

    def pixels(self, index: int, side: int) -> np.ndarray | Decoded:
        """One picture as uint8 [H, W, 1 or 3], turned and composited as people see it.

        A bare array is at its full size; what is decoded smaller comes with its size.

        Args:
            side: what its shorter side is wanted for, in pixels; it may be decoded smaller than it is,
                never smaller than this.

        Raises:
            DataError: it cannot be used; the text says why. Unusable says the reason, too.
        """

    def close(self) -> None: ...


@dataclass(frozen=True)
class Question:
    """What a source cannot know and somebody must say before it is read, with what is likely.

    Attributes:
        name: the key of the answer.
        text: the question.
        choices: what may be answered; () where it is free text or a number.
        likely: the answer that is taken where none is given.
        why: what makes it likely; "" where nothing does.
    """

    name: str
    text: str
    choices: tuple[str, ...]
    likely: str
    why: str = ""


@dataclass(frozen=True)
class Recognised:
    """A file or folder of a form that can be read.

    Attributes:
        form: see Source.
        kind: "images", "pairs" or "sides": what its items will be, with the likely answers.
        questions: to be answered or confirmed; () where it explains itself.
    """

    form: str
    kind: str
    questions: tuple[Question, ...] = ()

    @property
    def unit(self) -> str:
        """What its items are: "files", "pictures" of pairs, two of which may be in one file, or "rows"."""
        if self.form not in TREES:
            return "rows"
        return "pictures" if self.kind == "pairs" else "files"


class Form(Protocol):
    """One kind of thing that can be imported; a module of importing/forms/ has these two functions."""

    def recognise(self, path, answers: Answers = NO_ANSWERS) -> Recognised | None:
        """What it is, from names and first bytes only; None where it is something else.

        Args:
            answers: to questions that were asked before; what is asked next may depend on them (which
                array holds the images, then how they are laid out).

        Raises:
            DataError: it is of this form and cannot be used; the text says what converts it.
        """

    def open(self, path, answers: Answers) -> Source: ...


@dataclass(frozen=True)
class Plan:
    """What shall be kept of a source.

    Attributes:
        name: of the data set, as data.catalogue allows it.
        size: pixels a side; 0 keeps arrays as they are.
        fit: how a picture that is not square becomes so.
        grey: True keeps one channel.
        ground: what shows through transparent pictures, one of decode.GROUNDS.
        held_out: share that is never trained on, 0.05 to 0.3; where the source has its own, that is kept.
        answers: to the questions of the source.
        classes: what each class name becomes; names that become the same are merged, "" leaves it out.
        offsets: by name, of pairs by `pair`: where the crop's frame stands, 0 (left or top) to 1.
        left_out: names of pictures that are not wanted.
        keep_copies: False keeps one of each group of near copies.
        licence, origin, title: in words; the title is what people call it, "" is its name.
        anyway: of words.ANYWAY, reasons that do not count.
    """

    name: str
    size: int = 64
    fit: str = "crop"
    grey: bool = False
    ground: str = "white"
    held_out: float = 0.1
    answers: Answers = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    offsets: Mapping[str, float] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    keep_copies: bool = False
    licence: str = "not stated"
    origin: str = ""
    title: str = ""
    anyway: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Skipped:
    """A picture that cannot be used.

    Attributes:
        name: of the item.
        reason: one of words.REASONS; those in words.ANYWAY can be disregarded.
        text: what is wrong with this one.
        index: of the item in its source.
        size: (width, height); (0, 0) where it is not known.
    """

    name: str
    reason: str
    text: str
    index: int
    size: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class CheckUp:
    """What looking at all pictures of a source found.

    Attributes:
        recognised: form, kind, questions.
        items: all pictures of the source, usable or not; a picture's number in it is its `index`.
        usable: indices of those that can be used.
        skipped: those that cannot, by reason, then name.
        passed_over: (name, why) of what is no picture.
        sizes: (width, height) as people see it, one for each of `usable`.
        classes: of usable pictures, name to count, in order of name; {} without classes.
        num_colour: of usable pictures that are not grey.
        copies: groups of near copies, each of two indices or more, the one to keep first.
        unmatched: of pairs, names that lack a partner.
        notes: what was done to pictures and should be known, each a sentence with its count.
        suggested: the plan that fits what was found.
        problem: why nothing can be made of it, in words; "" where it can be kept.
        num_transparent: of pictures that can be decoded, also of those that show nothing on this ground.
    """

    recognised: Recognised
    items: tuple[Item, ...]
    usable: tuple[int, ...]
    skipped: tuple[Skipped, ...]
    passed_over: tuple[tuple[str, str], ...]
    sizes: tuple[tuple[int, int], ...]
    classes: Mapping[str, int]
    num_colour: int
    copies: tuple[tuple[int, ...], ...]
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]
    suggested: Plan
    problem: str = ""
    num_transparent: int = 0

    @property
    def num_files(self) -> int:
        return len(self.items)

    @property
    def num_usable(self) -> int:
        return len(self.usable)

    @property
    def grey(self) -> bool:  # whether every usable picture is
        return self.num_colour == 0

    @property
    def names(self) -> tuple[str, ...]:
        """Of usable pictures."""
        return tuple(self.items[index].name for index in self.usable)


Progress = Callable[[int, int, str], None]  # (done, total, what is being done); may raise to cancel
