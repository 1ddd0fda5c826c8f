"""From points to digits: the short run with a z of two numbers that a chapter starts."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from pages.ui.shared.state import get_lab

RECIPE, DATASET = "mlp_gan", "mnist_5k"
SETTINGS = {"latent_dim": 2, "num_steps": 2500, "checkpoint_every": 50}
STARTED, PROBLEM = "learn_run", "learn_problem"


def start() -> None:
    """Start (or queue) the run; a problem is kept in words for the component."""
    lab = get_lab()
    st.session_state[PROBLEM] = ""
    try:
        config = lab.make_config(RECIPE, DATASET, **SETTINGS)
        st.session_state[STARTED] = lab.start(config, who="page")
    except GanError as error:
        st.session_state[PROBLEM] = str(error).replace("`", "")


def known() -> dict:
    """What the component follows: id of the run that was started here, and what went wrong."""
    return {
        "run": st.session_state.get(STARTED, ""),
        "problem": st.session_state.get(PROBLEM, ""),
    }
