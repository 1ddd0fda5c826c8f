"""What a benchmark found, as pictures for a README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from gan_core.bench import growth
from gan_core.errors import ConfigError
from gan_core.export.curves import DPI
from gan_core.metric_table import colour_of

# In order of the lines; the first is the one that is compared.
INK, MUTED, RULE = (colour_of(name) for name in ("ink", "muted", "grid"))
ROLES = tuple(colour_of(role) for role in ("d", "real", "g", "fake"))
COLOURS = (*ROLES, "#7A3E9D", "#5B8C2A", "#C2417C", MUTED)
TIMES = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400)  # seconds with a tick


def check(path: Path) -> None:
    """Refuse what cannot be drawn before hours are spent on measuring it.

    Raises:
        ConfigError: the path is not of a PNG in a folder that exists.
    """
    if path.suffix != ".png" or not path.resolve().parent.is_dir():
        raise ConfigError(
            f"`--plot` must end in .png and be in a folder that exists. Received: `{path}`."
        )


def growth_figure(rows: Sequence[dict], recipe: str) -> Figure:
    """Images/s against each value of a step, in four charts."""
    figure, charts = _figure(10, 2.6, len(growth.VALUES))
    for axes, name in zip(charts, growth.VALUES, strict=True):
        others = {n: v for n, v in growth.BASE.items() if n != name}
        shown = [r for r in rows if all(r[n] == v for n, v in others.items())]
        shown.sort(key=lambda row: row[name])
        values = [row[name] for row in shown]
        axes.plot(values, [r["images_per_second"] for r in shown], "o-", color=ROLES[0])
        axes.set_xscale("log", base=2)
        _ticks(axes.xaxis, values, map(str, values))
        axes.set_xlabel(name)
        _log_y(axes)
    charts[0].set_ylabel(f"{recipe}, images/s")
    return figure


def quality_figure(medians: Sequence[dict], against: Sequence[dict], floor: float) -> Figure:
    """Distance against seconds of training; both axes are logarithmic.

    Args:
        medians: of `time_to_quality.medians`, of marks in seconds; the range over seeds is a band.
        against: of `recorded.compare`; each recorded training is a dashed line.
        floor: the distance of real images.
    """
    figure, (axes,) = _figure(10, 4.6, 1)
    axes.set_xscale("log")
    names = list(dict.fromkeys(row["contender"] for row in medians))
    for i, name in enumerate(names):
        own = sorted((r for r in medians if r["contender"] == name), key=lambda row: row["mark"])
        seconds, colour = [row["mark"] for row in own], COLOURS[i % len(COLOURS)]
        width = 2.5 if i == 0 else 1.2
        axes.plot(seconds, [r["fd"] for r in own], "o-", color=colour, lw=width, ms=4, label=name)
        low, high = [r["fd_low"] for r in own], [r["fd_high"] for r in own]
        axes.fill_between(seconds, low, high, color=colour, alpha=0.15, lw=0)
    for i, (name, rows) in enumerate(_recorded(against).items()):
        times, distance = zip(*sorted(rows), strict=True)
        colour = INK if i % 2 == 0 else MUTED
        axes.plot(times, distance, "s--", color=colour, lw=1.2, ms=3, label=f"{name}, recorded")
    axes.axhline(floor, color=MUTED, lw=1, ls=":", label="real images")
    first, last = axes.get_xlim()
    marks = sorted({row["mark"] for row in medians})
    shown = [t for t in TIMES if first <= t <= last] or marks
    _ticks(axes.xaxis, shown, map(_time, shown))
    axes.set_xlabel("training time, compilation in")
    _log_y(axes)
    axes.set_ylabel("Fréchet distance (judge)")
    axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure


def _recorded(against: Sequence[dict]) -> dict[str, set[tuple[float, float]]]:
    """Seconds and distance of each recorded training, which has a row for each contender."""
    found: dict[str, set[tuple[float, float]]] = {}
    for row in against:
        found.setdefault(row["recorded"], set()).add((row["seconds"], row["fd"]))
    return found


def _figure(width: float, height: float, count: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    charts = list(figure.subplots(1, count, sharey=True, squeeze=False)[0])
    for axes in charts:
        axes.grid(color=RULE)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, charts


def _log_y(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _ticks(axis, values: Sequence[float], texts: Iterable[str]) -> None:
    axis.set_ticks(values, list(texts))
    axis.set_minor_locator(NullLocator())


def _time(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 3600 else f"{seconds / 3600:g} h"
