"""What each recipe would need for pictures that are not kept yet, or why it does not fit them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import psutil

from gan_core.data.base import DatasetSpec
from gan_core.importing.base import SIZES
from gan_core.training.expect import Expected, expected
from gan_core.training.speeds import Speeds
from gan_core.training.trial import imagined, key_of
from pages.ui.shared import text
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


def table(
    lab, kind: str, num_images: int, own: Iterable[tuple[int, int]] = ()
) -> dict[str, list[dict]]:
    """Rows by trial.key_of, such as `64 3 1`: recipes that fit, then those that do not.

    Args:
        own: widths and heights that may stay as they are.
    """
    specs = list(_specs(kind, num_images, own))
    summaries, known, root = lab.store.summaries(), lab.datasets(), lab.store.root
    return {
        key: [_row(each) for each in expected(spec, Speeds(summaries, [*known, spec]), root)]
        for key, spec in specs
    }


def _specs(
    kind: str, num_images: int, own: Iterable[tuple[int, int]]
) -> Iterator[tuple[str, DatasetSpec]]:
    """What the set would be, for every choice."""
    for size in dict.fromkeys((*((side, side) for side in SIZES), *own)):
        for channels in (1, 3):
            for count in CLASSES:
                spec = imagined(kind, size, channels, count, num_images)
                yield key_of(spec), spec


def _row(found: Expected) -> dict[str, Any]:
    """A recipe in words; what does not fit is `off` and says why."""
    row: dict[str, Any] = {"recipe": found.recipe, "memory": "", "speed": "", "full": ""}
    if found.room:
        row["memory"] = text.size(found.room.memory_bytes)
    if found.misfit:
        return row | {"why": text.unmarked(found.misfit).split(";")[0], "off": True}
    if found.room and found.room.problem:
        free = text.size(found.room.memory_available)
        why = t("more than the {memory_available} free", memory_available=free)
        return row | {"why": why, "off": True}
    steps = found.config.num_steps if found.config else 0
    row["speed"] = f"{found.speed.steps_per_second:.1f}" if found.speed else "–"
    row["steps"] = found.steps
    row["full"] = text.about(found.seconds) if found.seconds else text.counted(steps or 0, "step")
    return row | {"why": t("fits"), "off": False}
