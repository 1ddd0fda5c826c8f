"""Networks that are built and compiled once and lent to one training after another.

Building and tracing take two thirds of a short training's time. What a training gets has every variable
(weights, averages, optimisers, counters, randomness) as it was when it was built, and its own settings; two
trainings of one test never share one. A test that compares states bit for bit is marked `fresh`: it builds
its own.
"""

import contextlib
import threading
from collections import defaultdict

from gan_core.config import LIVE_KNOBS

# Settings that an algorithm never reads: when to end, to draw and to save.
OUTSIDE = ("num_steps", "num_minutes", "sample_every", "checkpoint_every", "steps_per_second")


@contextlib.contextmanager
def uncompiled():
    """Steps run as plain Python in this block: a compilation costs more than a few of them."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(False)


class Lender:
    """Instead of training.session.build_algorithm.

    Args:
        build: (config, dataset, device) -> an algorithm in its first state.
        recipe_of: name -> its Recipe as it is now; a test may have registered one of its own.
    """

    def __init__(self, build, recipe_of):
        self._build, self._recipe_of = build, recipe_of
        self.fresh = False  # whether all are built anew
        self._free, self._lent, self._recipes = defaultdict(list), [], {}

    def __call__(self, config, dataset, device="/CPU:0"):
        """An algorithm in its first state that nobody else has."""
        if self.fresh:
            return self._build(config, dataset, device)
        key = self._key(config, dataset, device)
        if self._free[key]:
            algorithm, first = self._free[key].pop()
            algorithm.load_state(first)
            algorithm.set_knobs({name: getattr(config, name) for name in algorithm.knobs()})
        else:
            algorithm = self._build(config, dataset, device)
            first = algorithm.state()
        self._lent.append((key, algorithm, first))
        return algorithm

    @property
    def count(self) -> int:
        """How many are lent."""
        return len(self._lent)

    def take_back(self, start: int = 0) -> None:
        """Those lent since there were `start` are free again; none is while a training goes on."""
        lent, self._lent = self._lent[start:], self._lent[:start]
        if any(thread.name[:5].isdigit() for thread in threading.enumerate()):
            return
        for key, algorithm, first in lent:
            self._free[key].append((algorithm, first))

    def _key(self, config, dataset, device):
        settings = config.model_dump(exclude={*OUTSIDE, *LIVE_KNOBS})
        arrays = [a for split in dataset.splits.values() for a in split.values()]
        content = hash(tuple((array.shape, array.tobytes()) for array in arrays))
        recipe = self._recipe_of(config.recipe)
        self._recipes[id(recipe)] = recipe  # as long as it is kept, no other has its id
        return id(recipe), str(sorted(settings.items())), str(dataset.spec), content, device
