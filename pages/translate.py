"""Translate: draw or load a picture and see what a translator makes of it, also while it trains."""

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore.translator_sources import BundledTranslator, bundled, is_bundled
from gan_core.storage import access
from pages.ui.shared import parts, text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, get_lab, open_page, selected_run_id, show_problem
from pages.ui.translate import many, panels
from pages.ui.translate.card import card

SHOWN = 200  # runs offered in the box


def choose(runs, bundled_ids) -> str:
    """The run or bundled translator in the box; the address follows it, so that it can be shared."""
    titles = {run.id: run.name or run.id for run in runs[:SHOWN]}
    titles |= {n: t(BundledTranslator(n, lab.data_dir).card["title"]) for n in bundled_ids}
    ids, asked, state = list(titles), selected_run_id(), st.session_state
    if asked is not None and asked not in ids:
        ids.insert(0, asked)
    if asked is not None and asked != state.get("translate_seen"):
        state["translate_run"] = asked
    elif state.get("translate_run") not in ids:
        state["translate_run"] = asked or ids[0]
    picked = st.selectbox(
        t("Translator"),
        ids,
        key="translate_run",
        help=t("Whose outputs"),
        format_func=lambda name: titles.get(name, name),
    )
    state["translate_seen"] = picked
    if picked != asked:
        st.query_params.from_dict(
            {"run": picked}
        )  # what another one was given is nothing for this one
    return picked


def translates(name: str) -> bool:
    """Whether it is there and translates pictures; says so in words where not."""
    try:
        if is_bundled(name):
            return bool(BundledTranslator(name, lab.data_dir).card)
        recipe = lab.store.get(name).config["recipe"]
    except GanError as error:
        st.error(text.said(error))
        return False
    if "translate" in parts.of(recipe):
        return True
    st.markdown(t("This run does not translate pictures."))
    other = parts.trying(recipe)
    if other and st.button(
        t("Open {label}", label=t(other.label)), key="to_trying", icon=other.icon
    ):
        open_page(other.page, name)
    return False


def show(name: str) -> None:
    """All parts, in the order of reading."""
    with st.container(key="translate_top"):
        left, middle, right = st.columns([370, 370, 436])
    for column, part in ((left, "draw"), (middle, "output"), (right, "good")):
        with column:
            panels.panel(part, name)
    panels.panel("time", name)
    with st.container(key="translate_low"):
        left, right = st.columns(2)
    with left:
        panels.panel("held_out", name)
    with right:
        if access.may_change():
            many.panel(name)


def nothing_yet() -> None:
    """What trainers are shown where there is no translator of their own, and the way to one."""
    if not access.may_change():
        return
    with st.container(horizontal=True, vertical_alignment="center", key="no_run"):
        st.markdown(
            t(
                "No translator of your own yet. Train one on *Edges to digits*: within a minute a line "
                "that you draw becomes a digit, while it still trains."
            ),
            width="stretch",
        )
        if st.button(t("Train one"), key="train_translator", type="primary"):
            open_page(TRAIN)


lab = get_lab()
known = [
    run
    for run in lab.store.summaries()
    if (run.step > 0 or run.state in text.ACTIVE) and "translate" in parts.of(run.recipe)
]
own = bundled()
st.title(t("Translate"), anchor=False)
show_problem()
if not known:
    nothing_yet()
if known or own or selected_run_id():
    with st.container(key="translate_bar"):
        box, source = st.columns([300, 916], vertical_alignment="bottom")
    with box:
        chosen = choose(known, own)
    if translates(chosen):
        with source:
            panels.part("source", chosen)
        if is_bundled(chosen):
            card(chosen)
        show(chosen)
