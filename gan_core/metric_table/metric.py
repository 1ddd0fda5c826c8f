"""What is said of one metric, and what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from gan_core.metric_table.roles import ROLES, role_of

AIR = 0.04  # above 1 on the axis of a share, so that a line at 1 is not cut
SHARE = (0.0, 1.0)
POSITIVE = (0.0, math.inf)


@dataclass(frozen=True)
class Metric:
    """What one number means.

    Attributes:
        name: as in metrics.bin or evals.jsonl. One that ends in "/" or "_" is a family: it stands
            for all names that begin so.
        title: what it is called where it stands alone.
        role: of ROLES; "" if it is nobody's.
        chart: id of the chart that it shares with others; "" without one.
        says: what it is, for a person.
        label, short: of its line in the shared chart; "" takes the role's words.
        unit: "" of a plain number.
        range: least and most that it can be; infinite where open.
        log: whether its own chart may be logarithmic.
        better: "lower", "higher", or "" where neither is better by itself.
        written: "short" (three digits), "share" (per cent) or "count".
        term: its key in the glossary (terms.js), or "".
        first: whether Compare shows it before anybody chose.
        listed: whether it has a row in the table of all quality measures.
    """

    name: str
    title: str
    role: str = ""
    chart: str = ""
    says: str = ""
    label: str = ""
    short: str = ""
    unit: str = ""
    range: tuple[float, float] = (-math.inf, math.inf)
    log: bool = False
    better: str = ""
    written: str = "short"
    term: str = ""
    first: bool = False
    listed: bool = False

    @property
    def is_family(self) -> bool:
        """Whether it stands for all names that begin with its own."""
        return self.name[-1:] in ("/", "_")

    @property
    def tag(self) -> str:
        """The TensorBoard name: g_loss -> loss/g, real_accuracy -> accuracy/real.

        Names that hold a slash stay (penalty/r1); others are put into groups by what they measure.
        """
        if "/" in self.name:
            return self.name
        first, _, rest = self.name.partition("_")
        if first in ROLES and rest:
            return f"{rest}/{first}"
        rest, _, last = self.name.rpartition("_")
        return f"{rest}/{last}" if last in ROLES and rest else self.name

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.range == SHARE

    def line(self) -> dict[str, Any]:
        """Its line in the shared chart, as components take it."""
        role = role_of(self.role)
        words = {
            "name": self.name, "label": self.label or role.word,
            "short": self.short or role.short or self.label,
        }  # fmt: skip
        return words | {"role": self.role or "muted"} | ({"dashed": True} if role.dashed else {})

    def spec(self) -> dict[str, Any]:
        """A chart of it alone, as components take it."""
        return {
            "metric": self.name,
            "title": self.title,
            "term": self.term,
            "positive": self.log,
            "range": [0, 1 + AIR] if self.is_share else None,
        }


def quality(
    name: str, title: str, written: str, says: str, better: str = "", **more: Any
) -> Metric:
    """A measure of quality, a row of the table of all of them."""
    kept: dict[str, Any] = {
        "range": SHARE if written == "share" else POSITIVE,
        "listed": True,
    } | more
    return Metric(name, title, says=says, better=better, written=written, **kept)
