"""Whether settings can be trained on the data that are here."""

from __future__ import annotations

from pathlib import Path

from gan_core import data, recipes
from gan_core.config import TrainConfig
from gan_core.errors import ConfigError, DataError
from gan_core.startup import runtime


def check(config: TrainConfig, data_dir: Path) -> data.DatasetSpec:
    """The data set of these settings.

    Raises:
        ConfigError: settings that do not go with the recipe.
        DataError: an unusable data set, or one that the recipe cannot train on.
    """
    if config.precision == "bfloat16":
        runtime.refuse_bfloat16()
    recipe = recipes.get(config.recipe)
    if conflict := recipe.conflict(config):
        raise ConfigError(f"{conflict}.")
    spec = data.spec(config.dataset, data_dir)
    if spec.problem:
        raise DataError(f"`{spec.name}` cannot be used: {spec.problem}")
    if misfit := recipe.misfit(spec):
        fitting = ", ".join(recipes.fitting(spec)) or "none"
        raise DataError(f"`{config.recipe}` {misfit}. Recipes that fit: {fitting}.")
    return spec
