"""Small still curves as SVG pictures, for panels that only glance at a run."""

from __future__ import annotations

import html

import numpy as np
import streamlit as st

from gan_core.metric_table import ROLES, colour_of
from gan_core.metric_table.chart import Chart
from gan_core.metric_table.charts import ACCURACY, LOSS
from gan_core.metric_table.metric import SHARE
from pages.ui.shared import text
from pages.ui.shared.language import t

WIDTH, HEIGHT = 280, 92  # pixels
RIGHT, LETTER = 66, 6.9  # least margin for the last values; width of a letter in it
FONT = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans',sans-serif"


def show(run) -> None:
    """Loss, and accuracy of the discriminator where the loss has one, side by side."""
    reader = run.metrics()
    if reader is None or reader.last_step < 2:
        return
    window = reader.window(reader.first_step, reader.last_step, max_points=140)
    dark = st.context.theme.type == "dark"
    left, right = st.columns(2)
    _chart(left, LOSS, window, dark)
    _chart(right, ACCURACY, window, dark)


def _chart(place, chart: Chart, window, dark: bool) -> None:
    title, guide = t(chart.brief or chart.title), next((g.y for g in chart.guides), None)
    limits = SHARE if chart.is_share else None
    lines = [(ROLES[m.role], m) for m in chart.metrics]
    found = [(t(r.short), *_series(window, m.name), m.role, r.dashed) for r, m in lines]
    found = [one for one in found if np.isfinite(one[1]).any()]
    if not found:
        return
    words = ", ".join(f"{label} {text.measured(_last(mean))}" for label, mean, *_ in found)
    with place, st.container(key=f"spark_{chart.metrics[0].name}", gap="small"):
        st.markdown(f"**{title}**")
        st.image(
            draw(found, dark, limits=limits, guide=guide), width=WIDTH, alt=f"{title}: {words}"
        )


def _series(window, name: str):
    """(mean, low, high) of a metric over the window, NaN where it was not measured."""
    none = np.full(len(window.step), np.nan)
    low, high, mean = window.metrics.get(name, (none, none, none))
    return mean, low, high


def draw(found, dark: bool, *, limits=None, guide=None) -> str:
    """SVG of series (label, mean [N], low [N], high [N], role, dashed) on one axis."""
    low, high = limits or _limits([mean for _, mean, *_ in found])
    count = len(found[0][1])
    labels = [f"{label} {text.measured(_last(mean))}" for label, mean, *_ in found]
    edge = WIDTH - max(RIGHT, 12 + LETTER * max(map(len, labels)))
    x = np.linspace(2, edge, max(count, 2))[:count]

    def y(values):
        return HEIGHT - 6 - np.clip((values - low) / (high - low), -0.05, 1.05) * (HEIGHT - 14)

    axis, ink = colour_of("axis", dark=dark), colour_of("ink", dark=dark)
    parts = [f'<path d="M2 {HEIGHT - 2}H{edge:.1f}" stroke="{axis}"/>']
    if guide is not None:
        at = y(np.float64(guide))
        parts.append(f'<path d="M2 {at:.1f}H{edge:.1f}" stroke="{axis}" stroke-dasharray="1.5 3"/>')
    ends = _apart([float(y(_last(mean))) for _, mean, *_ in found])
    for words, (_, mean, least, most, role, dashed), text_y in zip(
        labels, found, ends, strict=True
    ):
        colour, end = colour_of(role, dark=dark), float(y(_last(mean)))
        dash = ' stroke-dasharray="6 3.5"' if dashed else ""
        parts += [
            f'<path d="{_area(x, y(least), y(most))}" fill="{colour}" opacity=".16"/>',
            f'<path d="{_line(x, y(mean))}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>',
            f'<circle cx="{x[-1]:.1f}" cy="{end:.1f}" r="3" fill="{colour}"/>',
            f'<text x="{edge + 9:.1f}" y="{max(text_y + 4, 11):.1f}" fill="{ink}">'
            f"{html.escape(words)}</text>",
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{FONT}" font-size="12" font-weight="600">'
        + "".join(parts)
        + "</svg>"
    )


def _limits(means) -> tuple[float, float]:
    """From the 1st to the 99th percentile, so that one spike does not flatten the rest."""
    values = np.concatenate([m[np.isfinite(m)] for m in means])
    low, high = np.percentile(values, [1, 99])
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _last(values) -> float:
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else float("nan")


def _apart(ys: list[float], least: float = 15.0) -> list[float]:
    """Two label heights moved apart so that they can both be read."""
    if len(ys) != 2 or abs(ys[0] - ys[1]) >= least or not np.isfinite(ys).all():
        return ys
    middle = min(max(sum(ys) / 2, least / 2 + 4), HEIGHT - least / 2 - 6)
    sign = 1 if ys[0] >= ys[1] else -1
    return [middle + sign * least / 2, middle - sign * least / 2]


def _line(x, y) -> str:
    good = np.isfinite(y)
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x[good], y[good], strict=True))


def _area(x, low, high) -> str:
    good = np.isfinite(low) & np.isfinite(high)
    if not good.any():
        return "M0 0"
    x, low, high = x[good], low[good], high[good]
    return _line(np.concatenate([x, x[::-1]]), np.concatenate([high, low[::-1]])) + "Z"
