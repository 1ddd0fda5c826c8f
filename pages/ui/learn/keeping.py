"""Keep as a run: what was trained on the plane goes on in the engine."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.storage import access
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

KEPT = "learn_kept"


def keep(told: dict) -> None:
    """Make the run and let it train on, or wait in the queue; what came of it is for the component."""
    lab, found = get_lab(), {"at": told.get("at", 0)}
    try:
        run = lab.keep_plane(told, name=str(told.get("name", "")), who="page")
        found |= {"run": run.id, "step": run.status().step}
        lab.resume(run.id, who="page")
        found["waits"] = run.id in lab.queue()
    except GanError as error:
        found["problem"] = text.unmarked(error)
    st.session_state[KEPT] = found


def known() -> dict:
    """Whether whoever looks may keep anything, and what came of the last time."""
    return {"may": access.may_change()} | st.session_state.get(KEPT, {})
