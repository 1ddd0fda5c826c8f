"""One chart of a run: which metrics share it, what it is called and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gan_core.metric_table.metric import AIR, Metric
from gan_core.metric_table.metrics import TRAINING


@dataclass(frozen=True)
class Guide:
    """A horizontal line of a chart: where, and what it means, also where there is little room."""

    y: float
    text: str
    short: str


@dataclass(frozen=True)
class Chart:
    """Curves that share an axis.

    Attributes:
        id: which metrics stand in it: those whose `chart` it is.
        title: above it, and `brief` where there is little room.
        noun: its title in the saved picture.
        pill: on the button that shows it.
        aid: how to read it; `note` is the same for the saved picture, where it differs.
        term: its key in the glossary (terms.js).
        scale: "linear" or "log", of the saved picture.
        may_log: whether a person can ask for a logarithmic axis.
        fitted: the axis in the app follows the data, also of shares.
        tall: whether it is the large one.
        beside: id of the row in which it stands beside that of the other direction; `pill` is the row's.
        towards: the direction: "b" or "a".
        held: name of a measure of held-out images that is drawn with it, with its value of the input.
    """

    id: str
    title: str
    noun: str
    aid: str
    term: str
    pill: str = ""
    brief: str = ""
    note: str = ""
    scale: str = "linear"
    may_log: bool = False
    fitted: bool = False
    tall: bool = False
    beside: str = ""
    towards: str = ""
    held: str = ""
    guides: tuple[Guide, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What stands in it, the generator's side first; a family for all of its names."""
        return tuple(m for m in TRAINING if m.chart == self.id)

    @property
    def is_share(self) -> bool:
        """Whether all of it lies between 0 and 1."""
        return all(m.is_share for m in self.metrics)

    def spec(self) -> dict[str, Any]:
        """What components take; a family goes as `prefix` and `role`."""
        named = [m for m in self.metrics if not m.is_family]
        family = next((m for m in self.metrics if m.is_family), None)
        words = {"id": self.id, "title": self.title, "pill": self.pill or self.title}
        found = words | {
            "aid": self.aid,
            "term": self.term,
            "series": [m.line() for m in named],
            "prefix": family and family.name,
            "role": family and family.role,
            "guides": [vars(guide) for guide in self.guides],
            "range": [0, 1 + AIR] if self.is_share and not self.fitted else None,
            "positive": self.may_log,
            "tall": self.tall,
            "beside": self.beside,
            "towards": self.towards,
            "held": self.held,
        }
        return {name: value for name, value in found.items() if value}
