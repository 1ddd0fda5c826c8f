"""Compare: runs side by side: newest samples, how far they came, and the settings that differ."""

import streamlit as st

from gan_core.config import TrainConfig
from gan_core.errors import GanError
from pages.ui import rows, start, text
from pages.ui.state import get_lab, show_problem

MOST = 4


def settings(runs) -> dict[str, dict]:
    """Run id -> its settings, without those that cannot be read."""
    found = {}
    for run in runs:
        try:
            found[run.id] = TrainConfig.from_dict(lab.store.get(run.id).config).model_dump()
        except GanError as error:
            st.error(text.said(error))
    return found


def side_by_side(runs, shapes) -> None:
    """One column a run."""
    for column, run in zip(st.columns(len(runs)), runs, strict=True):
        with column, st.container(border=True, height="stretch", key=f"one_{run.id}"):
            st.header(text.plain(run.name or run.id), anchor=False)
            st.markdown(text.state_mark(run.state))
            png = rows.picture(run.id, shapes, rows=5, columns=5)
            if png is None:
                st.caption("no samples yet")
            else:
                st.image(png, width=280, output_format="PNG", alt=f"fakes of {run.id}")
            steps = text.steps(run.step, run.num_steps)
            st.caption(f"step {steps}, {text.clock(run.wall_time)} of training")


def differing(found: dict[str, dict]) -> None:
    """The settings that are not the same in all of them."""
    names = [n for n in TrainConfig.model_fields if len({str(s[n]) for s in found.values()}) > 1]
    st.header("Settings that differ", anchor=False)
    if not names:
        st.markdown("All settings are the same.")
        return
    table = {"setting": names} | {i: [str(s[n]) for n in names] for i, s in found.items()}
    st.dataframe(table, hide_index=True, key="differing", alt="Settings that differ, one a row")


lab = get_lab()
everything = [run for run in lab.store.summaries() if not run.archived]
st.title("Compare", anchor=False)
show_problem()
if len(everything) < 2:
    with st.container(border=True, key="empty"):
        st.header("Two runs are needed", anchor=False)
        st.markdown("Train two with different settings, then choose them here.")
        start.train_now()
else:
    by_id = {run.id: run for run in everything}
    ids = st.multiselect("Runs", list(by_id), key="compared", max_selections=MOST,
                         placeholder="Choose two to four runs",
                         help="Newest samples and the settings that differ")  # fmt: skip
    if len(ids) < 2:
        st.caption("Choose two to four runs to see their newest samples and settings side by side.")
    else:
        runs = [by_id[i] for i in ids]
        side_by_side(runs, rows.shapes(lab.datasets()))
        differing(settings(runs))
