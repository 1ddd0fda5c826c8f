"""Compare: up to eight runs over each other: curves, samples, settings, quality and cost."""

import streamlit as st

from pages.ui import compare_axes, compare_quality, compare_runs, compare_tables, start
from pages.ui.state import get_lab, show_problem

everything = [run for run in get_lab().store.summaries() if not run.archived]
head, box = st.columns([110, 1090], vertical_alignment="center")
head.title("Compare", anchor=False)
show_problem()
if len(everything) < 2:
    with st.container(border=True, key="empty"):
        st.header("Two runs are needed", anchor=False)
        st.markdown("Train two with different settings, then choose them here.")
        start.train_now()
else:
    with box:
        runs = compare_runs.choose(everything)
    if len(runs) < 2:
        st.caption("Choose two to eight runs: their curves, samples and settings appear here.")
    else:
        settings, found = compare_tables.settings(runs), compare_quality.measured(runs)
        named = compare_runs.named(runs)
        axes = compare_axes.axes(runs, settings, found)
        tables = compare_axes.tables(runs, settings, found)
        compare_runs.curves(named, tables | {"axes": axes}, found.target)
        with st.container(border=True, key="quality_panel"):
            compare_quality.show(runs, found)
        with st.container(border=True, key="settings_panel"):
            compare_tables.differing(runs, settings)
        compare_axes.panel(named, axes)
