"""The mark on a pressed command, where no readouts watch: it says at once what is being done."""

from __future__ import annotations

import streamlit as st

from pages.ui.shared.component import register

_commands = register("shared/pressed")


def watch() -> None:
    """Takes no room and draws nothing; to be called at the end of a page."""
    with st.container(key="press_watch"):
        _commands(key="commands_watch")
