"""A run out of this folder and into it: the download link and the upload on the Runs page."""

from __future__ import annotations

import streamlit as st

from gan_core.archive.pack import import_run
from gan_core.errors import GanError
from gan_core.runs import misnamed
from gan_core.web.archive_routes import address
from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import attempt, get_lab


def download(run_id: str) -> None:
    """The run as one zip; it may be training meanwhile."""
    st.link_button(
        t("Download"),
        address(run_id),
        icon=":material/download:",
        key="sm_download",
        help=t("The whole run as one zip: settings, curves, samples, checkpoints, notes"),
    )


def upload() -> None:
    """Take a packed run; what is wrong with it is said in words and nothing is kept."""
    # A new key empties the field after an import.
    turn = st.session_state.setdefault("import_turn", 0)
    with st.popover(
        t("Import"), key="sm_import", icon=":material/add:", help=t("Add a packed run")
    ):
        file = st.file_uploader(
            t("A packed run"),
            type="zip",
            key=f"import_file_{turn}",
            help=t("A zip made by Download here, or by `pack` on the command line"),
        )
        st.caption(t("Every part is checked first. It gets a new number; no run here changes."))
        if file is not None and st.button(
            t("Import this run"), key="import_go", type="primary", help=t("Check it and add it")
        ):
            _take(file)


def _take(file) -> None:
    try:
        run = import_run(get_lab().store, file, "page")
    except GanError as error:
        st.error(text.said(error))
        return
    st.session_state["import_turn"] += 1
    st.session_state["imported_run"] = run.id
    st.rerun()


def unlisted() -> None:
    """Folders that hold a run under another name: said, and taken in with one press."""
    store = get_lab().store
    if not (problem := misnamed.sentence(store.root)):
        return
    st.warning(text.said(problem))
    for name in misnamed.names(store.root)[: misnamed.SHOWN]:
        st.button(
            t("Take in {name}", name=text.plain(name)),
            key=f"sm_take_{name}",
            icon=":material/add:",
            on_click=_take_in,
            args=(name,),
            help=t("It gets the next number; its files stay"),
        )


def _take_in(name: str) -> None:
    run = attempt(misnamed.take_in, get_lab().store, name, "page")
    if run is not None:
        st.session_state["imported_run"] = run.id


def imported() -> None:
    """What has just come in, once."""
    if run_id := st.session_state.pop("imported_run", ""):
        st.markdown(t("Imported as **{run_id}**.", run_id=text.plain(run_id)), width="content")
