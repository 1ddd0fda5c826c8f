"""Runs: every run of this folder, with search, its family, and what can be done with it."""

import streamlit as st

from gan_core.runs.family import family
from gan_core.storage import access
from pages.ui.runs import archive, bin, bulk, detail, follow, sweeps, table, workers
from pages.ui.runs import family as runs_family
from pages.ui.shared import queue_note, rows, text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, get_lab, open_page, show_problem

lab = get_lab()
everything = lab.store.summaries()
runs_family.picked()
sweeps.form_is_gone()

with st.container(horizontal=True, vertical_alignment="center", key="page_head"):
    st.title(t("Runs"), width="content", anchor=False)
    bulk.beside_title(everything)
    archive.imported()
    if access.may_change():
        archive.upload()
    if access.may_change() and st.button(t("Sweep"), key="sm_sweep", icon=":material/grid_view:",
                 help=t("Many runs: a grid or a list of settings, and seeds")):  # fmt: skip
        sweeps.open_form()
    if access.may_change() and st.button(t("New run"), key="sm_new", type="primary", icon=":material/add:",
                 help=t("Choose a recipe and data")):  # fmt: skip
        open_page(TRAIN)
show_problem()
if not lab.jobs.take_turn():
    st.info(t("Another GANscope server trains from this runs folder. Here you can watch its runs."))
workers.panel()
queue_note.held()
if access.may_change():
    archive.unlisted()
sweeps.beginning(everything)

if not everything and not bin.count():
    table.nothing_yet()
else:
    sweeps.panel(everything)
    shown = table.filtered(everything)
    page = table.page_of(shown)
    if not everything and not table.in_bin():
        table.nothing_yet()
    elif not page:
        st.markdown(t("No run fits. Clear the search or choose another state."))
    else:
        shapes = rows.shapes(lab.datasets())
        follow.table(page, shapes)
        if not table.in_bin():
            chosen = table.chosen(everything, page)
            members = family(lab.store, everything, chosen.id)
            left, right = st.columns([58, 42], gap="small")
            with left:
                runs_family.panel(members, chosen, shapes)
            with right:
                own = next((m for m in members if m.run.id == chosen.id), None)
                detail.panel(chosen, own, shapes, everything)
    if len(shown) > len(page) > 0:
        st.caption(
            t(
                "{page} of {shown} runs on this page.",
                page=text.number(len(page)),
                shown=text.number(len(shown)),
            )
        )
