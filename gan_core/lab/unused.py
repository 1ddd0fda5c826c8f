"""Settings that were chosen and do nothing in the recipe they were chosen for."""

from __future__ import annotations

from gan_core import recipes
from gan_core.config import SETTINGS, TrainConfig

PENALTIES = tuple(name for name, setting in SETTINGS.items() if setting.penalty)


def penalties(config: TrainConfig) -> list[str]:
    """Weights of gradient penalties that differ from their defaults and that the recipe does not take."""
    taken = recipes.get(config.recipe).defaults
    if "penalty_at" in taken:  # the toy takes them all, one at a time
        return []
    weights = recipes.get(config.recipe).weights(config)
    return [n for n in PENALTIES if n not in weights and getattr(config, n) != SETTINGS[n].default]


def why(name: str, config: TrainConfig) -> str:
    """A sentence on such a weight."""
    if name in recipes.get(config.recipe).defaults:
        return f"`{name}` does nothing here while `r1_every` is 0."
    return f"`{name}` does nothing here. Recipes with gradient penalties: {takers()}."


def takers() -> str:
    """The recipes that take such a weight at their own settings."""
    own = {name: recipes.config(name, "") for name in recipes.names()}
    return ", ".join(name for name, config in own.items() if recipes.get(name).weights(config))
