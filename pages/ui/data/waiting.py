"""What was dropped and is not kept yet."""

from __future__ import annotations

import streamlit as st


def show(desk_id: str) -> None:
    """The whole page."""
    st.title(desk_id, anchor=False)
