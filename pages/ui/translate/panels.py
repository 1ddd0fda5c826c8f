"""The parts of the Translate page: they translate through our routes and follow the hand.

All parts of one run share a store in the browser (assets/components/translate/store.js), so a stroke,
another direction or new weights never need a page run.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.shared.component import register

PARTS = ("source", "draw", "output", "good", "time", "held_out")
STYLES = ("shared/well", "shared/wipe", "shared/canvas_draw", "translate/translate")
_PARTS = {name: register(f"translate/{name}", *STYLES) for name in PARTS}


def part(name: str, run_id: str) -> None:
    """One part for a run: "source", "draw", "output", ..."""
    _PARTS[name](key=f"translate_{name}", data={"run": run_id})


def panel(name: str, run_id: str) -> None:
    """The same in a frame that is as high as its neighbour."""
    with st.container(border=True, height="stretch", key=f"translate_panel_{name}"):
        part(name, run_id)
