"""What a run's networks are trained to do, one small module each: a recipe names its task.

Adding `tasks/foo.py` with a `TASK` adds *foo*; see gan_core.algorithms.base.Task.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from gan_core import recipes

if TYPE_CHECKING:
    from gan_core.algorithms.base import Task
    from gan_core.config import TrainConfig
    from gan_core.runs.run import Run


def get(name: str) -> Task:
    """The task of that name (algorithms.base.Task); imports no TensorFlow."""
    found: Task = importlib.import_module(f"{__name__}.{name}").TASK
    return found


def of_config(config: TrainConfig) -> Task:
    """The task of a run's settings: that of its recipe.

    Raises:
        ConfigError: there is no such recipe here.
    """
    return get(recipes.get(config.recipe).task)


def of_run(run: Run) -> Task:
    """The task of a run; ConfigError where its recipe is of another installation."""
    return get(recipes.get(run.config["recipe"]).task)
