"""What each array of a file means, found by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gan_core.data import hints
from gan_core.errors import DataError
from gan_core.importing.answers import Interview
from gan_core.importing.arrays import labels, roles, values
from gan_core.importing.arrays.layouts import Layout
from gan_core.importing.arrays.roles import NONE
from gan_core.importing.arrays.stored import Stored, span
from gan_core.importing.base import Answers

SIDES = "two sides"  # in words


@dataclass(frozen=True)
class Contents:
    """What a form found in a file.

    Attributes:
        form: for people.
        arrays: by name.
        roles: what is certain of some: "images", "labels", "test_images", "test_labels".
        passed_over: (name, why).
        ask_zero: whether 0 may be white as well, as in tables of ink.
        turned: why rows and columns are probably swapped; "" where they are not.
        last: whether images are counted by the last axis as a rule.
        title: what images are called, and `first` the number of the first.
        first_rows: whether the arrays hold the first ones only, so that nobody knows how many there are.
    """

    form: str
    arrays: Mapping[str, Stored]
    roles: Mapping[str, str] = field(default_factory=dict)
    passed_over: tuple[tuple[str, str], ...] = ()
    ask_zero: bool = False
    turned: str = ""
    last: bool = False
    title: str = "row"
    first: int = 0
    first_rows: bool = False


class Meaning:
    """What each array means, found by asking."""

    def __init__(self, contents: Contents, answers: Answers):
        self.interview = Interview(answers)
        self.contents, self.arrays = contents, contents.arrays
        self.found = roles.candidates(contents.arrays, last=contents.last)
        self._check_any()
        self.second = None if contents.roles else roles.second(self.found)
        self.kind = self._ask_kind()
        self.images = self._ask_images()
        self.layout = self._ask_layout()
        self.values, self.inverted = self._ask_values()
        self.labels = self._ask_labels()
        self.test_images = self._ask_test_images()
        self.test_labels = self._ask_test_labels()

    def _check_any(self) -> None:
        if self.found.images:
            return
        held = ", ".join(f"`{stored.name}` ({stored.told})" for stored in self.arrays.values())
        line = next((hint for s in self.arrays.values() if (hint := _hint(s))), "")
        if not line and self.contents.passed_over:
            line = " `{}`: {}".format(*self.contents.passed_over[0])
        raise DataError(
            f"Nothing in it can be images. Received: {held[:400] or 'no array'}. Allowed: numbers of the "
            f"shape [N, H, W], [N, H, W, C] with 3 or 4 channels, [N, pixels], or with N last.{line}"
        )

    def _ask_kind(self) -> str:
        if self.second is None:
            return "images"
        a, b = (self.arrays[name] for name in self.second)
        even = a.shape[0] == b.shape[0]
        choices = ("pairs", SIDES, "images") if even else (SIDES, "images")
        text = f"What are `{a.name}` and `{b.name}`?"
        why = "both have as many images" if even else "one has more images than the other"
        likely = choices[0]
        if (said := self._said("kind").replace("sides", SIDES)) in choices:
            likely, why = said, "the file says so"
        kind = self.interview.ask("kind", text, choices, likely, why=why, also={"sides": SIDES})
        kind = "sides" if kind == SIDES else kind
        self.second = None if kind == "images" else self.second
        return kind

    def _said(self, name: str) -> str:
        """The one text of an array of our own format; "" where there is none."""
        stored = self.arrays.get(name)
        if stored is None or stored.dtype.kind != "U" or stored.squeezed().shape:
            return ""
        return labels.texts(stored)[0]

    def _ask_images(self) -> str:
        names = list(self.found.images)
        known = self.contents.roles.get("images") or (self.second or (None,))[0]
        if known:
            return known
        named = roles.best("x_train", names, self.arrays)
        likely = named or roles.largest(names, self.arrays)
        why = "its name says so" if named else "it is the largest" if len(names) > 1 else ""
        others = [name for name in names if roles.best("x_test", [name], self.arrays) is None]
        return self.interview.ask(
            "images",
            "Which array holds the images?",
            names,
            likely,
            why=why,
            shown=not named and len(others) > 1,
        )

    def _ask_layout(self) -> Layout:
        ways = self.found.images[self.images]
        texts = [way.text for way in ways]
        likely, why = texts[0], ""
        if self.contents.turned and (turned := _turned(ways)):
            likely, why = turned, self.contents.turned
        elif "all red first" in likely:
            why = "as in the files of CIFAR"
        stored = self.arrays[self.images]
        told = stored.each if self.contents.first_rows else stored.told
        usual = self.arrays[self.images].squeezed().shape[1:] == ways[0].sides
        plain = (usual or texts[0] == "image, row, column, colour") and not why
        chosen = self.interview.ask(
            "layout",
            f"How are images laid out in `{self.images}` ({told})?",
            texts,
            likely,
            why=why,
            shown=len(texts) > 1 and not plain,
        )
        return ways[texts.index(chosen)]

    def _ask_values(self) -> tuple[tuple[float, float] | None, bool]:
        stored = self.arrays[self.images]
        seen = span(stored)
        likely, choices = values.guess(stored.dtype, seen)
        why = f"its values go from {seen[0]:.6g} to {seen[1]:.6g}" if seen else ""
        answer = self.interview.ask(
            "values",
            "Which numbers are black and white?",
            choices,
            likely,
            why=why,
            shown=bool(choices),
            free=True,
        )
        zero = "black"
        if self.contents.ask_zero:
            text = "Is the lowest number black or white?"
            zero = self.interview.ask("lowest", text, ("black", "white"), "black")
        return values.parse(answer), zero == "white"

    def counted(self, images: str) -> int:
        return self.layout_of(images).count(self.arrays[images].squeezed().shape)

    def layout_of(self, images: str) -> Layout:
        """The layout that was chosen, for another array of such images."""
        if images == self.images:
            return self.layout
        ways = self.found.images[images]
        return next((way for way in ways if way.text == self.layout.text), ways[0])

    def _fitting(self, images: str) -> list[str]:
        """What may be the labels of some images."""
        count, taken = self.counted(images), {self.images, *(self.second or ())}
        return [
            name
            for name, stored in self.arrays.items()
            if name not in taken and labels.may_be(stored, count)
        ]

    def _ask_labels(self) -> str:
        if "labels" in self.contents.roles:
            return self.contents.roles["labels"]
        names = self._fitting(self.images)
        if not names or self.second:
            return NONE
        named = roles.best("y_train", names, self.arrays)
        likely, why = named or names[0], "its name says so" if named else ""
        problem = self._problem(likely, self.images)
        if problem:
            likely, why = NONE, problem
        return self.interview.ask(
            "labels",
            "Which array holds the classes?",
            (*names, NONE),
            likely,
            why=why,
            shown=bool(problem) or not named,
        )

    def _problem(self, name: str, images: str) -> str:
        """Why an array cannot be the labels of some images; "" where it can."""
        try:
            labels.classes(self.arrays[name], self.counted(images))
        except DataError as error:
            return str(error)
        return ""

    def _ask_test_images(self) -> str:
        if "test_images" in self.contents.roles or self.contents.roles:
            return self.contents.roles.get("test_images", NONE)
        names = [n for n in self.found.images if n != self.images and self._alike(n)]
        if not names or self.second:
            return NONE
        named = roles.best("x_test", names, self.arrays)
        why = "its name says so" if named else ""
        bare = named and self.labels != NONE and not set(self._fitting(named)) - {self.labels}
        if bare:
            why = f"`{named}` has no classes"
        return self.interview.ask(
            "held_out",
            "Which array holds images that are never trained on?",
            (*names, NONE),
            NONE if bare or not named else named,
            why=why,
            shown=bare or not named or len(names) > 1,
        )

    def _alike(self, name: str) -> bool:
        """Whether another array has images of the same size."""
        own = self.layout
        return any(
            (way.text, way.sides) == (own.text, own.sides) for way in self.found.images[name]
        )

    def _ask_test_labels(self) -> str:
        if self.test_images == NONE or self.labels == NONE:
            return NONE
        if "test_labels" in self.contents.roles:
            return self.contents.roles["test_labels"]
        names = [name for name in self._fitting(self.test_images) if name != self.labels]
        same = f"test_{self.labels}"
        likely = same if same in names else roles.best("y_test", names, self.arrays)
        return self.interview.ask(
            "held_out_labels",
            "Which array holds their classes?",
            (*names, NONE),
            likely or NONE,
            shown=bool(names) and likely is None,
        )


def _turned(ways: list[Layout]) -> str:
    """The layout that swaps rows and columns of the likeliest."""
    first = ways[0]
    for way in ways[1:]:
        if (way.last, way.sides) == (first.last, first.sides) and way.order == first.order[::-1]:
            return way.text
    return ""


def _hint(stored: Stored) -> str:
    """The line of NumPy that brings images of an odd shape into one that is read."""
    key = stored.name if stored.name.isidentifier() else "a"
    return hints.image_shape(key, stored.shape) if stored.dtype.kind in "iufb" else ""
