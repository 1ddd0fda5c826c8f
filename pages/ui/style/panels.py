"""The parts of the Style page: they paint through our routes and follow the hand.

All parts share a store in the browser (assets/components/style/store.js), so another picture or strength
never needs a page run; only Optimise does, which starts a run.
"""

from __future__ import annotations

import streamlit as st

from gan_core.data import content_style
from pages.ui.shared.component import register
from pages.ui.shared.language import t

PARTS = ("bar", "picker", "result", "every", "settings", "optimise", "results")
STYLES = ("shared/well", "shared/wipe", "style/style")
SIZES = [256, 384, 512, 768, 1024]
FIRST = {"contents": "canal", "styles": "mosaic"}
_PARTS = {name: register(f"style/{name}", *STYLES) for name in PARTS}


def data(run_id: str) -> dict:
    """What every part is given: the run whose pictures are shown ("" for none), and all pictures."""
    pictures = {kind: _pictures(kind) for kind in FIRST}
    if run_id:
        for kind, which in (("contents", "content"), ("styles", "style")):
            pictures[kind].insert(
                0, {"id": f"{run_id}:{which}", "title": t("of {run}", run=run_id[:5])}
            )
    return {"run": run_id, "sizes": SIZES} | pictures


def _pictures(kind: str) -> list[dict[str, str]]:
    """The app's own, the one to show first at the front."""
    names = sorted(content_style.bundled(kind), key=lambda name: (name != FIRST[kind], name))
    return [{"id": name, "title": t(name.replace("_", " ").capitalize())} for name in names]


def part(name: str, given: dict, key: str = "", **options) -> None:
    """One part; `options` as a component takes them."""
    _PARTS[name](key=f"style_{key or name}", data=given, **options)


def panel(name: str, given: dict, key: str = "") -> None:
    """The same in a frame."""
    with st.container(border=True, key=f"style_panel_{key or name}"):
        part(name, given, key)
