"""Translation: a picture of one kind in, the same picture as another kind out.

Of pairs there is one way, towards "target". Of two sides there is one towards "b" and, where the
recipe learns both, one back towards "a".
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core import recipes, tasks
from gan_core.config import TrainConfig
from gan_core.errors import ConfigError, RunError
from gan_core.runs.run import Run
from gan_core.startup import runtime
from gan_core.tasks import given, pair_grids, run_data, stored
from gan_core.tasks.translator import CHUNK_PIXELS, HOMES, TARGET, A, B, Translator, network_of

if TYPE_CHECKING:
    from gan_core.algorithms.base import Algorithm
    from gan_core.data.base import Dataset, DatasetSpec
    from gan_core.types import Answer


def ways_of(config: TrainConfig) -> dict[str, str]:
    """Way -> the network that makes it, the main way first; by the recipe, without TensorFlow."""
    recipe = recipes.get(config.recipe)
    ways = (TARGET,) if recipe.needs == "pairs" else (B, A)
    return dict(zip(ways, recipe.shown, strict=False))


def require(run: Run) -> None:
    """RunError where a run's networks do not translate pictures."""
    task = tasks.of_run(run)
    if task.name != TASK.name:
        raise RunError(
            f"{run.id} does not translate pictures: it has a {task.what} "
            f"(recipe `{run.config['recipe']}`). {task.used.format(run=run.id)}".rstrip()
        )


def open_translator(
    run: Run, data_dir: Path, step: int | None = None, towards: str | None = None
) -> Translator:
    """The averaged networks of a run at a step (None: the newest).

    Raises:
        RunError: it does not translate, or has no weights yet, or none at that step.
        ConfigError: it does not translate in that direction.
    """
    require(run)
    config = TrainConfig.from_dict(run.config)
    ways = ways_of(config)
    way = network_of(ways, towards, run.id)
    step, spec = stored.wanted_step(run, step), run_data.spec(run, data_dir)
    runtime.start()
    models = {w: stored.open_network(run, step, name, spec) for w, name in ways.items()}
    return Translator(models, run.id, step, way, spec.image_shape, spec.target_shape)


def ways_of_run(run: Run) -> tuple[str, ...]:
    """The directions of a run, the main one first; () where it does not translate."""
    try:
        require(run)
        return tuple(ways_of(TrainConfig.from_dict(run.config)))
    except (RunError, ConfigError):
        return ()


def held_out(run: Run, data_dir: Path, count: int, towards: str | None) -> dict[str, np.ndarray]:
    """Some held-out images and what is known of them; see Lab.held_out."""
    require(run)
    way = network_of(ways_of(TrainConfig.from_dict(run.config)), towards, run.id)
    dataset = run_data.load(run, data_dir)
    home = HOMES[way]
    split = dataset.splits["held_out"]
    if not 1 <= count <= len(split[home]):
        raise ConfigError(
            f"`{dataset.spec.name}` holds {len(split[home])} images out. "
            f"Received: {count}. Allowed: 1 to {len(split[home])}."
        )
    target = split.get(TARGET if way == TARGET else f"{home}_truth")
    labels = split.get(pair_grids.LABELS[home])
    some = pair_grids.chosen(len(split[home]), count, labels)
    rows = {"input": split[home][some]}
    rows |= {} if target is None else {"target": target[some]}
    if labels is not None:
        own = np.array(dataset.spec.labels or range(dataset.spec.num_classes))
        rows["labels"] = own[labels[some]]
    return rows


def live_answer(algorithm: Algorithm, ways: Mapping[str, str]) -> Answer:
    """What the shown networks of a training make of images, (float32 [N, ...], way) -> the same."""

    def answer(inputs: np.ndarray, way: str) -> np.ndarray:
        count = max(1, CHUNK_PIXELS // (inputs.shape[1] * inputs.shape[2]))
        parts = (inputs[i : i + count] for i in range(0, len(inputs), count))
        return np.concatenate([algorithm.sample(part, ways[way]) for part in parts])

    return answer


class Translation:
    """A picture in, a picture out; algorithms.base.Task."""

    name = "translation"
    what = "translator"
    takes_z = False
    limits = (
        "It has learned pictures of one kind. Others come out as if they were of that kind, or wrong.",
        "Pictures of any size go through, but it has seen one size in training.",
        "What it fills in is likely, not true: it cannot know what the input does not show.",
    )
    used = "Give it pictures: `python -m gan_core translate {run} --in FILE --out FILE`."
    needs = ("pairs", "sides")
    parts_of_page = ("samples", "curves", "quality", "doctor", "translate")
    rules = "translation"

    def measuring(self, spec: DatasetSpec) -> str:
        """Of pairs beside their targets; of two sides beside the images of the other side."""
        return "translations"

    def previews(
        self, algorithm: Algorithm, config: TrainConfig, dataset: Dataset
    ) -> pair_grids.Previews:
        """Held-out images beside what becomes of them."""
        ways, splits = ways_of(config), dataset.splits
        plan = pair_grids.plan(dataset.spec, splits["held_out"], ways)
        answer = live_answer(algorithm, ways)
        return pair_grids.Previews(plan, splits["train"], lambda algorithm: answer)

    def layout(self, config: TrainConfig, spec: DatasetSpec) -> dict[str, Any]:
        """The size of these grids, as their header will tell it, and what stands in each column."""
        return pair_grids.layout(spec, ways_of(config))

    def preview_bytes(self, spec: DatasetSpec) -> int:
        """At most, of one stored grid."""
        ways = (TARGET,) if spec.kind == "pairs" else (B, A)
        return pair_grids.most_bytes(spec, dict.fromkeys(ways))

    def takes(self, config: TrainConfig, spec: DatasetSpec) -> tuple[given.Given, ...]:
        """An image of the kind that the main way begins with."""
        way = next(iter(ways_of(config)))
        return (given.image(spec.target_shape if way == A else spec.image_shape),)

    def open(self, run: Run, data_dir: Path, step: int | None = None) -> Translator:
        """The averaged networks of a run at a step (None: the newest)."""
        return open_translator(run, data_dir, step)


TASK = Translation()
