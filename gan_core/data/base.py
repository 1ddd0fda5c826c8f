"""What a data set is: its metadata, its arrays, and the rule for held-out data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gan_core.errors import DataError

if TYPE_CHECKING:
    from gan_core.types import Labels

HELD_OUT_SEED = 5000
FEW = 2_000  # images to learn from, below which a discriminator knows them by heart
KINDS = {
    "images": "images",
    "points": "2-D points",
    "pairs": "pairs of images",
    "sides": "two sides of images",
    "content_style": "a content picture and a style picture",
}


@dataclass(frozen=True)
class DatasetSpec:
    """Metadata of a data set, made without reading its images.

    Attributes:
        kind: "images", "points", "pairs" (an input and its target) or "sides" (a and b, unpaired),
            or "content_style" (two pictures, see content_style.py).
        image_shape: (H, W, C), or (2,) for points; of the input of pairs and of side a; () when the
            file's problem hides it.
        num_classes: K; 0 means no labels.
        class_names: K names, in the order of the classes 0..K-1.
        labels: K numbers that the classes have in the data, ascending: 0..K-1, or 3 and 8.
        num_train, num_held_out: images for training, and images that are never trained on.
        source: "bundled", "file", "download" or "generated".
        licence, origin: of the data, in words.
        download_bytes: still to be downloaded before the set can be used.
        available: False where the set must first be downloaded or its file has a problem.
        problem: why the file cannot be used, in words; "" means that it can.
        warning: what is wrong with its images although they can be used, and what to do.
        digest: of images and labels (checksum.py); "" where there is none yet, or none needed.
        target_shape: (H, W, C) of the target of pairs and of side b; () of images and points.
        num_train_b, num_held_out_b: images of side b; 0 but of sides, whose counts above are of side a.
        summary: what the set teaches, a sentence; "" where the title says it all.
    """

    name: str
    title: str
    kind: str
    image_shape: tuple[int, ...]
    num_classes: int
    class_names: tuple[str, ...]
    num_train: int
    num_held_out: int
    source: str
    licence: str
    origin: str
    download_bytes: int = 0
    available: bool = True
    problem: str = ""
    warning: str = ""
    labels: tuple[int, ...] = ()
    digest: str = ""
    target_shape: tuple[int, ...] = ()
    num_train_b: int = 0
    num_held_out_b: int = 0
    summary: str = ""

    @property
    def shape(self) -> str:
        """In words: `28 x 28 x 1`, of pairs `28 x 28 x 1 -> 28 x 28 x 3`, of sides one shape or both."""
        own, other = (" x ".join(map(str, s)) for s in (self.image_shape, self.target_shape))
        if self.kind == "pairs":
            return f"{own} -> {other}"
        return own if other in ("", own) else f"{own}, {other}"

    @property
    def amount(self) -> str:
        """How much there is to learn from, in words: `4,500 pairs`, `2,250 and 2,250 images`."""
        if self.kind == "sides":
            return f"{self.num_train:,} and {self.num_train_b:,} images"
        what = {"pairs": "pairs", "points": "2-D points"}.get(self.kind, "images")
        return f"{self.num_train:,} {what}"

    @property
    def num_bytes(self) -> int:
        """What its arrays take in memory, without labels."""
        own, other = math.prod(self.image_shape), math.prod(self.target_shape)
        count = self.num_train + self.num_held_out
        if self.kind == "points":
            return 4 * count * own
        if self.kind == "pairs":
            return count * (own + other)
        if self.kind == "sides":  # and what each held-out image should become
            held_out = self.num_held_out + self.num_held_out_b
            return self.num_train * own + self.num_train_b * other + held_out * (own + other)
        return count * own


@dataclass(frozen=True)
class Dataset:
    """A data set in memory: named arrays in two splits; they are read-only.

    Attributes:
        splits: {"train": arrays, "held_out": arrays}, each by name; images are uint8 [N, H, W, C] in
            0..255, labels int32 [N] in 0..K-1 and may be missing.
            images: "image" and "label"; points the same, float32 [N, 2];
            pairs: "input", "target" and "label", one row a pair;
            sides: "a", "b", "a_label", "b_label"; held out also "a_truth", what a[i] should become on
            side b, and "b_truth", both only where that is known.
    """

    spec: DatasetSpec
    splits: Mapping[str, Mapping[str, np.ndarray]]

    @classmethod
    def of(
        cls,
        spec: DatasetSpec,
        train: np.ndarray,
        train_labels: Labels | None,
        held_out: np.ndarray,
        held_out_labels: Labels | None,
    ) -> Dataset:
        """Of images or points, with or without labels."""
        both = {"train": (train, train_labels), "held_out": (held_out, held_out_labels)}
        return cls(spec, {name: named(*arrays) for name, arrays in both.items()})

    @property
    def train(self) -> np.ndarray:
        """Images or points to learn from; DataError where it holds pairs or two sides."""
        return self._plain("train")

    @property
    def train_labels(self) -> np.ndarray | None:
        """Their classes; None without labels."""
        return self.splits["train"].get("label")

    @property
    def held_out(self) -> np.ndarray:
        """Images or points that are never trained on; DataError where it holds pairs or two sides."""
        return self._plain("held_out")

    @property
    def held_out_labels(self) -> np.ndarray | None:
        """Their classes; None without labels."""
        return self.splits["held_out"].get("label")

    def _plain(self, split: str) -> np.ndarray:
        if "image" not in self.splits[split]:
            raise DataError(
                f"This needs images by themselves. Received: `{self.spec.name}`, which holds "
                f"{KINDS[self.spec.kind]}."
            )
        return self.splits[split]["image"]

    def one_of(self, label: int, rng: np.random.Generator) -> np.ndarray:
        """A training image of a class; black where it has none, as classes of older runs may."""
        found = np.flatnonzero(self.train_labels == label)
        return self.train[rng.choice(found)] if len(found) else np.zeros_like(self.train[0])


def named(images: np.ndarray, labels: Labels | None) -> dict[str, np.ndarray]:
    """One split of images or points."""
    return {"image": images} if labels is None else {"image": images, "label": labels}


def freeze(array: np.ndarray) -> np.ndarray:
    """The array, C-contiguous and read-only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def held_out_counts(num_images: int, labels: Labels | None) -> Labels:
    """How many images to hold out: int64 [K], a tenth of each class rounded half up.

    Without labels, all images are one class. At least one image is held out altogether.
    """
    counts = np.array([num_images]) if labels is None else np.bincount(labels)
    held_out = (counts + 5) // 10
    if held_out.sum() == 0:
        held_out[np.argmax(counts)] = 1
    return held_out


def held_out_split(num_images: int, labels: Labels | None) -> tuple[np.ndarray, np.ndarray]:
    """Indices (train, held_out) of a set without a test split of its own; both ascending.

    The choice depends on nothing but the labels and a fixed seed. Raw bits of PCG64 are the one
    random stream that NumPy promises never to change, so a resumed run holds out the same images.
    """
    order = np.argsort(np.random.PCG64(HELD_OUT_SEED).random_raw(num_images), kind="stable")
    counts = held_out_counts(num_images, labels)
    classes = np.zeros(num_images, np.int64) if labels is None else labels[order]
    by_class = order[np.argsort(classes, kind="stable")]
    starts = np.searchsorted(np.sort(classes), np.arange(len(counts)))
    chosen = [by_class[start : start + n] for start, n in zip(starts, counts, strict=True)]
    is_held_out = np.zeros(num_images, bool)
    is_held_out[np.concatenate(chosen)] = True
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
