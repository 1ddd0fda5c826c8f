"""What am I looking at: a short tour of a page, for those who ask for it."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared.component import register
from pages.ui.shared.state import selected_run_id

_TOUR = register("shared/tour", "shared/tour")


def of(page: str) -> str:
    """The tour of a page, by its title: "train", "new" or "explore"; "" where there is none."""
    if page == "Explore":
        return "explore"
    return ("train" if selected_run_id() else "new") if page == "Train" else ""


def show(page: str) -> None:
    """A button that starts it; in the header, so that nothing moves."""
    if which := of(page):
        with st.container(key="tour", width="content"):
            _TOUR(key="tour_of_page", data={"tour": which})
