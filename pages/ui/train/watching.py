"""Train, for viewers: they start nothing, so they choose a run to watch."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared import rows
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab, show_problem

SHOWN = 12


def show() -> None:
    """The newest runs, those that train first."""
    lab = get_lab()
    runs = [run for run in lab.store.summaries() if not run.archived]
    runs.sort(key=lambda run: run.id != lab.active())
    st.title(t("Watch a run"), anchor=False)
    show_problem()
    if not runs:
        st.caption(t("There is no run yet. Trainers start them."))
        return
    st.caption(t("You are logged in as viewer: you see everything and change nothing."))
    shapes = rows.shapes(lab.datasets())
    with st.container(border=True, key="watched"):
        for run in runs[:SHOWN]:
            rows.row(run, shapes)
