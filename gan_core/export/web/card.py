"""What a web page says of the network it draws with: where it is from, and how good it was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gan_core import recipes
from gan_core.config import TrainConfig
from gan_core.data import Dataset
from gan_core.errors import ConfigError, DataError
from gan_core.metric_table.metrics import is_distance, measured_by
from gan_core.runs import quality
from gan_core.runs.run import Run
from gan_core.tasks import run_data
from gan_core.tasks.translator import HOMES

PICTURES = 64


def of_run(run: Run, data_dir: Path | str, step: int) -> dict[str, str]:
    """Title, recipe, data and its licence, and the quality at a step, all in words; "" where unknown."""
    config = TrainConfig.from_dict(run.config)
    return {
        "name": run.id,
        "title": run.notes().name or f"{_title(config.recipe)}, {config.dataset}",
        "about": f"{_title(config.recipe)}",
        "recipe": f"{_title(config.recipe)} ({config.recipe})",
        **_data(run, data_dir),
        "step": f"{step:,}",
        "quality": _quality(run, step),
    }


def of_library(card: dict[str, Any]) -> dict[str, str]:
    """The same of a network without a run: one that comes with the app, or was opened from a file."""
    texts = {name: str(card.get(name) or "") for name in ("title", "data")}
    recipe, step = str(card.get("recipe") or ""), card.get("step")
    return {
        "name": "".join(c if c.isalnum() else "_" for c in texts["title"])[:40] or "network",
        "title": texts["title"] or "A network from a file",
        "about": _title(recipe),
        **texts,
        "recipe": f"{_title(recipe)} ({recipe})" if recipe else "",
        "licence": str(card.get("data_licence") or ""),
        "origin": str(card.get("data_origin") or "").replace("`", ""),
        "step": f"{step:,}" if isinstance(step, int) else "",
        "quality": "",
    }


def pictures(trained, load: Callable[[], Dataset]) -> dict[str, np.ndarray]:
    """Held-out inputs of each way of a translator; {} of generators, and where the data are not here."""
    if not hasattr(trained, "models"):
        return {}
    try:
        held_out = load().splits["held_out"]
    except DataError:
        return {}
    homes = {way: held_out[HOMES[way]] for way in trained.ways}
    return {way: found[_spread(len(found))] for way, found in homes.items()}


def _spread(count: int) -> np.ndarray:
    return np.unique(np.linspace(0, count - 1, min(PICTURES, count)).astype(int))


def _title(recipe: str) -> str:
    try:
        return recipes.get(recipe).title
    except ConfigError:
        return recipe


def _data(run: Run, data_dir: Path | str) -> dict[str, str]:
    try:
        spec = run_data.spec(run, data_dir)
    except DataError:
        return {"data": str(run.config.get("dataset", "")), "licence": "", "origin": ""}
    origin = Path(spec.origin).name if spec.source == "file" else spec.origin.replace("`", "")
    return {
        "data": f"{spec.title}, {spec.amount}, {spec.shape}",
        "licence": spec.licence,
        "origin": origin,
    }


def _quality(run: Run, step: int) -> str:
    """The measurement at this very step; "" where there is none."""
    found = [m for m in quality.qualities(run.path) if m.step == step]
    if not found:
        return ""
    name = next(name for name in found[-1].values if is_distance(name))
    return f"Fréchet distance {found[-1].value:.3g} ({measured_by(name)})"
