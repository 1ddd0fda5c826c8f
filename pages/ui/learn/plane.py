"""The plane: a GAN on points that trains in the browser. A chapter asks the server for a run, and so does
what is kept."""

from __future__ import annotations

import streamlit as st

from pages.ui.learn import digits, keeping
from pages.ui.shared.component import register

_PLANE = register("learn/learn", "learn/learn")
KEY = "learn_plane"


def show() -> None:
    """The whole page: loop, plane, what happens now, settings, chapters."""
    known = {**digits.known(), "kept": keeping.known()}
    _PLANE(key=KEY, data=known, on_train_change=_train, on_keep_change=_keep)


def _train() -> None:
    asked = st.session_state[KEY].get("train")
    if isinstance(asked, dict) and asked.get("chapter") in digits.CHAPTERS:
        digits.start(asked["chapter"], asked.get("more"))


def _keep() -> None:
    told = st.session_state[KEY].get("keep")
    if isinstance(told, dict):
        keeping.keep(told)
