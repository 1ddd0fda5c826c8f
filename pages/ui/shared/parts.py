"""What the pages show of a run: the parts that its recipe's task names, as far as the pages know them."""

from __future__ import annotations

from typing import NamedTuple

from gan_core import recipes, tasks
from gan_core.errors import GanError
from pages.ui.shared.language import N_
from pages.ui.shared.state import EXPLORE, STYLE, TRANSLATE

OF_OTHERS = ("samples", "curves", "quality", "doctor")  # of a recipe of another installation


class Trying(NamedTuple):
    """The page on which people try what a run learned."""

    page: str
    label: str
    icon: str
    help: str


TRYING = {  # by part
    "explore": Trying(
        EXPLORE,
        N_("Explore"),
        ":material/explore:",
        N_("Move through the images that it can make"),
    ),
    "translate": Trying(
        TRANSLATE,
        N_("Translate"),
        ":material/brush:",
        N_("Draw or load a picture and see what becomes of it"),
    ),
    "style": Trying(
        STYLE,
        N_("Style"),
        ":material/palette:",
        N_("Its content and style in other ways, at once or step by step"),
    ),
}
CHARTS = {"picture": "stylisation"}  # by part: a choice of charts (metric_table.charts.FIRST)


def of(recipe: str) -> tuple[str, ...]:
    """The parts of a recipe's runs; points are not explored."""
    try:
        found = recipes.get(recipe)
    except GanError:
        return OF_OTHERS
    named = tasks.get(found.task).parts_of_page
    return tuple(part for part in named if part != "explore" or found.needs != "points")


def trying(recipe: str) -> Trying | None:
    """Where a recipe's runs are tried; None where no page does that."""
    return next((TRYING[part] for part in of(recipe) if part in TRYING), None)


def explored(recipe: str) -> bool:
    """Whether Explore shows a recipe's runs."""
    return "explore" in of(recipe)


def on_data_sets() -> list[str]:
    """Names of the recipes that train on a data set; the others are given their pictures."""
    return [name for name in recipes.names() if recipes.get(name).needs != "content_style"]


def makes_points(recipe: str) -> bool:
    """Whether a recipe's runs make points; needs no data."""
    try:
        return recipes.get(recipe).needs == "points"
    except GanError:
        return False


def kind_of(recipe: str) -> str:
    """What a recipe's runs translate: "pairs", "one_way" or "both_ways" of two sides; "" of others."""
    try:
        found = recipes.get(recipe)
    except GanError:
        return ""
    if "translate" not in of(recipe):
        return ""
    sides = "both_ways" if len(found.shown) > 1 else "one_way"
    return {"pairs": "pairs", "sides": sides}.get(found.needs, "")


def charts_of(recipe: str) -> str:
    """Which choice of charts a recipe's runs have, of metric_table.charts.FIRST; "" of most."""
    own = next((CHARTS[part] for part in of(recipe) if part in CHARTS), "")
    return kind_of(recipe) or own
