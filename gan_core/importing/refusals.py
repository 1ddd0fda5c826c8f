"""What refuses a plan before a picture is read for it: its values, texts and amount, and the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from gan_core.data.classes import MAX_NAME_CHARS
from gan_core.data.record import MAX_TEXT
from gan_core.errors import DataError
from gan_core.importing import naming, plans
from gan_core.importing.base import CheckUp, Plan
from gan_core.importing.plans import Chosen

SPARE = 64_000_000  # bytes of disk that stay free


def check(found: CheckUp, plan: Plan, data_dir: Path | str) -> Chosen:
    """What a plan keeps; refuses whatever can be known before a picture is read.

    Raises:
        ConfigError, DataError: as `keep`.
    """
    plans.check(plan)
    target = naming.place(plan.name, data_dir)
    _check_texts(plan)
    chosen = plans.chosen(found, plan)
    _check_amount(found, plan, chosen)
    _check_room(found, plan, chosen, target.parent)
    return chosen


def num_bytes(found: CheckUp, plan: Plan, chosen: Chosen) -> int:
    """Bytes of the .npz, but for a few."""
    pictures = chosen.num_rows * (2 if found.recognised.kind == "pairs" else 1)
    width, height = plans.sides(found, plan)
    return pictures * width * height * (1 if plan.grey else 3)


def _check_texts(plan: Plan) -> None:
    for what in ("title", "licence", "origin"):
        value = getattr(plan, what)
        if len(value) > MAX_TEXT or not value.isprintable():
            raise DataError(
                f"`{what}` must be one line of at most {MAX_TEXT} characters. "
                f"Received: {len(value):,} characters, {value[:40]!r}."
            )
    names = plan.classes.values()
    long = [name for name in names if len(name) > MAX_NAME_CHARS or not name.isprintable()]
    if long:
        raise DataError(
            f"A class is called {long[0][:80]!r}. Allowed: up to {MAX_NAME_CHARS} printable "
            "characters."
        )


def _check_amount(found: CheckUp, plan: Plan, chosen: Chosen) -> None:
    if said := plans.problem(found, plan, chosen):
        raise DataError(said)


def _check_room(found: CheckUp, plan: Plan, chosen: Chosen, folder: Path) -> None:
    there = next((place for place in (folder, *folder.absolute().parents) if place.is_dir()), None)
    if there is None:
        return  # a drive that is not there is told where the folder is made
    needed, free = 2 * num_bytes(found, plan, chosen) + SPARE, shutil.disk_usage(there).free
    if needed > free:
        raise DataError(
            f"While it is made, {needed / 1e6:,.0f} MB are needed, and {folder} has "
            f"{free / 1e6:,.0f} MB. Free some space, or choose another folder with --data-dir or "
            "GAN_DATA_DIR."
        )
