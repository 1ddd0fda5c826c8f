"""Explore: the newest samples of a run."""

import streamlit as st

from gan_core.errors import GanError
from pages.ui import rows, start, text
from pages.ui.state import TRAIN, get_lab, open_page, selected_run_id, show_problem

SHOWN = 200  # runs offered in the box


def choose(runs) -> str | None:
    """The run in the box; the address follows it, so that it can be shared."""
    ids = [run.id for run in runs][:SHOWN]
    asked = selected_run_id()
    if asked is not None and asked not in ids:
        ids.insert(0, asked)
    at = ids.index(asked) if asked else 0
    picked = st.selectbox("Run", ids, index=at, key="explore_run", help="Whose samples to show")
    if picked != asked and asked is not None:
        st.query_params["run"] = picked
    return picked


def show(run_id: str) -> None:
    """The newest grid of the run beside real images."""
    try:
        run = lab.store.get(run_id)
        steps, shape = (
            run.sample_steps(),
            rows.shapes(lab.datasets()).get(run.config["dataset"], ()),
        )
        reals = run.reals_png()
        fakes = run.sample_png(steps[-1]) if steps else None
    except GanError as error:
        st.error(text.said(error))
        return
    if fakes is None:
        st.markdown("This run has no samples yet: the first come after its first step.")
        return
    st.caption(
        f"Made by the averaged generator at step {steps[-1]:,}, from {len(steps)} stored grids."
    )
    left, right = st.columns(2)
    zoom = 2 if len(shape) == 3 else 1
    with left, st.container(key="fakes"):
        st.header("Fake", anchor=False)
        st.image(fakes, output_format="PNG", width=rows.png_width(fakes) * zoom, alt="fakes")
    if reals is not None:
        with right, st.container(key="reals"):
            st.header("Real", anchor=False)
            st.image(
                reals, output_format="PNG", width=rows.png_width(reals) * zoom, alt="real images"
            )
    if st.button("Open in Train", key="sm_open", help="Curves and every stored grid"):
        open_page(TRAIN, run_id)


lab = get_lab()
known = [run for run in lab.store.summaries() if run.step > 0 or run.state in text.ACTIVE]
st.title("Explore", anchor=False)
show_problem()
if not known:
    with st.container(border=True, key="empty"):
        st.header("No run of your own", anchor=False)
        st.markdown("Train one; its samples are shown here from the first step on.")
        start.train_now()
elif chosen := choose(known):
    show(chosen)
