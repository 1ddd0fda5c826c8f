"""Sets that need no file of their own: pairs and two sides, made from any set of images by a rule.

`edges_to_digits` are pairs: an edge drawing and its digit. `digits_and_paper` are two sides: digits,
and other digits in ink on paper. "digits" and "faces" stand for the bundled sets; else the name of
the set stands there, also of one's own: `edges_to_my_data`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gan_core.data import pair_rules, side_rules
from gan_core.data.base import KINDS, Dataset, DatasetSpec, freeze
from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Array, Pixels, Split

SHORT = {"digits": "mnist_5k", "faces": "pixel_faces"}
VERSION = 1  # of the rules: data made by other ones have another digest
PIECE = 1024  # images made at once
SIDES_SEED = 2300


@dataclass(frozen=True)
class Rule:
    """How an input, or another side, comes from images.

    Attributes:
        make: uint8 [N, H, W, C] -> uint8, the input of pairs or side b.
        title, summary: for people; {} is what the images show.
        channels: of what it makes; 0: as many as the images.
        first: what is done to the images on their own side.
    """

    make: Callable[[Pixels], Pixels]
    title: str
    summary: str
    channels: int = 0
    first: Callable[[Pixels], Pixels] | None = None


PAIRS = {
    "edges": Rule(
        pair_rules.edges, "Edges to {}", "A line drawing becomes a picture.", channels=1
    ),
    "outline": Rule(
        pair_rules.outline, "Outlines to {}", "The border of what is bright is filled.", channels=1
    ),
    "half": Rule(
        pair_rules.half, "Half to whole {}", "The upper half is there, the lower half is guessed."
    ),
    "quarter": Rule(
        pair_rules.quarter, "Quarter to full size {}", "Blocks of 4 × 4 pixels become sharp again."
    ),
    "hole": Rule(
        pair_rules.hole, "Hole to whole {}", "What is missing in the middle is filled in."
    ),
    "grey": Rule(pair_rules.grey, "Grey to coloured {}", "Grey becomes colour.", channels=1),
}  # fmt: skip
SIDES = {
    "paper": Rule(
        side_rules.paper, "{} and paper", "One side as it is, the other in blue ink on ruled paper.",
        channels=3, first=side_rules.colour,
    ),
    "inverted": Rule(
        side_rules.inverted, "{} and inverted", "One side as it is, the other as its negative."
    ),
    "rotated": Rule(
        side_rules.rotated, "{} and rotated",
        "One side is turned by a quarter: a lesson, since networks like these cannot learn it.",
    ),
}  # fmt: skip
LISTED = (
    "edges_to_digits",
    "half_to_digits",
    "quarter_to_digits",
    "grey_to_faces",
    "digits_and_paper",
    "digits_and_inverted",
    "digits_and_rotated",
)


@dataclass(frozen=True)
class Derived:
    """A name taken apart: what is done to which set of images."""

    name: str
    kind: str
    how: str
    stem: str

    @property
    def base(self) -> str:
        """The set that it is made from."""
        return SHORT.get(self.stem, self.stem)

    @property
    def rule(self) -> Rule:
        return (PAIRS if self.kind == "pairs" else SIDES)[self.how]


def read(name: str) -> list[Derived]:
    """What a name may mean; [] where it is not that of a derived set."""
    how, to, stem = name.partition("_to_")
    found = [Derived(name, "pairs", how, stem)] if to and stem and how in PAIRS else []
    stem, _and, how = name.rpartition("_and_")
    return found + ([Derived(name, "sides", how, stem)] if stem and how in SIDES else [])


def names(stems: list[str]) -> list[str]:
    """All names of derived sets of these sets of images."""
    stems = [*SHORT, *stems]
    pairs = [f"{how}_to_{stem}" for stem in stems for how in PAIRS]
    return pairs + [f"{stem}_and_{how}" for stem in stems for how in SIDES]


def file_of(name: str) -> str:
    """The file that a set depends on: its own, or the one that it is made from."""
    return f"{next((made.base for made in read(name)), name)}.npz"


def misfit(derived: Derived, base: DatasetSpec) -> str:
    """Why a set cannot be made from this one, in words; "" where it can."""
    if base.kind != "images":
        return f"It is made from images; `{base.name}` holds {KINDS[base.kind]}."
    if base.problem:
        return f"`{base.name}`, which it is made from, cannot be used. {base.problem}"
    height, width, channels = base.image_shape
    if derived.how == "grey" and channels == 1:
        return f"{_shown(derived, base).capitalize()} have no colour: the images of `{base.name}` are grey."
    if derived.how == "rotated" and height != width:
        return f"Only squares keep their size when turned; `{base.name}` has {height} x {width} pixels."
    return ""


def spec_of(derived: Derived, base: DatasetSpec) -> DatasetSpec:
    """Its metadata, from those of the set it is made from; DataError if it cannot be made."""
    if problem := misfit(derived, base):
        raise DataError(f"`{derived.name}` cannot be made. {problem}")
    rule, shown = derived.rule, _shown(derived, base)
    title = rule.title.format(shown)
    own = (*base.image_shape[:2], 3 if rule.first else base.image_shape[2])
    made = (*own[:2], rule.channels or own[2])
    text = f"{derived.how} {VERSION} {base.digest}"
    pairs = derived.kind == "pairs"
    return replace(
        base if pairs else _halved(base), name=derived.name,
        title=title[0].upper() + title[1:], kind=derived.kind,
        image_shape=made if pairs else own, target_shape=own if pairs else made, source="generated",
        origin=_origin(base), summary=rule.summary,
        digest=hashlib.sha256(text.encode()).hexdigest()[:32] if base.digest else "",
    )  # fmt: skip


def _halved(base: DatasetSpec) -> DatasetSpec:
    """With the counts of both sides; the first has one more where the number is odd."""
    train, held_out = base.num_train // 2, base.num_held_out // 2
    return replace(
        base,
        num_train=base.num_train - train,
        num_train_b=train,
        num_held_out=base.num_held_out - held_out,
        num_held_out_b=held_out,
    )


def _shown(derived: Derived, base: DatasetSpec) -> str:
    return derived.stem if derived.stem in SHORT else base.title


def _origin(base: DatasetSpec) -> str:
    known = "" if base.source == "file" else f": {base.origin}"
    return f"made from `{base.name}`{known}"


def load(derived: Derived, base: Dataset) -> Dataset:
    """The set in memory; the held-out part comes from that of the images."""
    make = _pairs if derived.kind == "pairs" else _sides
    splits = {name: make(derived.rule, arrays, name) for name, arrays in base.splits.items()}
    return Dataset(spec_of(derived, base.spec), splits)


def _made(make: Callable[[Pixels], Pixels] | None, images: Pixels) -> Pixels:
    """What a function makes of images, some at a time, so that little memory is taken."""
    if make is None or not len(images):
        return images
    starts = range(0, len(images), PIECE)
    return freeze(np.concatenate([make(images[k : k + PIECE]) for k in starts]))


def _pairs(rule: Rule, arrays: Mapping[str, Array], _split: str) -> Split:
    made = {"input": _made(rule.make, arrays["image"]), "target": arrays["image"]}
    return made | ({"label": arrays["label"]} if "label" in arrays else {})


def _sides(rule: Rule, arrays: Mapping[str, Array], split: str) -> Split:
    images, labels = arrays["image"], arrays.get("label")
    halves = dict(zip("ab", halved(len(images), labels), strict=True))
    own = {side: _made(rule.first, images[rows]) for side, rows in halves.items()}
    made = {"a": freeze(own["a"]), "b": _made(rule.make, images[halves["b"]])}
    if labels is not None:
        made |= {f"{side}_label": freeze(labels[rows]) for side, rows in halves.items()}
    if split == "held_out":
        made |= {"a_truth": _made(rule.make, images[halves["a"]]), "b_truth": freeze(own["b"])}
    return made


def halved(count: int, labels: Pixels | None) -> tuple[Pixels, Pixels]:
    """Rows for side a and for side b, ascending: every image on one side, each class on both.

    The choice depends on nothing but the labels and a fixed seed.
    """
    order = np.argsort(np.random.PCG64(SIDES_SEED).random_raw(count), kind="stable")
    if labels is not None:
        order = order[np.argsort(labels[order], kind="stable")]
    return np.sort(order[::2]), np.sort(order[1::2])
