"""What importing talks of: pictures somewhere, what was found of them, and what shall be kept.

A source names pictures and decodes one at a time; it never changes what it reads. The check-up looks at
all of them and says what was found; the plan says what shall become of them; keeping follows the plan.
The same function makes a picture square for the preview and for what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

SIZES = (28, 32, 64, 128)
FITS = ("crop", "pad", "stretch")


@dataclass(frozen=True)
class Item:
    """One picture of a source, not decoded.

    Attributes:
        name: what people call it, unique in its source: a path inside the folder, `row 17`.
        class_name: of the class it says to be in; "" where it says none.
        side: "" of plain images, "a" or "b" of two sides, "ab" of a picture that holds both next to each
            other.
        held_out: True where the source itself says that it is for testing.
        num_bytes: of its file; 0 where it has none of its own.
    """

    name: str
    class_name: str = ""
    side: str = ""
    held_out: bool = False
    num_bytes: int = 0


class Source(Protocol):
    """Pictures that can be decoded one by one, in the process that may die of them (child.py).

    Attributes:
        form: what it is, for people: "folder", "zip", "idx", "CSV", ...
        items: all pictures, in a fixed order.
        passed_over: (name, why) of what is there and no picture; hidden files and links are among them.
        labelled: whether a class is told of every item.
    """

    form: str
    items: Sequence[Item]
    passed_over: Sequence[tuple[str, str]]
    labelled: bool

    def pixels(self, index: int, side: int) -> np.ndarray:
        """One picture as uint8 [H, W, 1 or 3], turned and composited as people see it.

        Args:
            side: what its shorter side is wanted for, in pixels; it may be decoded smaller than it is,
                never smaller than this.

        Raises:
            DataError: it cannot be used; the text says why.
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


Answers = Mapping[str, str]


class Form(Protocol):
    """One kind of thing that can be imported; a module of importing/forms/ has these two functions."""

    def recognise(self, path) -> Recognised | None:
        """What it is, from names and first bytes only; None where it is something else.

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
        held_out: share that is never trained on, 0.05 to 0.3; where the source has its own, that is kept.
        answers: to the questions of the source.
        classes: what each class name becomes; names that become the same are merged, "" leaves it out.
        offsets: of single pictures, by name: where the crop's frame stands, 0 (left or top) to 1.
        left_out: names of pictures that are not wanted.
        keep_copies: False keeps one of each group of near copies.
        licence, origin: in words.
    """

    name: str
    size: int = 64
    fit: str = "crop"
    grey: bool = False
    held_out: float = 0.1
    answers: Answers = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    offsets: Mapping[str, float] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    keep_copies: bool = False
    licence: str = "not stated"
    origin: str = ""


@dataclass(frozen=True)
class Skipped:
    """A picture that cannot be used, and why; `reason` is one of a few, `text` tells more."""

    name: str
    reason: str
    text: str


@dataclass(frozen=True)
class CheckUp:
    """What looking at all pictures of a source found.

    Attributes:
        recognised: form, kind, questions.
        num_files, num_usable: of pictures.
        skipped: those that cannot be used, by reason, then name.
        passed_over: what is no picture.
        sizes: (width, height) of each usable item, as people see it, in the order of `names`.
        names: of usable items.
        classes: name to count, in order of name; {} without classes.
        grey: True where every picture is grey.
        copies: groups of near copies, each of two names or more, the one to keep first.
        unmatched: of pairs, names that lack a partner.
        notes: what was done to pictures and should be known, each a sentence with its count.
        suggested: the plan that fits what was found.
    """

    recognised: Recognised
    num_files: int
    num_usable: int
    skipped: tuple[Skipped, ...]
    passed_over: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    sizes: tuple[tuple[int, int], ...]
    classes: Mapping[str, int]
    grey: bool
    copies: tuple[tuple[str, ...], ...]
    unmatched: tuple[str, ...]
    notes: tuple[str, ...]
    suggested: Plan


# (done, total, what is being done); may raise to cancel.
Progress = Callable[[int, int, str], None]
