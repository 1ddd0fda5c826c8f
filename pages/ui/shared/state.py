"""The one Lab of the process, and which run the address of the page names."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.web import process
from pages.ui.shared import text

TRAIN, EXPLORE = "train.py", "explore.py"
COMPARE, RUNS, TRANSLATE, STYLE = "compare.py", "runs.py", "translate.py", "style.py"
DATA, LEARN = "data.py", "learn.py"


def get_lab():
    """The Lab that every page, route and tab of this process shares."""
    return process.get_lab()


def selected_run_id() -> str | None:
    """The run that the address names (`?run=...`), or None."""
    return st.query_params.get("run") or None


def open_page(page: str, run_id: str | None = None) -> None:
    """Leave for another page; the run goes along in the address."""
    st.switch_page(page, query_params={"run": run_id} if run_id else None)


def attempt(action, *args, **kwargs):
    """Call; a GanError becomes words at the top of the next page run. None then.

    For callbacks, which run before anything is drawn.
    """
    return attempt_at("", action, *args, **kwargs)


def attempt_at(place: str, action, *args, **kwargs):
    """The same with words where `show_problem(place)` stands: in a popover, which would cover them."""
    try:
        return action(*args, **kwargs)
    except GanError as error:
        st.session_state[_problem(place)] = str(error)
        return None


def show_problem(place: str = "") -> None:
    """What went wrong in the last callback, in words, once."""
    problem = st.session_state.pop(_problem(place), "")
    if problem:
        st.error(text.said(problem))


def _problem(place: str) -> str:
    return f"problem_{place}" if place else "problem"
