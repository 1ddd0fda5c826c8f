"""The components that move by themselves: they pull from our routes, no page run is needed.

Each is a module under `assets/components/`; what Streamlit gets is a loader that imports it from
the server, so that the modules share one puller and Plotly is never sent through the page.
"""

from __future__ import annotations

import streamlit as st

from gan_core.web import assets
from pages.ui.component import FOLDER, register

_readouts = register("readouts", "readouts")
_sample_grid = register("sample_grid", "sample_grid")
_step_slider = register("step_slider", "glyphs", "step_slider")
_curves = register("curves", "glyphs", "curves")
_event_list = register("event_list", "event_list")


def page_style() -> None:
    """The few rules of the Train page that the theme has no word for; it works without them."""
    st.html(FOLDER / "page.css")


# Pixels of the sample panel's own words above, between and below its two grids.
WORDS, NAMES = 57, 22
PLACES = """<style>
.stApp {{ --density: 1; }}
@media (min-resolution: 1.25dppx) {{ .stApp {{ --density: 1.25; }} }}
@media (min-resolution: 1.5dppx) {{ .stApp {{ --density: 1.5; }} }}
@media (min-resolution: 2dppx) {{ .stApp {{ --density: 2; }} }}
.st-key-samples_panel {{ container-type: inline-size; }}
.st-key-sample_grid {{
  --one: calc({width}px / var(--density));
  min-height: calc(max(var(--one), round(down, 100cqw - 11px, var(--one))) * {ratio:.5f} + {words}px);
}}
</style>"""


def places(expect: dict | None) -> None:
    """Keep the place of the sample grids before the browser has loaded what draws them.

    The same arithmetic as in sample_grid.js: the largest whole zoom of `expect` that fits.
    """
    if expect is None or expect.get("points"):
        return
    (high, wide), columns = expect["tile"], expect["columns"]
    rows = expect["rows"] + expect.get("real_rows", 2)
    words = WORDS + (NAMES if len(expect.get("names", ())) == columns else 0)
    width = columns * wide
    st.html(PLACES.format(width=width, ratio=rows * high / width, words=words))


def readouts(run_id: str, signature: str) -> None:
    """Step, speed, time and machine. Asks for a new page run when `signature` is out of date."""
    _readouts(
        key="readouts",
        data={"run": run_id, "signature": signature},
        default={"signature": signature},
        on_signature_change=_nothing,
    )


def sample_grid(run_id: str, expect: dict | None = None) -> None:
    """The grid at the shared cursor, and real images beside.

    Args:
        expect: what grid.json will say of its size, so that its place is kept before it is there.
    """
    _sample_grid(key="sample_grid", data={"run": run_id, "expect": expect})


def step_slider(run_id: str) -> None:
    """The shared cursor: all stored grids, with Play and Newest."""
    _step_slider(key="step_slider", data={"run": run_id})


def curves(run_id: str, charts: list[dict], batch: int = 0) -> None:
    """Charts on one x axis (`words.charts`); `batch` images a step, for the first sentences."""
    data = {"run": run_id, "charts": charts, "plotly": assets.PLOTLY_URL, "batch": batch}
    _curves(key="curves", data=data)


def event_list(run_id: str) -> None:
    """What happened, newest first."""
    _event_list(key="event_list", data={"run": run_id})


def _nothing() -> None:
    """The page run itself is what was asked for."""
