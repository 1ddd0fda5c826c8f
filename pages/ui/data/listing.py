"""All data sets: a place to drop pictures, then one's own, the app's, and those to download."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import streamlit as st

from pages.ui.data import describe, panels
from pages.ui.shared import text
from pages.ui.shared.state import get_lab, show_problem

KEY = "data_list"


def show() -> None:
    """The whole page."""
    lab = get_lab()
    runs = Counter(run.dataset for run in lab.store.summaries())
    cards = [describe.card(spec, runs[spec.name], lab.data_dir) for spec in lab.datasets()]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_head"):
        st.title("Data", width="content", anchor=False)
        st.caption(describe.space(cards, free(lab.data_dir)), width="stretch")
    show_problem()
    given = {
        "sets": cards,
        "unread": [{"name": s.name, "problem": text.unmarked(s.problem)} for s in lab.unread()],
        "folder": str(lab.data_dir),
    }
    panels.part("list", given, on_open_change=_open, on_desk_change=_open)


def _open() -> None:
    """A set, or what waits to be kept, is shown instead."""
    state = st.session_state[KEY]
    if name := state.get("open"):
        st.query_params.from_dict({"set": name})
    elif waiting := state.get("desk"):
        st.query_params.from_dict({"waiting": waiting})


def free(folder) -> int:
    """Bytes that are free on the disk of a folder, which need not be there yet."""
    place = Path(folder)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
