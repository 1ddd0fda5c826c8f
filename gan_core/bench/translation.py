"""What translators can after so much training: goals, and whether they are reached.

The clock holds the building of networks and compilation, as in `time_to_quality`; measuring is not on it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from gan_core import data, recipes
from gan_core.bench.contenders import Contender
from gan_core.bench.worker import Worker
from gan_core.evaluation import translated
from gan_core.evaluation.features import cache_folder
from gan_core.evaluation.one_way import values_of
from gan_core.storage import images as pixels
from gan_core.tasks.translation import ways_of

COUNT = 500  # held-out images that are measured
CLOCKS = {"seconds": "s", "cpu_seconds": "CPU s"}
SHOWN = ("class_kept", "l1", "feature_distance")


class Goal(NamedTuple):
    """What a recipe shall reach on a data set, in every direction."""

    recipe: str
    dataset: str
    seconds: float
    measure: str
    bound: float

    def reached(self, ways: dict[str, dict[str, float]]) -> bool | None:
        """By the values of each way; None where they were not measured."""
        if not all(self.measure in values for values in ways.values()):
            return None
        found = [values[self.measure] for values in ways.values()]
        higher = self.measure == "class_kept"
        return min(found) >= self.bound if higher else max(found) <= self.bound

    @property
    def words(self) -> str:
        sign = "at least" if self.measure == "class_kept" else "at most"
        return f"{self.measure} {sign} {self.bound:g}"


GOALS = (
    Goal("fast_pix2pix", "edges_to_digits", 20, "class_kept", 0.95),
    Goal("fast_pix2pix", "edges_to_digits", 60, "l1", 0.055),
    Goal("fast_cyclegan", "digits_and_paper", 60, "class_kept", 0.94),
    Goal("fast_cyclegan", "digits_and_paper", 120, "class_kept", 0.96),
)


def translation(
    goals: Sequence[Goal],
    data_dir: Path,
    *,
    seeds: Sequence[int] = (1,),
    clock: str = "seconds",
    count: int = COUNT,
    phase: Callable[[str], None] = lambda text: None,
) -> list[dict]:
    """One row a goal and seed: steps, seconds of both clocks, values of each way, reached or not.

    Args:
        clock: of the goals' seconds: "seconds" that pass, or "cpu_seconds" of all threads, which a
            machine with one idle core needs at most.
        phase: is told who trains, and each row as soon as it is known.

    Raises:
        DataError: a data set that does not exist, or holds too few images out.
    """
    rows = []
    for recipe, dataset in dict.fromkeys((g.recipe, g.dataset) for g in goals):
        wanted = [g for g in goals if (g.recipe, g.dataset) == (recipe, dataset)]
        loaded = data.load(dataset, data_dir)
        ways = ways_of(recipes.config(recipe, dataset))
        reference = translated.open_reference(
            loaded, cache_folder(data_dir), tuple(ways), count=count, phase=phase
        )
        for seed in seeds:
            phase(f"{recipe} on {dataset}, seed {seed}")
            for row in _follow(wanted, data_dir, seed, clock, ways, reference):
                phase(f"  {row['mark']:g} {CLOCKS[clock]}: {row['ways']}")
                rows.append(row)
    return rows


def _follow(goals, data_dir, seed: int, clock: str, ways, reference) -> Iterator[dict]:
    """Rows of one training."""
    first = goals[0]
    worker = Worker(Contender(first.recipe), first.dataset, seed, data_dir)
    try:
        for goal in sorted(goals, key=lambda g: g.seconds):
            told = worker.ask(do="until", **{clock: goal.seconds})
            found = {way: _measured(worker, net, reference.ways[way]) for way, net in ways.items()}
            yield {
                "recipe": goal.recipe, "dataset": goal.dataset, "seed": seed, "clock": clock,
                "mark": goal.seconds, "goal": goal.words, "reached": goal.reached(found),
                "ways": found, **told,
            }  # fmt: skip
    finally:
        worker.close()


def _measured(worker: Worker, network: str, way) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        inputs, made = Path(folder, "inputs.npy"), Path(folder, "made.npy")
        np.save(inputs, pixels.to_float(way.inputs))
        worker.ask(do="translate", inputs=str(inputs), path=str(made), network=network)
        values = values_of(way, pixels.to_uint8(np.load(made)), quick=True)
    return {name: round(float(values[name]), 4) for name in SHOWN if name in values}
