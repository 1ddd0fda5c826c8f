"""The plane: a GAN on points that trains in the browser. One chapter alone asks the server for a run."""

from __future__ import annotations

import streamlit as st

from pages.ui.learn import digits
from pages.ui.shared.component import register

_PLANE = register("learn/learn", "learn/learn")
KEY = "learn_plane"


def show() -> None:
    """The whole page: loop, plane, what happens now, settings, chapters."""
    _PLANE(key=KEY, data=digits.known(), on_train_change=_train)


def _train() -> None:
    if st.session_state[KEY].get("train"):
        digits.start()
