"""The run in progress, in the header of the pages that do not show it; a click watches it."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, get_lab, open_page


def show() -> None:
    """Draw the chip, every two seconds while a run is active, more rarely otherwise."""
    active = get_lab().active()
    st.fragment(_chip, run_every=2.0 if active else 5.0)()


def _chip() -> None:
    lab = get_lab()
    run_id = lab.active() or st.session_state.get("chip_run")
    if run_id is None or run_id not in lab.store.ids():
        return
    snapshot = lab.snapshot(run_id)
    if snapshot.state not in text.ACTIVE and not st.session_state.get("chip_run"):
        return
    st.session_state["chip_run"] = run_id  # stays after the end, until it was looked at
    with st.container(key="job"):
        icon = text.STATES[snapshot.state][0]
        if st.button(
            sentence(snapshot),
            key="chip",
            type="tertiary",
            icon=f":material/{icon}:",
            help=t("Watch this run"),
        ):
            del st.session_state["chip_run"]
            open_page(TRAIN, run_id)


def sentence(snapshot) -> str:
    """'**00012** step 2,340 of 6,000, 1:24 left', as Markdown."""
    name, steps = text.short_id(snapshot.run_id), text.steps(snapshot.step, snapshot.num_steps)
    if snapshot.state in ("running", "ready"):
        left = (
            t(", {seconds_left} left", seconds_left=text.clock(snapshot.seconds_left))
            if snapshot.seconds_left
            else ""
        )
        return f"**{name}** {snapshot.phase or t('step {steps}', steps=steps)}{left}"
    return t(
        "**{name}** {state} at step {steps}",
        name=name,
        state=text.state_word(snapshot.state).lower(),
        steps=steps,
    )
