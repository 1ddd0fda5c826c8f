"""Whether a set that is not kept yet can be used, and by which recipes: as the page tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gan_core.cli.common import print_table

FEW = 200  # images below which a network learns them by heart
LOSS = 0.1  # of the files: more that cannot be used is a loss


def verdict(found, plan, rows) -> tuple[str, str]:
    """(whether it can be used, what of it, or why not), as the page judges it."""
    from gan_core.importing import plans

    if wrong := plans.problem(found, plan, rows):
        return "Cannot be used", wrong
    width, height = plans.sides(found, plan)
    classes = f" in {len(rows.class_names)} classes" if len(rows.class_names) > 1 else ""
    what = "pairs" if found.recognised.kind == "pairs" else "images"
    sentence = f"{rows.num_rows:,} {what} at {width} x {height}{classes}."
    if rows.num_rows < FEW:
        more = f"From about {FEW} on a network learns something; 2,000 are good."
        return "Can be used, but is small", f"{sentence} {more}"
    if len(found.skipped) > LOSS * found.num_files:
        return "Can be used, with a loss", sentence
    return "Can be used", sentence


def expected(lab, found, plan, rows) -> list:
    """What each recipe would need for what a plan makes, and how fast it is on this machine."""
    from gan_core.importing import plans
    from gan_core.training import expect
    from gan_core.training.speeds import Speeds
    from gan_core.training.trial import imagined

    classes, channels = 2 if rows.class_names else 0, 1 if plan.grey else 3
    spec = imagined(
        found.recognised.kind, plans.sides(found, plan), channels, classes, found.num_usable
    )
    known = [*lab.datasets(), spec]
    return expect.expected(spec, Speeds(lab.store.summaries(), known), lab.store.root)


def show(rows: Sequence) -> None:
    """A table of what fits, and a line of what does not."""
    fit = [row for row in rows if row.fits]
    if fit:
        print_table([_told(row) for row in fit], ("recipe", "memory", "steps a second", "full run"))
    if others := [row.recipe for row in rows if not row.fits]:
        print(f"not for these: {', '.join(others)} (`--json` says why)")


def _told(row) -> list[str]:
    speed = f"{row.speed.steps_per_second:.1f}" if row.speed else "-"
    full = _about(row.seconds) if row.seconds else f"{row.config.num_steps or 0:,} steps"
    return [row.recipe, f"{row.room.memory_bytes / 1e6:,.0f} MB", speed, full]


def _about(seconds: float) -> str:
    """A time to plan with: `2 min`, `3.8 h`."""
    return f"{max(1, round(seconds / 60))} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def facts(rows: Sequence) -> list[dict[str, Any]]:
    """The same as JSON takes it, of those that do not fit, too."""
    return [
        {
            "recipe": row.recipe,
            "fits": row.fits,
            "why": row.misfit or (row.room.problem if row.room else ""),
            "memory_bytes": row.room.memory_bytes if row.room else None,
            "steps_per_second": row.speed.steps_per_second if row.speed else None,
            "steps": row.steps,
            "seconds": row.seconds,
        }
        for row in rows
    ]
