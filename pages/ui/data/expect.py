"""What each recipe would need for pictures that are not kept yet, or why it does not fit them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import psutil

from gan_core import recipes
from gan_core.data.base import DatasetSpec
from gan_core.errors import GanError
from gan_core.importing.base import SIZES
from gan_core.training.estimate import estimate
from gan_core.training.trial import imagined
from pages.ui.shared import parts, speeds, text
from pages.ui.shared.language import N_, t

CLASSES = (0, 2)  # without, with: how many hardly changes a recipe's needs
SPEEDS = N_(
    "Speeds are those of like runs on this machine, or of the recipe's own measurement on two cores; a "
    "dash: nobody has measured that yet."
)


def machine() -> str:
    """`2 cores, 7.8 GB`."""
    return (
        f"{text.counted(os.cpu_count() or 1, 'core')}, {text.size(psutil.virtual_memory().total)}"
    )


def table(lab, kind: str, num_images: int) -> dict[str, list[dict]]:
    """Rows by `size channels classes`, such as `64 3 1`: recipes that fit, then those that do not."""
    specs = list(_specs(kind, num_images))
    summaries, known = lab.store.summaries(), lab.datasets()
    return {key: _rows(lab, spec, speeds.Speeds(summaries, [*known, spec])) for key, spec in specs}


def _specs(kind: str, num_images: int) -> Iterator[tuple[str, DatasetSpec]]:
    """What the set would be, for every choice."""
    for size in SIZES:
        for channels in (1, 3):
            for count in CLASSES:
                key = f"{size} {channels} {int(count > 0)}"
                yield key, imagined(kind, size, channels, count, num_images)


def _rows(lab, spec: DatasetSpec, speed: speeds.Speeds) -> list[dict]:
    alike = ("images", "labels") if spec.kind == "images" else (spec.kind,)
    names = [name for name in parts.on_data_sets() if recipes.get(name).needs in alike]
    rows = [row for name in names if (row := _row(lab, name, spec, speed))]
    return sorted(
        rows, key=lambda row: (row["off"], row["recipe"] != recipes.DEFAULT, row["order"])
    )


def _row(lab, name: str, spec: DatasetSpec, speed: speeds.Speeds) -> dict:
    recipe = recipes.get(name)
    row: dict[str, Any] = {"recipe": name, "memory": "", "speed": "", "full": ""}
    row["order"] = recipe.ms_per_step or 1e3
    if misfit := recipe.misfit(spec):
        return row | {"why": text.unmarked(misfit).split(";")[0], "off": True}
    try:
        config = recipes.config(name, spec.name, spec.image_shape)
        needed = estimate(config, spec, lab.store.root)
    except GanError as error:
        return row | {"why": text.unmarked(error), "off": True}
    row["memory"] = text.size(needed.memory_bytes)
    if needed.problem:
        return row | {
            "why": t(
                "more than the {memory_available} free",
                memory_available=text.size(needed.memory_available),
            ),
            "off": True,
        }
    found = speed.of(config) or speed.table(config)
    seconds = speeds.planned_seconds(config, found)
    row["speed"] = f"{found.steps_per_second:.1f}" if found else "–"
    row["steps"] = speeds.planned_steps(config, found)
    row["full"] = text.about(seconds) if seconds else text.counted(config.num_steps or 0, "step")
    return row | {"why": t("fits"), "off": False}
