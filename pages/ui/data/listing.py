"""All data sets: a place to drop pictures, then one's own, the app's, and those to download."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import streamlit as st

from gan_core.web.waiting_wire import binned, waiting_told
from pages.ui.data import describe, one, panels
from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import attempt, get_lab, show_problem

KEY = "data_list"


def show() -> None:
    """The whole page."""
    lab = get_lab()
    if name := st.session_state.pop("data_train", None):
        one.train_on(lab.dataset(name))
    runs = Counter(run.dataset for run in lab.store.summaries())
    cards = [describe.card(spec, runs[spec.name], lab.data_dir) for spec in lab.datasets()]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_head"):
        st.title(t("Data"), width="content", anchor=False)
        st.caption(describe.space(cards, free(lab.data_dir)), width="stretch")
    show_problem()
    _deleted(runs)
    given = {
        "sets": cards,
        "unread": [{"name": s.name, "problem": text.unmarked(s.problem)} for s in lab.unread()],
        "folder": str(lab.data_dir),
        "waiting": [waiting_told(each) for each in lab.desk.waiting()],
        "bin": binned(lab),
    }
    panels.part(
        "list",
        given,
        on_open_change=_open,
        on_desk_change=_open,
        on_train_change=_train,
        on_fetched_change=_nothing,
    )


def _open() -> None:
    """A set, or what waits to be kept, is shown instead."""
    state = st.session_state[KEY]
    if name := state.get("open"):
        st.query_params.from_dict({"set": name})
    elif waiting := state.get("desk"):
        st.query_params.from_dict({"waiting": waiting})


def _train() -> None:
    """Train's form is opened with a set chosen."""
    st.session_state["data_train"] = st.session_state[KEY].get("train")


def _nothing() -> None:
    """The page run itself is what was asked for."""


def _deleted(runs: Counter) -> None:
    """What was just deleted, with the way back."""
    name = st.session_state.get("data_deleted")
    binned = get_lab().shelf.binned() if name else ()
    found = next((each for each in binned if each.name == name), None)
    if found is None:
        return
    used = t(
        " {runs} on it can be looked at; to train on, they need it.",
        runs=text.counted(runs[name], "run"),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="set_undo"):
        st.markdown(
            t(":material/check: **{name}** is in the bin for 30 days.", name=text.plain(name))
            + (f" {text.plain(used)}" if runs[name] else ""),
            width="content",
        )
        st.button(
            t("Undo"), key="sm_set_undo", icon=":material/undo:", on_click=_restore, args=(name,),
            help=t("As it was"),
        )  # fmt: skip
        st.button(
            t("Delete for good, {size}", size=text.size(found.num_bytes)),
            key="sm_set_purge",
            type="tertiary",
            on_click=get_lab().shelf.delete,
            args=(name,),
            help=t("Nothing brings it back"),
        )


def _restore(name: str) -> None:
    attempt(get_lab().shelf.restore, name)
    st.session_state.pop("data_deleted", None)


def free(folder) -> int:
    """Bytes that are free on the disk of a folder, which need not be there yet."""
    place = Path(folder)
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
