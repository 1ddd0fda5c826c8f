"""Small translators on a few bundled digits: pairs of edges and digits, and two sides of them."""

import numpy as np
import pytest

from gan_core import data, recipes
from gan_core.config import SETTINGS
from gan_core.training.session import build_algorithm

SMALL = {"width": 4, "batch_size": 4, "seed": 3}
SETS = {"pairs": "edges_to_digits", "sides": "digits_and_paper"}
NAMES = [name for name in recipes.names() if recipes.get(name).task == "translation"]
LARGE = ("cyclegan", "pix2pix")  # to the letter: for pictures of 64 pixels and more


def enlarged(dataset):
    """The first 24 of each array, of 64 x 64 pixels: the middle of each picture beside itself."""
    import dataclasses

    def grown(array):
        return np.tile(array[:24, 6:22, 6:22], [1, 4, 4, 1]) if array.ndim == 4 else array[:24]

    splits = {s: {n: grown(a) for n, a in arrays.items()} for s, arrays in dataset.splits.items()}
    spec = dataset.spec
    shapes = [(64, 64, shape[-1]) for shape in (spec.image_shape, spec.target_shape)]
    spec = dataclasses.replace(spec, image_shape=shapes[0], target_shape=shapes[1])
    return dataclasses.replace(dataset, spec=spec, splits=splits)


@pytest.fixture(scope="session")
def datasets(tmp_path_factory):
    """Recipe -> a set that it can train on."""
    folder = tmp_path_factory.mktemp("data")
    loaded = {kind: data.load(name, folder) for kind, name in SETS.items()}
    larger = {kind: enlarged(dataset) for kind, dataset in loaded.items()}
    return {n: (larger if n in LARGE else loaded)[recipes.get(n).needs] for n in NAMES}


@pytest.fixture(scope="session")
def make(datasets):
    """(recipe, copy=0, **changes) -> a small algorithm of it in its first state.

    Building networks takes most of a test's time: those of the same settings are built once for all
    tests, and again for each further `copy`; live settings are turned.
    """
    built = {}

    def algorithm(name, copy=0, **changes):
        knobs = {n: v for n, v in changes.items() if SETTINGS[n].live}
        fixed = {n: v for n, v in changes.items() if n not in knobs}
        key = name, copy, tuple(sorted(fixed.items()))
        if key not in built:
            dataset = datasets[name]
            config = recipes.config(name, dataset.spec.name, **(SMALL | fixed))
            made = build_algorithm(config, dataset)
            built[key] = made, made.state()
        made, start = built[key]
        made.load_state(start)
        made.set_knobs(knobs)
        return made

    return algorithm


def told(algorithm, values):
    """A step's metrics by name."""
    return dict(zip(algorithm.metric_names, np.asarray(values).tolist(), strict=True))
