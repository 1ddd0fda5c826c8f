"""The course of a run as a picture: losses, accuracies and what else it measured, over steps.

As in the app, the generator's side (g_, fake) is warm and dashed, the data's side (d_, real) cool
and solid. Thin lines are what was measured, thick ones are smoothed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from gan_core.errors import RunError
from gan_core.metric_table import colour_of
from gan_core.metric_table.chart import Chart
from gan_core.metric_table.charts import (
    ACCURACY,
    AUGMENT,
    CALLED_REAL,
    CLASSES,
    CYCLE,
    GRADIENTS,
    IDENTITY,
    L1,
    LOSS,
    NCE,
    PENALTIES,
    PROBABILITY,
    RAW_SCORE,
    STYLISATION,
    TRANSLATION,
)
from gan_core.metric_table.roles import role_of
from gan_core.runs.metrics.reader import Window
from gan_core.runs.quality import qualities
from gan_core.runs.run import Run
from gan_core.storage import outputs

INK, MUTED, RULE = colour_of("ink"), colour_of("muted"), colour_of("grid")
OTHERS = (INK, MUTED)  # penalties belong to neither side
DASH = (0, (3, 1.75))  # in line widths: 6 px and 3.5 px of a 2 px line
POINTS = 2000
HALF_LIFE = 1 / 60  # of the smoothing, as a share of the points
MOST_KNOBS, MOST_NAMED = 200, 6  # knob turns that get a line, and a text
LABEL_GAP = 0.1  # between two labels, as a share of the height
WIDTH, HEIGHT, DPI = 10.0, 2.2, 120  # inches, inches a panel, pixels an inch
LEFT, RIGHT = 0.06, 0.84  # edges of the charts, as shares of the width


@dataclass(frozen=True)
class Panel:
    """One chart: curves that share an axis.

    Attributes:
        curves: (metric, colour, dashed).
        aid: how to read it.
        fixed: whether the axis is 0 to 1.
        held: measure of held-out images that is drawn with them.
    """

    title: str
    curves: tuple[tuple[str, str, bool], ...]
    aid: str
    log: bool = False
    fixed: bool = False
    held: str = ""


# Charts in the picture's order; of two scores the first that was measured.
ORDER = (
    LOSS, L1, CYCLE, IDENTITY, NCE, ACCURACY, PROBABILITY, RAW_SCORE, GRADIENTS, CLASSES, PENALTIES,
    AUGMENT, *STYLISATION,
)  # fmt: skip


def panels(names: Sequence[str], loss: str = "") -> list[Panel]:
    """The charts of a run that measured these metrics with this loss."""
    left_out = RAW_SCORE if any(m.name in names for m in PROBABILITY.metrics) else PROBABILITY
    wanted = [_panel(chart, names, loss) for chart in ORDER if chart is not left_out]
    known = [p for p in wanted if any(metric in names for metric, _, _ in p.curves)]
    own = tuple((n, OTHERS[i % 2], False) for i, n in enumerate(names))
    return known or [Panel("metrics", own, "Under the names that this run's algorithm gives them.")]


def _panel(chart: Chart, names: Sequence[str], loss: str) -> Panel:
    aid = chart.note or chart.aid
    if chart is ACCURACY and loss in CALLED_REAL:
        aid = f"Judged rightly, real being a {CALLED_REAL[loss]}. {aid}"
    log = chart.scale == "log"
    # of those that translate three are called "mean difference"
    title = chart.title if chart in TRANSLATION else chart.noun
    curves = _curves(chart, names)
    return Panel(title, curves, aid, log=log, fixed=chart.is_share, held=chart.held)


def _curves(chart: Chart, names: Sequence[str]) -> tuple[tuple[str, str, bool], ...]:
    """(metric, colour, dashed), the data's side first; a family in colours of neither side."""
    family = next((m for m in chart.metrics if m.is_family), None)
    if family is not None:
        found = [name for name in names if name.startswith(family.name)]
        return tuple((name, OTHERS[i % 2], False) for i, name in enumerate(found))
    pairs = [(m.name, role_of(m.role)) for m in reversed(chart.metrics)]
    return tuple((name, role.light, role.dashed) for name, role in pairs)


def history(run: Run, path: Path | str) -> Path:
    """Write the curves of a run as a PNG; returns its path.

    Raises:
        ConfigError: the path cannot be written.
        RunError: nothing is measured yet.
    """
    path = outputs.check_file(path, (".png",))
    picture = figure(run)
    with outputs.whole_file(path) as temp:
        picture.savefig(temp, format="png", dpi=DPI)
    return path


def figure(run: Run) -> Figure:
    """The curves of a run as a figure of its own (no state of pyplot is touched)."""
    reader = run.metrics()
    if reader is None or not len(reader):
        raise RunError(f"{run.id} has no curves yet. They come with its first step.")
    window = reader.window(reader.first_step, None, POINTS)
    shown = panels(reader.names, run.config.get("loss", ""))
    picture = Figure(figsize=(WIDTH, HEIGHT * len(shown) + 0.7), layout=None)
    FigureCanvasAgg(picture)
    knobs = [e for e in run.events() if e.get("kind") == "knob"]
    axes = picture.subplots(len(shown), 1, sharex=True, squeeze=False)[:, 0]
    for panel, ax in zip(shown, axes, strict=True):
        _draw(ax, panel, window, reader.last_step, _held_out(run, panel.held))
        _mark_knobs(ax, knobs, named=ax is axes[0])
    _finish(picture, axes, run, window, reader.last_step)
    return picture


def _held_out(run: Run, name: str) -> list[tuple[int, float]]:
    """(step, value) of a measure of held-out images, where it was measured."""
    measured = qualities(run.path) if name else []
    kind = measured[-1].kind if measured else None
    found = {m.step: m.values[name] for m in measured if m.kind == kind and name in m.values}
    return sorted(found.items())


def _draw(ax, panel: Panel, window: Window, last_step: int, held=()) -> None:
    ax.set_title(panel.title, loc="left", fontsize=10, fontweight="bold", color=INK)
    ax.set_xlim(window.step[0] - 0.5, last_step + 0.5)
    drawn = [window[m][2] for m, _, _ in panel.curves if m in window.metrics]
    drawn += [np.array([value for _, value in held])]
    aid = panel.aid
    if panel.fixed:
        ax.set_ylim(-0.03, 1.03)
    else:
        aid += _frame(ax, np.concatenate(drawn).astype(np.float64), log=panel.log)
    ax.set_title(aid, loc="right", fontsize=7.5, color=MUTED)
    ends = []
    for metric, colour, dashed in panel.curves:
        if metric in window.metrics:
            ends.append((metric, *_curve(ax, window.step, window[metric][2], colour, dashed)))
    if held:
        ax.plot(*zip(*held, strict=True), color=INK, linewidth=1.2, marker="o", markersize=3)
        ends.append((f"{panel.held}, held out", *held[-1], held[-1][1]))
    _label_ends(ax, [end for end in ends if np.isfinite(end[2])])


def _curve(ax, steps, values, colour: str, dashed: bool) -> tuple[int, float, float]:
    """Draw it; (step, smoothed value) of its end and the last value measured."""
    smooth = smoothed(values, HALF_LIFE * len(values))
    ax.plot(steps, values, color=colour, alpha=0.26, linewidth=0.6)
    style = DASH if dashed else "solid"
    ax.plot(steps, smooth, color=colour, linewidth=1.4, linestyle=style)
    found = np.flatnonzero(np.isfinite(smooth))
    if not found.size:
        return 0, np.nan, np.nan
    last = found[-1]
    ax.plot(steps[last], smooth[last], "o", color=colour, markersize=4)
    return steps[last], float(smooth[last]), float(values[np.isfinite(values)][-1])


def smoothed(values: np.ndarray, half_life: float) -> np.ndarray:
    """Mean of the values so far, weighted by 0.5^(age / half_life); NaN count as not measured.

    Weights start at 0 and are divided out, so that the first value is not a special one. With a
    half-life under one point, the values themselves.
    """
    if half_life < 1:
        return np.asarray(values, np.float64)
    decay, total, weight = 0.5 ** (1 / half_life), 0.0, 0.0
    out = np.full(len(values), np.nan)
    for i, value in enumerate(np.asarray(values, np.float64)):
        total, weight = decay * total, decay * weight
        if np.isfinite(value):
            total, weight = total + value, weight + 1.0
        out[i] = total / weight if weight else np.nan
    return out


def _frame(ax, values: np.ndarray, *, log: bool) -> str:
    """Fit the axis to all but the rarest values; says so in words where some lie outside."""
    values = values[np.isfinite(values) & ((values > 0) | (not log))]
    scaled = np.log10(values) if log else values
    if log:
        ax.set_yscale("log", nonpositive="mask")
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_locator(NullLocator())
    if not values.size:
        return ""
    low, high = np.percentile(scaled, [0.5, 99.5])
    margin = 0.08 * (high - low) or 0.5
    ax.set_ylim(*(10.0**e if log else e for e in (low - margin, high + margin)))
    outside = values[(scaled < low - margin) | (scaled > high + margin)]
    if not outside.size:
        return ""
    return f" Outside: up to {_number(outside[np.argmax(np.abs(outside))])}."


def _label_ends(ax, ends: Sequence[tuple[str, int, float, float]]) -> None:
    """Name and last value beside each curve's end, pushed apart where they would touch."""
    to_axes = ax.transData + ax.transAxes.inverted()
    places = [(float(to_axes.transform((step, at))[1]), n, v) for n, step, at, v in ends]
    below = -1.0
    for height, name, value in sorted(places):
        below = max(min(max(height, 0.02), 0.98 - LABEL_GAP * (len(places) - 1)), below + LABEL_GAP)
        ax.text(
            1.01, below, f"{name} {_number(value)}", transform=ax.transAxes,
            fontsize=8, color=INK, va="center",
        )  # fmt: skip


def _mark_knobs(ax, knobs: Sequence[dict], *, named: bool) -> None:
    """A dotted line at every turn of a live setting, and on the first chart what was turned."""
    for i, event in enumerate(knobs[-MOST_KNOBS:]):
        ax.axvline(event["step"], color=MUTED, linewidth=0.7, linestyle=(0, (1, 2)))
        if named and i < MOST_NAMED:
            ax.text(
                event["step"], 0.97 - 0.11 * (i % 3), " " + _turn(event),
                transform=ax.get_xaxis_transform(), fontsize=7.5, color=MUTED, va="top",
            )  # fmt: skip


def _turn(event: dict) -> str:
    """'g_lr 0.002 → 0.001'."""
    changes = event.get("changes") or {}
    return ", ".join(f"{name} {old:g} → {new:g}" for name, (old, new) in changes.items())


def _number(value: float) -> str:
    """Two decimals, fewer digits where it is very large or small, and a real minus sign."""
    plain = 0.01 <= abs(value) < 10_000 or value == 0
    return (f"{value:,.2f}" if plain else f"{value:.2g}").replace("-", "−")


def _finish(picture: Figure, axes, run: Run, window: Window, last_step: int) -> None:
    for ax in axes:
        ax.grid(visible=True, color=RULE, linewidth=0.8)
        ax.set_axisbelow(True)
        ax.tick_params(labelsize=8, colors=MUTED, length=0)
        for side in ax.spines.values():
            side.set_visible(False)
    axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True, nbins=9))
    axes[-1].xaxis.set_major_formatter(FuncFormatter(lambda step, _: f"{step:,.0f}"))
    axes[-1].set_xlabel("step", fontsize=8, color=MUTED)
    each = f", one point is {window.steps_per_point} steps" if window.steps_per_point > 1 else ""
    minutes = window.wall_time[-1] / 60
    height = picture.get_figheight()
    picture.text(LEFT, 1 - 0.28 / height, run.id, fontsize=13, fontweight="bold", color=INK)
    facts = f"{last_step:,} steps, {minutes:.1f} minutes{each}"
    picture.text(RIGHT, 1 - 0.28 / height, facts, fontsize=8, color=MUTED, ha="right")
    picture.subplots_adjust(
        left=LEFT, right=RIGHT, top=1 - 0.65 / height, bottom=0.45 / height, hspace=0.28
    )
