"""Which judge looks at a data set: bundled, stored, newly trained, or the one for images without labels."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gan_core.data import Dataset
from gan_core.errors import CheckpointError, DataError, RunError
from gan_core.evaluation import judge as judges
from gan_core.evaluation.judge import Judge
from gan_core.evaluation.train_judge import SETTINGS, train_judge
from gan_core.storage.assets import ASSETS

BUNDLED = {"mnist_5k": "digits", "mnist": "digits", "fashion_mnist": "fashion"}
BUNDLED_SHAPE, BUNDLED_CLASSES = (28, 28, 1), 10
SEED = 0
CACHE = ".measures"  # folder inside the data folder for judges and real statistics


def cache_folder(data_dir: Path | str) -> Path:
    """Where judges and real statistics of the data folder are kept; deleting it only costs time."""
    return Path(data_dir) / CACHE


def open_judge(
    dataset: Dataset, cache: Path, *, phase: Callable[[str], None] = lambda text: None
) -> Judge:
    """The judge of a data set; trains one, at most 90 s on two cores, where there is none yet.

    Sets without labels, or with a single class, get the network of mobilenet.py.

    Args:
        cache: where a newly trained judge is kept.
        phase: told what is being done, for the person who waits.

    Raises:
        DataError: the data are points, which have no pixels to look at.
    """
    spec = dataset.spec
    if spec.kind != "images":
        raise DataError(
            f"Quality is measured on images only. Received: `{spec.name}` ({spec.kind})."
        )
    if dataset.train_labels is None or spec.num_classes < 2:
        return judges.mobilenet_judge()
    fits = spec.image_shape == BUNDLED_SHAPE and spec.num_classes == BUNDLED_CLASSES
    if spec.name in BUNDLED and fits:
        return judges.load(ASSETS / "judges" / f"{BUNDLED[spec.name]}.npz")
    path = cache / f"judge-{_key(dataset)}.npz"
    with contextlib.suppress(CheckpointError):  # missing or damaged: train it
        return judges.load(path)
    phase("training a judge")
    judge = _train(dataset)
    keep(path, lambda: judges.save(path, judge))
    return judge


def _train(dataset: Dataset) -> Judge:
    labels, held_out_labels = dataset.train_labels, dataset.held_out_labels
    if labels is None or held_out_labels is None:
        raise DataError(f"A judge learns from labels, and `{dataset.spec.name}` has none.")
    return train_judge(
        dataset.train,
        labels,
        dataset.held_out,
        held_out_labels,
        num_classes=dataset.spec.num_classes,
        seed=SEED,
    )


def keep(path: Path, write: Callable[[], None]) -> None:
    """Write into the cache; where that cannot be written it is made again next time."""
    with contextlib.suppress(OSError, RunError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write()


def _key(dataset: Dataset) -> str:
    text = f"{digest(dataset)} {SETTINGS} seed {SEED}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def digest(dataset: Dataset) -> str:
    """SHA-256 of the images and labels of a data set."""
    found = hashlib.sha256()
    for array in (
        dataset.train,
        dataset.train_labels,
        dataset.held_out,
        dataset.held_out_labels,
    ):
        if array is not None:
            found.update(f"{array.shape} {array.dtype}".encode())
            found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()
