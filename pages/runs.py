"""Runs: every run of this folder, with search, and what can be done with the chosen ones."""

import streamlit as st

from pages.ui import rows, runs_archive, runs_table, start, text
from pages.ui.state import TRAIN, get_lab, open_page, show_problem

lab = get_lab()
everything = lab.store.summaries()

with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Runs", width="content", anchor=False)
    runs_table.beside_title(everything)
    runs_archive.imported()
    runs_archive.upload()
    if st.button("New run", key="sm_new", type="primary", icon=":material/play_arrow:",
                 help="Choose a recipe and data"):  # fmt: skip
        open_page(TRAIN)
show_problem()

if not everything:
    with st.container(border=True, key="empty"):
        st.header("No runs yet", anchor=False)
        st.markdown("Everything you train is kept here, also from the command line.")
        start.train_now()
else:
    shown = runs_table.filtered(everything)
    page = runs_table.page_of(shown)
    if not page:
        st.markdown("No run fits. Clear the search or choose another state.")
    else:
        chosen = runs_table.table(page, rows.shapes(lab.datasets()))
        runs_table.detail(chosen)
    if len(shown) > len(page) > 0:
        st.caption(f"{text.number(len(page))} of {text.number(len(shown))} runs on this page.")
