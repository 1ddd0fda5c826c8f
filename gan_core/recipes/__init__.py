"""Recipes, one small file each: adding `recipes/foo.py` adds *foo* everywhere."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from gan_core.config import LIMITS, SETTINGS, TrainConfig
from gan_core.data.base import FEW
from gan_core.errors import ConfigError, unknown
from gan_core.networks import sizes
from gan_core.recipes._base import Images, Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gan_core.data.base import DatasetSpec

DEFAULT = str(SETTINGS["recipe"].default)


def names() -> list[str]:
    """Names of all recipes, sorted; imports none of them."""
    return list(_found_in(tuple(__path__)))


@functools.cache
def _found_in(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Looked for once: every page and route asks, some for each of many runs."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folders) if m.name[0] != "_"))


def get(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        ConfigError: no such recipe; the text suggests the nearest one.
    """
    if name not in names():
        raise ConfigError(unknown("recipe", name, names()))
    return importlib.import_module(f"{__name__}.{name}").RECIPE


def quick_starts() -> list[tuple[str, str]]:
    """(recipe, data set) that are offered for one press, the best first."""
    places = [(place, name, d) for name in names() for d, place in get(name).quick_starts.items()]
    return [(name, dataset) for _, name, dataset in sorted(places)]


def soonest(found: Iterable[str]) -> list[str]:
    """These recipes, first the one whose samples can be recognised soonest: the one to begin with."""
    return sorted(found, key=lambda name: (get(name).readable_seconds, name))


def fitting(spec: DatasetSpec) -> list[str]:
    """Names of the recipes that can train on a set, the one to begin with first."""
    return soonest(name for name in names() if not get(name).misfit(spec))


def meant(name: str, value: Any, spec: DatasetSpec, of: Mapping[str, Any]) -> Any:
    """What a setting's value comes to on these data: levels as many as fit, augmentation decided.

    Args:
        of: the settings of the same run, which decide how many levels fit; any may be missing or wrong.
    """
    if spec.kind != "images":
        return value
    if name in ("levels", "d_levels"):
        return _fitting(name, value, spec.image_shape, of)
    if name == "small_levels":
        return SETTINGS[name].default
    return "none" if (name, value) == ("augment", "auto") and spec.num_train >= FEW else value


def _fitting(name: str, value: Any, shape: Sequence[int], of: Mapping[str, Any]) -> Any:
    """Levels of G, or D's further ones, that fit images [H, W, C]; `value` where one is no number."""
    names = ("levels", "small_levels", "d_levels")
    levels, small, more = (of.get(n, SETTINGS[n].default) for n in names)
    if not all(isinstance(n, int) for n in (levels, small, more)):
        return value
    fit = max(1, min(levels, sizes.most_levels(shape, small)))
    return fit if name == "levels" else sizes.more_levels(shape, fit, more)


def config(recipe: str, dataset: str, images: Images | None = None, **overrides) -> TrainConfig:
    """The recipe's own settings for a data set, with some overridden and all checked.

    Args:
        images: its DatasetSpec, or a run of what it learned from, where it is known: a recipe may have other
            settings for colour, and for few images.
    """
    fields = {"recipe": recipe, "dataset": dataset, **get(recipe).own(images)}
    if not overrides.keys().isdisjoint(LIMITS):  # a person's limit replaces ours
        fields = {k: v for k, v in fields.items() if k not in LIMITS}
    return TrainConfig.from_dict(fields | overrides)
