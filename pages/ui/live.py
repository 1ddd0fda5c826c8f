"""The components that move by themselves: they pull from our routes, no page run is needed.

Each is a module under `assets/components/`; what Streamlit gets is a loader that imports it from
the server, so that the modules share one puller and Plotly is never sent through the page.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gan_core.web import assets

_FOLDER = Path(__file__).parents[2] / "assets" / "components"
# A component's script runs from a blob, which has no address of its own: the module's is absolute.
_LOADER = """
const load = import(new URL("%s", document.baseURI).href);
export default function (component) {
  let [gone, dispose] = [false, null];
  load.then(
    (module) => { if (!gone) dispose = module.default(component); },
    () => {
      const root = component.parentElement.querySelector(".gs");
      root.textContent = "This part did not load. Reload the page.";
    },
  );
  return () => { gone = true; dispose?.(); };
}
"""


def _register(name: str, *styles: str):
    css = "\n".join((_FOLDER / f"{style}.css").read_text("utf-8") for style in ("base", *styles))
    return st.components.v2.component(
        f"ganscope_{name}",
        html='<div class="gs"></div>',
        css=css,
        js=_LOADER % assets.component_url(f"{name}.js"),
    )


_readouts = _register("readouts", "readouts")
_sample_grid = _register("sample_grid", "sample_grid")
_step_slider = _register("step_slider", "glyphs", "step_slider")
_curves = _register("curves", "glyphs", "curves")
_event_list = _register("event_list", "event_list")


def page_style() -> None:
    """The few rules of the Train page that the theme has no word for; it works without them."""
    st.html(_FOLDER / "page.css")


def readouts(run_id: str, signature: str) -> None:
    """Step, speed, time and machine. Asks for a new page run when `signature` is out of date."""
    _readouts(
        key="readouts",
        data={"run": run_id, "signature": signature},
        default={"signature": signature},
        on_signature_change=_nothing,
    )


def sample_grid(run_id: str) -> None:
    """The grid at the shared cursor, and real images beside."""
    _sample_grid(key="sample_grid", data={"run": run_id})


def step_slider(run_id: str) -> None:
    """The shared cursor: all stored grids, with Play and Newest."""
    _step_slider(key="step_slider", data={"run": run_id})


def curves(run_id: str, charts: list[dict]) -> None:
    """Charts on one x axis (`words.charts`)."""
    data = {"run": run_id, "charts": charts, "plotly": assets.PLOTLY_URL}
    _curves(key="curves", data=data)


def event_list(run_id: str) -> None:
    """What happened, newest first."""
    _event_list(key="event_list", data={"run": run_id})


def _nothing() -> None:
    """The page run itself is what was asked for."""
