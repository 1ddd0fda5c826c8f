"""Settings that were chosen and do nothing in the recipe they were chosen for."""

from __future__ import annotations

from gan_core.config import SETTINGS, TrainConfig
from gan_core.recipes import get


def penalties(config: TrainConfig) -> list[str]:
    """Weights of gradient penalties that differ from their defaults and that the recipe does not take."""
    taken = get(config.recipe).defaults
    if "penalty_at" in taken:  # the toy takes them all, one at a time
        return []
    weights = [name for name, setting in SETTINGS.items() if setting.penalty]
    return [n for n in weights if n not in taken and getattr(config, n) != SETTINGS[n].default]


def warnings(config: TrainConfig) -> list[str]:
    """A sentence for each."""
    return [
        f"`{name}` does nothing here: `{config.recipe}` takes no such penalty. "
        "Recipes with gradient penalties: wgan_gp, r3gan, toy_mlp."
        for name in penalties(config)
    ]
