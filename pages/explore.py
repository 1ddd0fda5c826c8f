"""Explore: move through the latent space of any stored step, also while it trains."""

import streamlit as st

from gan_core.errors import GanError
from pages.ui import explore, start, text
from pages.ui.state import get_lab, selected_run_id, show_problem

SHOWN = 200  # runs offered in the box


def choose(runs) -> str:
    """The run in the box; the address follows it, so that it can be shared."""
    ids = [run.id for run in runs][:SHOWN]
    asked = selected_run_id()
    if asked is not None and asked not in ids:
        ids.insert(0, asked)
    at = ids.index(asked) if asked else 0
    picked = st.selectbox("Generator", ids, index=at, key="explore_run", help="Whose images")
    if picked != asked:
        st.query_params["run"] = picked
    return picked


def show(run_id: str) -> None:
    """All parts, in the order of reading."""
    left, middle, right = st.columns([370, 604, 222])
    with left:
        explore.panel("image", run_id)
    with middle:
        explore.panel("matrix", run_id)
    with right:
        explore.panel("opinion", run_id)
    explore.panel("time", run_id)
    for pair in (("tools", "directions"), ("neighbours", "dimensions")):
        for column, name in zip(st.columns(2), pair, strict=True):
            with column:
                explore.panel(name, run_id)


def makes_images(run_id: str) -> bool:
    """Whether the run is there and makes images; says so in words where not."""
    try:
        dataset = lab.store.get(run_id).config["dataset"]
    except GanError as error:
        st.error(text.said(error))
        return False
    kinds = {spec.name: spec.kind for spec in lab.datasets()}
    if kinds.get(dataset) == "points":
        st.markdown("This run makes points, not images: its samples are on the Train page.")
        return False
    return True


lab = get_lab()
known = [run for run in lab.store.summaries() if run.step > 0 or run.state in text.ACTIVE]
st.title("Explore", anchor=False)
show_problem()
if not known and selected_run_id() is None:
    with st.container(border=True, key="empty"):
        st.header("No run of your own", anchor=False)
        st.markdown("Train one; you can explore it from its first step on.")
        start.train_now()
else:
    box, source = st.columns([256, 960], vertical_alignment="bottom")
    with box:
        chosen = choose(known)
    if makes_images(chosen):
        with source:
            explore.part("source", chosen)
        show(chosen)
