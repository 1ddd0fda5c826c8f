"""Compare: up to eight runs over each other: curves, samples, settings, quality and cost."""

import streamlit as st

from pages.ui.compare import axes as compare_axes
from pages.ui.compare import chosen, quality
from pages.ui.compare import tables as compare_tables
from pages.ui.shared import start
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab, show_problem

everything = [run for run in get_lab().store.summaries() if not run.archived]
runs = chosen.chosen(everything)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.title(t("Compare"), width="content", anchor=False)
    if len(runs) > 1:
        chosen.picker(everything, runs)
show_problem()
if len(everything) < 2:
    with st.container(border=True, key="empty"):
        st.header(t("Two runs are needed"), anchor=False)
        st.markdown(t("Train two with different settings, then choose them here."))
        start.train_now()
elif len(runs) < 2:
    chosen.nothing_yet(everything, runs)
else:
    settings, found = compare_tables.settings(runs), quality.measured(runs)
    named = chosen.named(runs)
    axes = compare_axes.axes(runs, settings, found)
    tables = compare_axes.tables(runs, settings, found)
    chosen.curves(named, tables | {"axes": axes}, found.target)
    with st.container(border=True, key="quality_panel"):
        quality.show(runs, found)
    with st.container(border=True, key="settings_panel"):
        compare_tables.differing(runs, settings)
    compare_axes.panel(named, axes)
