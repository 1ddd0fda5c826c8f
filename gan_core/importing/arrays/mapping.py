"""From the arrays of a file to a source: what is asked, and what is done with the answers."""

from __future__ import annotations

from gan_core.errors import DataError
from gan_core.importing.arrays import labels, roles, values
from gan_core.importing.arrays.meaning import Contents, Meaning
from gan_core.importing.arrays.roles import NONE
from gan_core.importing.arrays.source import ArraySource, Part
from gan_core.importing.arrays.stored import span
from gan_core.importing.base import Answers, Recognised

__all__ = ["NONE", "Contents", "recognised", "source"]


def recognised(contents: Contents, answers: Answers) -> Recognised:
    """What is asked about a file, with the answers so far.

    Raises:
        DataError: nothing in it can be images, or an answer is none.
    """
    meaning = Meaning(contents, answers)
    return Recognised(contents.form, meaning.kind, tuple(meaning.interview.questions))


def source(contents: Contents | None, answers: Answers) -> ArraySource:
    """The pictures; DataError as above, and where labels or values are not what they were said to be."""
    if contents is None:
        raise DataError("It holds no arrays that can be images.")
    meaning = Meaning(contents, answers)
    meaning.interview.check_names()
    return ArraySource(contents.form, meaning.kind, *_Parts(meaning).all())


class _Parts:
    """The images of a file by array, with their classes, and what of it is not used."""

    def __init__(self, meaning: Meaning):
        self.meaning, self.contents, self.arrays = meaning, meaning.contents, meaning.arrays
        self.used = {meaning.images, meaning.labels, meaning.test_images, meaning.test_labels}
        self.names: str | None = None  # of the array that names the classes, once it is known

    def all(self) -> tuple[list[Part], tuple[tuple[str, str], ...]]:
        found = self.parts()
        return found, self.passed_over()

    def parts(self) -> list[Part]:
        if self.meaning.second:
            return self._two_parts(self.meaning.second)
        found = [self._part(self.meaning.images, self.meaning.labels, self.contents.title)]
        if self.meaning.test_images != NONE:
            title = f"test {self.contents.title}"
            found.append(
                self._part(self.meaning.test_images, self.meaning.test_labels, title, held_out=True)
            )
        return found

    def _two_parts(self, names: tuple[str, str]) -> list[Part]:
        self.used.add("kind")
        found = self._both(names, "row", "labels")
        if test := roles.test_of_second(list(self.meaning.found.images)):
            found += self._both(test, "test row", "test_labels", held_out=True)
        return found

    def _both(self, names: tuple[str, str], title: str, ending: str, **more) -> list[Part]:
        """The images of both sides; of pairs, labels are those of the input."""
        pairs, found = self.meaning.kind == "pairs", []
        for side, name in zip("ab", names, strict=True):
            own = f"{side}_{ending}"
            own = own if own in self.arrays and not (pairs and side == "b") else NONE
            self.used |= {name, own}
            found.append(self._part(name, own, f"{side} {title}", side=side, paired=pairs, **more))
        return found

    def _part(self, images: str, own: str, title: str, **more) -> Part:
        count = self.meaning.counted(images)
        classes = () if own == NONE else self._classes(own, count)
        scale, stored = self.meaning.values, self.arrays[images]
        if self.meaning.second and images != self.meaning.images:  # with numbers of its own
            scale = values.parse(values.guess(stored.dtype, span(stored))[0])
        return Part(
            stored=stored.squeezed(),
            layout=self.meaning.layout_of(images),
            values=scale,
            inverted=self.meaning.inverted,
            classes=classes,
            title=title,
            first=self.contents.first,
            **more,
        )

    def _classes(self, own: str, count: int) -> list[str]:
        """Of each image; with names of their own where the file has some."""
        plain = labels.classes(self.arrays[own], count)
        if self.names is None:  # the labels of the training split come first
            self.names = roles.class_names(self.meaning.found, own, len(set(plain)), self.arrays)
        if self.names is None:
            return plain
        return labels.classes(self.arrays[own], count, labels.texts(self.arrays[self.names]))

    def passed_over(self) -> tuple[tuple[str, str], ...]:
        """Arrays that nothing was made of."""
        left = [
            (name, f"An array that is not used: {stored.told}.")
            for name, stored in self.arrays.items() if name not in {self.names, *self.used}
        ]  # fmt: skip
        return (*self.contents.passed_over, *left)
