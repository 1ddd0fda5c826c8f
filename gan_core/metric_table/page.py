"""docs/metrics.md: every metric and measure with what it means, made from the table.

python -m gan_core.metric_table.page > docs/metrics.md
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable

from gan_core.metric_table.charts import CHARTS
from gan_core.metric_table.metric import Metric
from gan_core.metric_table.metrics import QUALITY, TRAINING
from gan_core.metric_table.roles import ROLES, role_of

INTRO = """# Metrics and measures

For whoever reads a curve or a table and asks what a number means.

Made by `python -m gan_core.metric_table.page`; a test holds it to the code.

A recipe measures what its loss and networks allow, at every step; a measure of quality is taken now and
then on a set of fakes. A name that ends in `…` is a family: `penalty/r1`, `fd_judge_2k` (features and
number of fakes). `<name>_error` is a standard error, `<name>/<class>` the same inside one class,
`to_b/<name>` and `to_a/<name>` of one direction between two sides. Other
names (of a newer version, of another program) are shown as plain numbers.
"""


def text() -> str:
    """The whole page."""
    parts = [INTRO, _training(), _charts(), _quality(), _roles()]
    return "\n".join(parts)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _training() -> str:
    rows = [
        [_name(m), m.says, role_of(m.role).word, m.chart, _range(m), _scale(m), _tag(m)]
        for m in TRAINING
    ]
    heads = ("metric", "what it is", "side", "chart", "range", "scale", "TensorBoard")
    return "## At every step\n\n" + _table(heads, rows)


def _charts() -> str:
    rows = [[f"{c.title} (`{c.id}`)", c.aid] for c in CHARTS]
    return "## Charts, and how to read them\n\n" + _table(("chart", "reading"), rows)


def _quality() -> str:
    both = [m for m in TRAINING if m.listed]  # measured at every step, and of held-out images
    rows = [[_name(m), m.title, m.says, m.better, _range(m), m.unit] for m in (*both, *QUALITY)]
    heads = ("measure", "called", "what it is", "better", "range", "unit")
    return "## Of quality\n\n" + _table(heads, rows)


def _roles() -> str:
    rows = [[r.word, r.light, r.dark, "dashed" if r.dashed else "solid"] for r in ROLES.values()]
    return "## Lines\n\n" + _table(("side", "light theme", "dark theme", "line"), rows)


def _name(metric: Metric) -> str:
    return f"`{metric.name}…`" if metric.is_family else f"`{metric.name}`"


def _tag(metric: Metric) -> str:
    return f"`{metric.tag}…`" if metric.is_family else f"`{metric.tag}`"


def _range(metric: Metric) -> str:
    low, high = metric.range
    if metric.is_share:
        return "0 to 1"
    return "0 or more" if low == 0 and math.isinf(high) else "any"


def _scale(metric: Metric) -> str:
    return "logarithmic if asked" if metric.log else "linear"


if __name__ == "__main__":
    sys.stdout.write(text())
