"""The parts of the explore page: they generate through our routes and follow the pointer.

All parts of one run share a store in the browser (assets/components/explore/store.js), so a drag,
a click or new weights never need a page run.
"""

from __future__ import annotations

import streamlit as st

from pages.ui.shared.component import register

PARTS = (
    "source",
    "image",
    "matrix",
    "opinion",
    "time",
    "tools",
    "directions",
    "neighbours",
    "dimensions",
)
STYLES = (
    "shared/well",
    "shared/strip",
    "shared/wipe",
    "shared/canvas_draw",
    "explore/explore",
)
_PARTS = {name: register(f"explore/{name}", *STYLES) for name in PARTS}


def part(name: str, run_id: str) -> None:
    """One part for a run: "source", "image", "matrix", ..."""
    _PARTS[name](key=f"explore_{name}", data={"run": run_id})


def panel(name: str, run_id: str) -> None:
    """The same in a frame that is as high as its neighbour."""
    with st.container(border=True, height="stretch", key=f"panel_{name}"):
        part(name, run_id)
