"""What evidence asks of the rules that it is judged by; rulebook.Rules, which judge it, stand above."""

from __future__ import annotations

import functools
import importlib
from typing import Protocol

ADVERSARIAL = "adversarial"  # the rules of a run whose recipe is of another installation


class Limits(Protocol):
    """The part of rulebook.Rules that is known without looking at a run."""

    @property
    def warm_up(self) -> int: ...

    def limit(self, name: str, loss: str = "") -> float | None:
        """A threshold's value under a loss; None where the loss has no such sign."""


@functools.cache
def of(rules: str) -> Limits:
    """Those of the rules of that name."""
    return importlib.import_module(f"gan_core.doctor.rules.{rules}").RULES
