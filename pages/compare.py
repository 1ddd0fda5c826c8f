"""Compare: up to eight runs over each other: curves, samples, settings, quality and cost."""

import streamlit as st

from pages.ui import compare_runs, compare_tables, start
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
        compare_runs.curves(runs)
        left, right = st.columns(2, gap="small")
        with left, st.container(border=True, height="stretch", key="settings_panel"):
            compare_tables.differing(runs)
        with right, st.container(border=True, height="stretch", key="quality_panel"):
            compare_tables.quality(runs)
