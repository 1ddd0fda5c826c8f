"""The components that move by themselves: they pull from our routes, no page run is needed.

Each is a module under `assets/components/`; what Streamlit gets is a loader that imports it from
the server, so that the modules share one puller and Plotly is never sent through the page.
"""

from __future__ import annotations

import streamlit as st

from gan_core import metric_table
from gan_core.metric_table.charts import first_charts
from gan_core.web import assets
from pages.ui.shared.component import register

_readouts = register("train/readouts", "train/readouts")
_sample_grid = register("train/sample_grid", "train/sample_grid")
_picture = register("train/picture", "train/sample_grid", "train/picture")
_pair_grid = register("train/pair_grid", "train/sample_grid", "train/pair_grid")
_step_slider = register("train/step_slider", "shared/glyphs", "train/step_slider")
_curves = register("train/curves", "shared/glyphs", "train/curves")
_event_list = register("train/event_list", "train/event_list")


# Pixels of the sample panel beside its two grids: words and time control, class names.
WORDS, NAMES = 147, 22
# On the panel and not on what is in it: that comes later, when the browser has loaded it.
GRIDS = """.st-key-samples_panel {{
  --one: calc({width}px / var(--density));
  min-height: calc(max(var(--one), round(down, 100cqw - 39px, var(--one))) * {ratio:.5f} + {words}px);
}}"""


OTHERS = ".st-key-samples_panel { min-height: 425px; }"  # two pictures, groups of columns


def places(expect: dict | None) -> None:
    """Keep the place of the grids, so that nothing moves when they come; shell.css keeps the others.

    That of ten columns of 28 x 28 stands in shell.css, too: this rule comes later with an empty cache.
    """
    st.html(f"<style>{_place_of_grids(expect)}</style>")


def _place_of_grids(expect: dict | None) -> str:
    """The same arithmetic as in sample_grid.js: the largest whole zoom of `expect` that fits.

    Points are two pictures beside each other, and groups of columns keep a place of their own.
    """
    if expect is None or expect.get("points") or expect.get("parts"):
        return OTHERS
    (high, wide), columns = expect["tile"], expect["columns"]
    rows = expect["rows"] + expect.get("real_rows", 2)
    words = WORDS + (NAMES if len(expect.get("names", ())) == columns else 0)
    width = columns * wide
    return GRIDS.format(width=width, ratio=rows * high / width, words=words)


def readouts(run_id: str, signature: str, *, seen: bool = True) -> None:
    """Step, speed, time and machine. Asks for a new page run when `signature` is out of date.

    Args:
        seen: whether its images and epochs are counted.
    """
    _readouts(
        key="readouts",
        data={"run": run_id, "signature": signature, "seen": seen},
        default={"signature": signature},
        on_signature_change=_nothing,
    )


def sample_grid(run_id: str, expect: dict | None = None, *, ema: float = 0.0) -> None:
    """The grid at the shared cursor, and real images beside.

    Args:
        expect: what grid.json will say of its size, so that its place is kept before it is there.
        ema: half-life of the averaged weights with which it was started; 0: raw ones are shown.
    """
    data = {"run": run_id, "expect": expect, "ema": ema}
    if expect and expect.get("parts"):  # of a run that translates: groups of columns
        _pair_grid(key="pair_grid", data=data)
    else:
        _sample_grid(key="sample_grid", data=data)


def picture(run_id: str, expect: dict | None = None) -> None:
    """The picture that is trained, at the shared cursor, and the two that it is made from."""
    _picture(key="picture", data={"run": run_id, "expect": expect})


def step_slider(run_id: str) -> None:
    """The shared cursor: all stored grids, with Play and Newest."""
    _step_slider(key="step_slider", data={"run": run_id})


def curves(
    run_id: str,
    charts: list[dict],
    batch: int = 0,
    *,
    kind: str = "",
    ends: tuple[str, ...] = (),
    seen: bool = True,
) -> None:
    """Charts on one x axis (`metric_table.charts_of`); `batch` images a step, for the first sentences.

    Args:
        kind: of run, as `charts_of` takes it; each has its own choice of charts.
        ends: names of both sides, for the titles of directions.
        seen: whether its images and epochs are counted.
    """
    drawn = {"charts": charts, "other": metric_table.other(), "plotly": assets.PLOTLY_URL}
    shown = {"kind": kind, "first": first_charts(kind), "ends": list(ends), "seen": seen}
    _curves(key="curves", data=drawn | shown | {"run": run_id, "batch": batch})


def event_list(run_id: str) -> None:
    """What happened, newest first."""
    _event_list(key="event_list", data={"run": run_id})


def _nothing() -> None:
    """The page run itself is what was asked for."""
