"""Style: a picture painted in the manner of another, at once, or step by step as a run."""

import streamlit as st

from gan_core.errors import GanError
from pages.ui.shared import parts, text
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab, selected_run_id, show_problem
from pages.ui.style import optimising, panels, take_away


def pictures_of() -> str:
    """The run of style that the address names; "" for none, in words where it is none."""
    run_id = selected_run_id()
    if run_id is None:
        return ""
    try:
        recipe = lab.store.get(run_id).config["recipe"]
    except GanError as error:
        st.error(text.said(error))
        return ""
    if "style" in parts.of(recipe):
        return run_id
    st.markdown(t("This run is none of style. Shown are the app's own pictures."))
    return ""


def show(given: dict) -> None:
    """All parts, in the order of reading."""
    with st.container(key="style_top"):
        left, middle, right = st.columns([250, 640, 300])
    with left, st.container(key="style_sources"):
        for kind in ("content", "style"):
            panels.panel("picker", given | {"kind": kind}, key=kind)
    with middle:
        panels.panel("result", given)
        panels.panel("every", given)
    with right:
        optimising.panel(given)
    panels.panel("results", given)
    take_away.button()


lab = get_lab()
optimising.go_on()
with st.container(key="style_head"):
    st.title(t("Style"), anchor=False)
    show_problem()
    pictures = panels.data(pictures_of())
    panels.part("bar", pictures)
show(pictures)
