"""Explore: move through the latent space of any stored step, also while it trains."""

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore.library import is_id
from gan_core.storage import access
from pages.ui.explore import opening, panels
from pages.ui.shared import parts, start, text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, get_lab, open_page, selected_run_id, show_problem

SHOWN = 200  # runs offered in the box


def choose(runs, library) -> str:
    """The run or library entry in the box; the address follows it, so that it can be shared.

    Where the address names another one than before (a link, the browser's Back), the box follows.
    """
    titles = {run.id: run.id for run in runs[:SHOWN]}
    titles |= {name: t(library.card(name)["title"]) for name in library.ids()}
    ids, asked, state = list(titles), selected_run_id(), st.session_state
    if asked is not None and asked not in ids:
        ids.insert(0, asked)
    if asked is not None and asked != state.get("explore_seen"):
        state["explore_run"] = asked
    elif state.get("explore_run") not in ids:
        state["explore_run"] = asked or ids[0]
    picked = st.selectbox(
        t("Generator"),
        ids,
        key="explore_run",
        help=t("Whose images"),
        format_func=lambda name: titles.get(name, name),
    )
    state["explore_seen"] = picked
    if picked != asked:
        st.query_params["run"] = picked
    return picked


def show(name: str) -> None:
    """All parts, in the order of reading; the narrow ones share a row where three do not fit."""
    with st.container(key="explore_top"):
        left, middle, right = st.columns([370, 604, 222])
    with left:
        panels.panel("image", name)
    with middle:
        panels.panel("matrix", name)
    with right:
        panels.panel("opinion", name)
    panels.panel("time", name)
    with st.container(key="explore_pairs"):
        for pair in (("tools", "directions"), ("neighbours", "dimensions")):
            for column, part in zip(st.columns(2), pair, strict=True):
                with column:
                    panels.panel(part, name)


def makes_images(name: str) -> bool:
    """Whether the generator is there and makes images; says so in words where not."""
    try:
        if is_id(name):
            return bool(opening.library().card(name))
        recipe = lab.store.get(name).config["recipe"]
    except GanError as error:
        st.error(text.said(error))
        return False
    if not parts.explored(recipe):
        st.markdown(
            t("This run makes points, not images: its samples are on the Train page.")
            if parts.makes_points(recipe)
            else t("This run has no z to move: its samples are on the Train page.")
        )
        if st.button(t("Open its Train page"), key="to_train", icon=":material/show_chart:"):
            open_page(TRAIN, name)
        return False
    return True


def nothing_yet() -> None:
    """What is shown instead of a run of one's own, and the way to one."""
    # Not by the address, which changes: an open popover must keep its place.
    with st.container(horizontal=True, vertical_alignment="center", key="no_run"):
        st.markdown(
            t(
                "No run of your own yet that makes images. Here is one that comes with the app; those "
                "that you train can be explored from their first step on."
            ),
            width="stretch",
        )
        start.train_now()


lab = get_lab()
known = [
    run
    for run in lab.store.summaries()
    if (run.step > 0 or run.state in text.ACTIVE) and parts.explored(run.recipe)
]
st.title(t("Explore"), anchor=False)
show_problem()
if not known:
    nothing_yet()
with st.container(key="explore_bar"):
    widths = [226, 134, 856] if access.may_change() else [226, 990]
    box, *opener, source = st.columns(widths, vertical_alignment="bottom")
for place in opener:
    with place:
        opening.opener()  # before the box, whose choice it may change
with box:
    chosen = choose(known, opening.library())
if makes_images(chosen):
    with source:
        panels.part("source", chosen)
    if is_id(chosen):
        opening.card(chosen)
    show(chosen)
