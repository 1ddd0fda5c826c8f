"""The bin on the Runs page: what was deleted, the way back, and the way out for good."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.storage import access
from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import attempt, get_lab


def bar(ticked) -> None:
    """The commands for the ticked rows of the bin."""
    with st.container(horizontal=True, vertical_alignment="center", key="bulk", gap="small"):
        if not access.may_change():
            st.caption(
                t("Deleted runs stay here until a trainer brings them back or frees the disk.")
            )
            return
        if not ticked:
            st.caption(
                t("Deleted runs stay here. Tick rows to bring them back or to free the disk.")
            )
            return
        ids = [run.id for run in ticked]
        st.markdown(t("**{ids} selected**", ids=len(ids)), width="content")
        st.button(
            t("Bring back"),
            key="sm_bin_back",
            type="primary",
            icon=":material/undo:",
            on_click=_restore,
            args=(ids,),
            help=t("As they were, under the same ids"),
        )
        with st.popover(t("Delete for good"), key="sm_bin_gone", help=t("Free the disk")):
            st.markdown(
                t("{runs}, with everything that was learned.", runs=text.counted(len(ids), "run"))
            )
            st.button(
                t("Delete for good"),
                key="bin_gone_go",
                on_click=_purge,
                args=(ids,),
                help=t("Nothing brings them back"),
            )


def _restore(ids: list[str]) -> None:
    for run_id in ids:
        if attempt(get_lab().store.restore, run_id, "page") is not None:
            st.session_state["chosen_run"] = run_id
    _leave_if_empty()


def _purge(ids: list[str]) -> None:
    for run_id in ids:
        attempt(get_lab().store.purge, run_id)
    _leave_if_empty()


def _leave_if_empty() -> None:
    if not get_lab().store.deleted():
        st.session_state["run_group"] = "all"


def count() -> int:
    """How many runs are in the bin."""
    try:
        return len(get_lab().store.deleted())
    except GanError:
        return 0
