"""What a run's networks are trained to do, one small module each: a recipe names its task.

Adding `tasks/foo.py` with a `TASK` adds *foo*; see gan_core.algorithms.base.Task.
"""

from __future__ import annotations

import importlib

from gan_core import recipes


def get(name: str):
    """The task of that name (algorithms.base.Task); imports no TensorFlow."""
    return importlib.import_module(f"{__name__}.{name}").TASK


def of_config(config):
    """The task of a run's settings: that of its recipe.

    Raises:
        ConfigError: there is no such recipe here.
    """
    return get(recipes.get(config.recipe).task)


def of_run(run):
    """The task of a run; ConfigError where its recipe is of another installation."""
    return get(recipes.get(run.config["recipe"]).task)
