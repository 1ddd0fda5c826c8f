"""Opening a generator from a file or an address, and the card of one that has no run."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore.foreign import importing
from gan_core.explore.library import Library
from pages.ui import text
from pages.ui.state import get_lab

PRIORS = {"Usual for the format": None, "N(0, 1)": "normal", "U(−1, 1)": "uniform"}
USUAL = {"keras": "normal", "tfjs": "uniform"}
HELP = (
    "The numbers that z was drawn from in training; the file does not say. Keras files: mostly "
    "N(0, 1). The TensorFlow.js page: U(−1, 1)."
)


def library() -> Library:
    """Bundled and opened generators of this process's runs folder."""
    return Library(get_lab().store.root)


def opener() -> None:
    """A popover that opens a `.keras` file or an http(s) address; goes there when it worked."""
    with st.popover("Open a file", icon=":material/folder_open:", width="stretch"):
        st.markdown(
            "A generator from elsewhere: a `.keras` file, or the address of one or of a "
            "TensorFlow.js `model.json`. Stock layers only; code in it is never run."
        )
        file = st.file_uploader("Keras file", type=["keras"], key="open_file")
        url = st.text_input(
            "or address", key="open_url", placeholder="https://…/model.json", max_chars=2000
        )
        prior = st.radio("z was drawn from", PRIORS, key="open_prior", help=HELP, horizontal=True)
        if st.button("Check and open", key="open_go", type="primary", disabled=not (file or url)):
            _open(file, url.strip(), PRIORS[prior])


def _open(file, url: str, prior: str | None) -> None:
    try:
        with st.spinner("Checking layers and sizes, then reading the weights"):
            if file is not None and not url:
                plan, arrays = importing.from_bytes(file.getvalue())
                kind, title, origin = "keras", file.name, "a file"
            else:
                plan, arrays, kind = importing.from_url(url)
                title, origin = url.rsplit("/", 2)[-2] if kind == "tfjs" else url, url
            name = library().add(
                plan, arrays, title=title, origin=origin, prior=prior or USUAL[kind]
            )
            # At once, because any further call of Streamlit may end this page run.
            st.session_state["explore_run"] = name
    except GanError as error:
        st.error(text.said(error))
        return
    st.query_params.clear()
    st.query_params["run"] = name
    st.rerun()


def card(name: str) -> None:
    """What a generator without a run is, in one line; how to make it again behind a button."""
    try:
        found = library().card(name)
    except GanError:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="card"):
        st.caption(_sentence(found), width="stretch")
        if name.startswith("opened-"):
            st.button("Forget it", key="forget", on_click=_forget, args=(name,))
        elif "command" in found:
            with st.popover("Card"):
                _details(found)


def _sentence(found: dict) -> str:
    if "recipe" not in found:
        drawn = "N(0, 1)" if found["prior"] == "normal" else "U(−1, 1)"
        return f"Opened from {text.plain(found['origin'])}; z drawn from {drawn}."
    return (
        f"`{found['recipe']}` on `{found['dataset']}`, {found['step']:,} steps, "
        f"seed {found['seed']}. Weights {found['licence'].split()[0]}, data {found['data_licence']}."
    )


def _details(found: dict) -> None:
    """Where a bundled generator is from, what was measured, how to make it again."""
    st.markdown(f"{found['data']}. {found['data_origin']}.")
    rows = [f"| {name} | {value:,.3g} |" for name, value in found["quality"].items()]
    real = f"Real images give {found['real_images']:.1f}. " if found.get("real_images") else ""
    st.markdown("\n".join(["| measure | value |", "|---|---|", *rows]))
    st.caption(f"{real}Judge `{found['judge']}`, {found['count']:,} fakes. Train it again with:")
    st.code(found["command"], language="sh", wrap_lines=True)


def _forget(name: str) -> None:
    library().remove(name)
    st.query_params.clear()
    st.session_state.pop("explore_run", None)
