"""The table of runs with its commands, which follows what trains without a run of the whole page."""

from __future__ import annotations

import streamlit as st

from pages.ui.runs import bin as bin_bar
from pages.ui.runs import bulk, sweeps
from pages.ui.runs import table as runs_table
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

EVERY = 4.0  # seconds between two looks while a run of the page trains


def table(page, shapes: dict) -> None:
    """Draw the commands for ticked rows and the rows; refreshed while one of them trains."""
    st.session_state.pop("runs_touched", None)
    live = not runs_table.in_bin() and any(run.state in text.ACTIVE for run in page)
    if not live:
        _draw(page, shapes)
        return
    first = [page]  # what the page run has just read need not be read again
    st.fragment(_follow, run_every=EVERY)([run.id for run in page], shapes, first)


def _follow(ids: list[str], shapes: dict, first: list) -> None:
    page = first.pop() if first else _fresh(ids)
    _draw(page, shapes)
    ended = not any(run.state in text.ACTIVE for run in page)
    if ended or st.session_state.pop("runs_touched", False):
        sweeps.show_anew()  # the rest of the page shows it too


def _fresh(ids: list[str]) -> list:
    found = {run.id: run for run in get_lab().store.summaries()}
    return [found[run_id] for run_id in ids if run_id in found]


def _draw(page, shapes: dict) -> None:
    above = st.container(key="bulk_place")
    ticked = runs_table.table(page, shapes)
    with above:
        (bin_bar if runs_table.in_bin() else bulk).bar(ticked)
