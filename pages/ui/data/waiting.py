"""What was dropped and is not kept yet: its check-up, and going on to the set or to a run that learns it."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.errors import GanError
from pages.ui.data import expect, panels
from pages.ui.shared import start
from pages.ui.shared.language import t
from pages.ui.shared.state import DATA, get_lab, open_page

KEY = "data_desk"


def show(desk_id: str) -> None:
    """The whole page."""
    _go_on()
    state = st.session_state.get(KEY) or {}
    given = {"id": desk_id, "machine": expect.machine(), "speeds": t(expect.SPEEDS), "expect": {}}
    if state.get("ready"):
        given["expect"] = _expected(desk_id)
    panels.part(
        "desk",
        given,
        on_ready_change=_nothing,
        on_kept_change=_kept,
        on_leave_change=_leave,
    )


def _expected(desk_id: str) -> dict:
    lab = get_lab()
    try:
        found = lab.desk.state(desk_id).found
    except GanError:
        return {}
    if found is None:
        return {}
    sizes = set(found.sizes)  # where all are alike they may stay as they are
    own = sizes if len(sizes) == 1 else ()
    return expect.table(lab, found.recognised.kind, found.num_usable, own)


def _nothing() -> None:
    """The page run itself is what was asked for."""


def _kept() -> None:
    st.session_state["data_kept"] = st.session_state[KEY].get("kept")


def _leave() -> None:
    st.session_state["data_kept"] = {"name": ""}


def _go_on() -> None:
    """Leave for the list, for the set that was kept, or for a run that learns it."""
    kept = st.session_state.pop("data_kept", None)
    if kept is None:
        return
    name = str(kept.get("name") or "")
    if not name:
        open_page(DATA)
    if kept.get("train"):
        _train(name)
    st.switch_page(DATA, query_params={"set": name})


def _train(name: str) -> None:
    """Start the recipe that fits a set best and watch it; else the set is shown, with what is wrong."""
    try:
        fitting = recipes.fitting(get_lab().dataset(name))
    except GanError as error:
        st.session_state["problem"] = str(error)
        return
    if not fitting:
        st.session_state["problem"] = t("`{name}` is kept. No recipe can train on it.", name=name)
        return
    start.start(fitting[0], name)
    st.stop()
