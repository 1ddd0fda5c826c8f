"""How sure the judge is of images: it names classes, and was never told that an image may be made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gan_core.data import Dataset
from gan_core.errors import DataError

REFERENCES = 200  # held-out real images that its sureness is ranked among
KEPT = 4  # data sets


@dataclass(frozen=True)
class Judged:
    """Of N images: the probability [N] of the class it names, that class [N], and the share [N] of real
    held-out images of which it is less sure."""

    sure: np.ndarray
    classes: np.ndarray
    beats_real: np.ndarray


class Judging:
    """The judges of data sets, each with its sureness of real images.

    Args:
        data_dir: where data sets are kept, and judges that were trained for them.
    """

    def __init__(self, data_dir):
        self._data_dir = data_dir
        self._known: dict[tuple, tuple] = {}

    def of(self, dataset: Dataset, pixels: np.ndarray) -> Judged:
        """What it says of uint8 [N, H, W, C].

        Raises:
            DataError: there is no judge for these data, or it names no classes.
        """
        judge, real = self._judge(dataset)
        sure, classes = sureness(judge, pixels)
        return Judged(sure, classes, np.searchsorted(real, sure, side="left") / len(real))

    def _judge(self, dataset: Dataset):
        key = (dataset.spec.name, dataset.spec.digest)
        if key not in self._known:
            judge = _open(dataset, self._data_dir)
            real = np.sort(sureness(judge, dataset.held_out[:REFERENCES])[0])
            while len(self._known) >= KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = (judge, real)
        return self._known[key]


def _open(dataset: Dataset, data_dir):
    from gan_core.evaluation.features import cache_folder, open_judge

    found = open_judge(dataset, cache_folder(data_dir), phase=_do_not_train)
    if not found.num_classes:
        raise DataError(
            f"The judge of `{dataset.spec.name}` names no classes, so it cannot be sure."
        )
    return found


def _do_not_train(phase: str) -> None:
    raise DataError("There is no judge for these data yet. It comes with the first evaluation.")


def sureness(judge, pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability [N] of the class that it names, and that class [N], of uint8 [N, H, W, C]."""
    from gan_core.evaluation import judge as judges

    features, _ = judges.look(judge, pixels)
    kernel, bias = (
        judge.weights[f"output/{name}"].astype(np.float64) for name in ("kernel", "bias")
    )
    logits = features @ kernel + bias
    return 1 / np.exp(logits - logits.max(1, keepdims=True)).sum(1), logits.argmax(1)
