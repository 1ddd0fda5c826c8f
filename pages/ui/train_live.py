"""Train, live: one run with its commands, samples, curves, knobs and events."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.web.status import signature
from pages.ui import live, live_knobs, live_states, quality, run_line, text, verdict, words
from pages.ui.state import get_lab, open_page, show_problem

WATCH_EVERY = 15.0  # seconds; the readouts notice changes much sooner, this is for when they cannot


def show(run_id: str) -> None:
    """The whole page."""
    lab = get_lab()
    try:
        run, snapshot = lab.store.get(run_id), lab.snapshot(run_id)
    except GanError as error:
        _missing(error)
        return
    live.page_style()
    run_line.show(run, snapshot)
    show_problem()
    live_states.note(run, snapshot)
    drawn = signature(snapshot)
    live.readouts(run_id, drawn)
    verdict.show(run, snapshot)
    _panels(run, snapshot)
    st.fragment(_watch, run_every=WATCH_EVERY)(run_id, drawn)


def _panels(run, snapshot) -> None:
    left, right = st.columns(2, gap="small")
    with left, st.container(border=True, height="stretch", key="samples_panel"):
        live.sample_grid(run.id)
        live.step_slider(run.id)
    with right, st.container(border=True, height="stretch", key="curves_panel"):
        live.curves(run.id, words.charts(run.config.get("loss", "")))
    left, middle, right = st.columns(3, gap="small")
    with left, st.container(border=True, height="stretch", key="knobs_panel"):
        if snapshot.owned and snapshot.active:
            live_knobs.show(snapshot)
        else:
            live_knobs.settings(run)
    with middle, st.container(border=True, height="stretch", key="quality_panel"):
        quality.show(run, snapshot)
    with right, st.container(border=True, height="stretch", key="events_panel"):
        live.event_list(run.id)


def _watch(run_id: str, drawn: str) -> None:
    """Draw the page anew when it is out of date; nothing else."""
    try:
        current = signature(get_lab().snapshot(run_id))
    except GanError:
        current = ""
    if current != drawn:
        st.rerun()


def _missing(error: GanError) -> None:
    st.title("Run not found", anchor=False)
    st.markdown(text.said(error))
    if st.button("New run", key="missing_new", type="primary", help="Choose recipe and data"):
        open_page("train.py")
