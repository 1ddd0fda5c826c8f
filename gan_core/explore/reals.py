"""Real images to compare with: the data set of a generator, and the nearest ones by two measures.

By pixels every image is searched at once. Features of the judge are computed beside, a chunk at a
time, since 60,000 images take half a minute; they are ready when they are ready.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan_core import data
from gan_core.data import derived
from gan_core.errors import DataError, GanError, UnknownDataError
from gan_core.explore.neighbours import Neighbours, PixelIndex
from gan_core.storage.images import to_float

if TYPE_CHECKING:
    from gan_core.evaluation.judge import Judge

CHUNK = 512  # images the judge looks at between two pauses
COUNT = 8  # nearest images that are shown


@dataclass(frozen=True)
class ByFeatures:
    """The nearest training images in the features of a judge, by cosine, nearest first."""

    indices: np.ndarray
    cosines: np.ndarray


class Reals:
    """One data set at a time and what is made of it.

    Args:
        data_dir: where data sets are kept.
        is_training: whether something trains now, so that the judge should rest between its looks.
    """

    def __init__(self, data_dir: Path, is_training: Callable[[], bool] = lambda: False):
        self._data_dir, self._is_training = data_dir, is_training
        self._lock = threading.Lock()
        self._dataset: data.Dataset | None = None
        self._index: PixelIndex | None = None
        self._features: Features | None = None

    def dataset(self, name: str | None) -> data.Dataset:
        """A data set, kept until another one is asked for.

        Raises:
            DataError: there is none, it would have to be downloaded first, or cannot be read.
        """
        if name is None:
            raise DataError(
                "What this generator learned from is not known, so nothing is compared."
            )
        spec = self._spec(name)
        with self._lock:
            if self._dataset is None or self._dataset.spec != spec:
                if self._features is not None:
                    self._features.stop()
                self._dataset, self._index = data.load(name, self._data_dir), None
                self._features = None
            return self._dataset

    def _spec(self, name: str) -> data.DatasetSpec:
        words = f"`{name}` is not on this machine, so nothing is compared."
        try:
            spec = data.spec(name, self._data_dir)
        except UnknownDataError as error:
            where = f"Looked for {derived.file_of(name)} in {self._data_dir}."
            raise DataError(f"{words} {where}") from error
        if spec.problem:
            raise DataError(f"`{name}` cannot be used: {spec.problem}")
        if not spec.available:
            raise DataError(f"{words} Its download is not in {self._data_dir}.")
        return spec

    def nearest(self, dataset: data.Dataset, pixels: np.ndarray):
        """(Neighbours, ByFeatures or words why there are none yet) of uint8 [H, W, C]."""
        with self._lock:
            if self._index is None:
                self._index = PixelIndex(dataset.train, dataset.held_out)
            if self._features is None:
                self._features = Features(dataset, self._data_dir, self._is_training)
            index, features = self._index, self._features
        found: Neighbours = index.nearest(to_float(pixels), COUNT)
        return found, features.nearest(pixels)


class Features:
    """The judge's features of all training images, computed by a thread of its own."""

    def __init__(self, dataset: data.Dataset, data_dir: Path, is_training: Callable[[], bool]):
        self._train, self._is_training = dataset.train, is_training
        self._judge: Judge | None = None
        self._rows: list[np.ndarray] = []
        self._all: np.ndarray | None = None
        self.problem = ""
        self._over = threading.Event()
        work = threading.Thread(
            target=self._work, args=(dataset, data_dir), name="features", daemon=True
        )
        work.start()

    def stop(self) -> None:
        """No more looks."""
        self._over.set()

    @property
    def waiting(self) -> bool:
        """Whether there will be an answer later."""
        return self._all is None and not self.problem

    def nearest(self, pixels: np.ndarray) -> ByFeatures | str:
        """Of uint8 [H, W, C]; words while there is nothing to compare with."""
        if self._all is None or self._judge is None:
            done = len(self._rows) * CHUNK / max(1, len(self._train))
            share = 100 * min(0.99, done)
            return self.problem or f"The judge has looked at {share:.0f} % of them so far."
        from gan_core.evaluation import judge

        own = _unit(judge.look(self._judge, pixels[None])[0])[0]
        cosines = self._all @ own
        order = np.argpartition(-cosines, min(COUNT, len(cosines) - 1))[:COUNT]
        order = order[np.argsort(-cosines[order], kind="stable")]
        return ByFeatures(order, cosines[order])

    def _work(self, dataset: data.Dataset, data_dir: Path) -> None:
        from gan_core.evaluation import judge
        from gan_core.evaluation.features import cache_folder, open_judge

        try:
            own = self._judge = open_judge(dataset, cache_folder(data_dir), phase=_do_not_train)
            for start in range(0, len(self._train), CHUNK):
                if self._over.is_set():
                    return
                began = time.monotonic()
                found, _ = judge.look(own, self._train[start : start + CHUNK])
                self._rows.append(_unit(found))
                if self._is_training():
                    self._over.wait(3 * (time.monotonic() - began))
            self._all = np.concatenate(self._rows)
        except GanError as error:
            self.problem = str(error)


def _do_not_train(phase: str) -> None:
    raise DataError("There is no judge for these data yet. It comes with the first evaluation.")


def _unit(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1; zeros stay zeros."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
