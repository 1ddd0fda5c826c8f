"""Does the Fréchet distance grow when images get worse? Each extractor on each kind of damage.

Half of a data set is the reference; the other half is measured against it as it is, then damaged in five
strengths. A good extractor's distance grows at each step. Then three checkpoints of one run are ranked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from gan_core import data
from gan_core.bench.damage import damaged
from gan_core.errors import DataError
from gan_core.evaluation import features, judge
from gan_core.evaluation.frechet import frechet_distance, moments, root
from gan_core.storage.images import to_uint8

MOST = 1000  # images of each half
LEAST = 50
OTHERS = "mnist_5k"  # mixed in
STEPS = (40, 120, 400)  # of a training that is ranked


@dataclass(frozen=True)
class Grown:
    """Distances of one kind of damage on one data set under one extractor.

    Attributes:
        real: of undamaged images.
        values: at the five strengths, weakest first.
    """

    dataset: str
    extractor: str
    damage: str
    real: float
    values: tuple[float, ...]

    @property
    def grows(self) -> bool:
        """Whether each is larger than the one before."""
        row = (self.real, *self.values)
        return all(a < b for a, b in zip(row, row[1:], strict=False))


def growth(
    names: Sequence[str],
    data_dir: Path,
    *,
    seed: int = 0,
    phase: Callable[[str], None] = lambda text: None,
) -> list[Grown]:
    """All kinds of damage on the data sets of these names; labelled ones under their judge, too.

    Raises:
        DataError: a set is unknown, holds no images or too few.
    """
    return [
        row for name in names for row in _of_set(data.load(name, data_dir), data_dir, seed, phase)
    ]


def _of_set(dataset, data_dir: Path, seed: int, phase) -> list[Grown]:
    images, name = dataset.train, dataset.spec.name
    order = np.random.default_rng(seed).permutation(len(images))
    half = min(MOST, len(images) // 2)
    if half < LEAST:
        raise DataError(f"`{name}` has {len(images)} images. Needed: {2 * LEAST} or more.")
    reference, others = images[order[:half]], images[order[half : 2 * half]]
    judges = _judges(dataset, data_dir, phase)
    known = {kind: moments(judge.look(j, reference)[0]) for kind, j in judges.items()}
    roots = {kind: root(found.covariance) for kind, found in known.items()}

    def distances(some: np.ndarray) -> dict[str, float]:
        return {
            kind: frechet_distance(known[kind], _moments(j, some), roots[kind])
            for kind, j in judges.items()
        }

    phase(f"{name}, {half} images")
    rows, real = [], distances(others)
    strange = _like(data.load(OTHERS, data_dir).train[:half], dataset.spec.image_shape)
    for what, sets in damaged(others, strange, seed):
        phase(f"{name}: {what}")
        found = [distances(some) for some in sets]
        rows += [
            Grown(name, kind, what, real[kind], tuple(row[kind] for row in found))
            for kind in judges
        ]
    return rows


@dataclass(frozen=True)
class Ranked:
    """Distances of one training at some steps, under each extractor."""

    dataset: str
    steps: tuple[int, ...]
    distances: dict[str, tuple[float, ...]]

    @property
    def agree(self) -> bool:
        """Whether all put the steps into the same order."""
        return len({tuple(np.argsort(values)) for values in self.distances.values()}) == 1


def ranking(
    name: str,
    data_dir: Path,
    *,
    steps: Sequence[int] = STEPS,
    seed: int = 1,
    phase: Callable[[str], None] = lambda text: None,
) -> Ranked:
    """Three checkpoints of a training of `fast_gan` on a labelled data set, ranked by each extractor."""
    from gan_core import recipes
    from gan_core.tasks import latent
    from gan_core.training.session import build_algorithm

    dataset = data.load(name, data_dir)
    judges, count = _judges(dataset, data_dir, phase), min(MOST, len(dataset.train) // 2)
    known = {kind: _moments(j, dataset.train[:count]) for kind, j in judges.items()}
    config = recipes.config("fast_gan", name, dataset.spec, seed=seed)
    algorithm = build_algorithm(config, dataset)
    z = latent.sample(count, config.latent_dim, seed=0)
    classes = latent.one_hot(np.arange(count) % dataset.spec.num_classes, dataset.spec.num_classes)
    found: dict[str, list[float]] = {kind: [] for kind in judges}
    done = 0
    for step in steps:
        phase(f"{name}: step {step}")
        algorithm.train_steps(step - done)
        done = step
        fakes = to_uint8(np.asarray(algorithm.sample(z, classes)))
        for kind, j in judges.items():
            found[kind].append(frechet_distance(known[kind], _moments(j, fakes)))
    return Ranked(name, tuple(steps), {kind: tuple(values) for kind, values in found.items()})


def _moments(j, images: np.ndarray):
    return moments(judge.look(j, images)[0].astype(np.float64))


def _judges(dataset, data_dir: Path, phase) -> dict[str, judge.Judge]:
    found = {
        "mobilenet": judge.mobilenet_judge(),
        "random": judge.random_judge(dataset.spec.image_shape),
    }
    if dataset.train_labels is not None and dataset.spec.num_classes > 1:
        cache = features.cache_folder(data_dir)
        found["judge"] = features.open_judge(dataset, cache, phase=phase)
    return found


def _like(images: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """Grey images in the size and the number of channels of others."""
    height, width, channels = shape
    made = [Image.fromarray(image.squeeze()).resize((width, height)) for image in images]
    return np.repeat(np.stack([np.asarray(m) for m in made])[..., None], channels, 3)
