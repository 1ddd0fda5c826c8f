"""Since when a rule shows, from the evidence alone."""

from __future__ import annotations

from gan_core.doctor import rulebook
from gan_core.doctor.evidence import Evidence
from gan_core.doctor.thresholds import EVERY, WINDOW


def shown_since(rule: str, e: Evidence) -> int:
    """The first of the looks in a row, back from the newest step, at which a rule shows.

    As far as the evidence reaches: its oldest steps are too few to judge by.
    """
    oldest = e.first if not len(e.steps) or e.steps[0] <= e.first else int(e.steps[0]) + WINDOW
    rules, since = rulebook.get(e.rules), e.step
    for step in range((e.step - 1) // EVERY * EVERY, oldest - 1, -EVERY):
        if not rules.shows(rule, e.as_of(step)):
            break
        since = step
    return since
