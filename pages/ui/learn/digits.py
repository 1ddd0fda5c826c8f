"""From points to digits: the short run with a z of two numbers that a chapter starts."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from pages.ui.shared.state import get_lab

DATASET = SETTINGS["dataset"].default
SHORT = {"latent_dim": 2, "num_steps": 2500, "checkpoint_every": 50}
STARTED, PROBLEM = "learn_run", "learn_problem"


def quickest() -> str:
    """The recipe that makes images with the shortest step."""
    found = {name: recipes.get(name) for name in recipes.names()}
    made = [n for n, r in found.items() if r.needs == "images" and r.task == "synthesis"]
    return min(made, key=lambda name: found[name].ms_per_step)


def start() -> None:
    """Start (or queue) the run; a problem is kept in words for the component."""
    lab = get_lab()
    st.session_state[PROBLEM] = ""
    try:
        config = lab.make_config(quickest(), DATASET, **SHORT)
        st.session_state[STARTED] = lab.start(config, who="page")
    except GanError as error:
        st.session_state[PROBLEM] = str(error).replace("`", "")


def known() -> dict:
    """What the component follows: id of the run that was started here, and what went wrong."""
    return {
        "run": st.session_state.get(STARTED, ""),
        "problem": st.session_state.get(PROBLEM, ""),
    }
