"""The style network as a file of its own."""

from __future__ import annotations

import streamlit as st

from gan_core.storage import access
from pages.ui.shared.language import t


def button() -> None:
    """One HTML file, made when it is asked for."""
    st.download_button(
        t("Web page"),
        data=_page,
        file_name="style.html",
        mime="text/html",
        icon=":material/download:",
        key="style_web",
        on_click="ignore",
        help=t(
            "Content and style files in one page of 3 MB that paints without a server or a network"
        ),
    )


def _page() -> bytes:
    from gan_core.export.web.style import style_page

    with access.in_turn():
        return style_page()
