"""Ready generators in the popover of Open: those that come with the app, and hosted ones, one press each."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore import hosted
from gan_core.explore.library import Library
from pages.ui.shared import text
from pages.ui.shared.language import t

ICONS = {"here": ":material/inventory_2:", "away": ":material/cloud_download:"}


def rows(library: Library, go) -> None:
    """A button each, with what its card says; `go(id)` shows the one that was opened."""
    for name in library.ids():
        if name.startswith("bundled-"):
            card = library.card(name)
            _row(
                f"ready_{name}",
                t(card["title"]),
                "here",
                _said(card, t("Comes with the app")),
                go,
                name,
            )
    try:
        entries = hosted.listed()
    except GanError as error:
        st.error(text.said(error))
        return
    for number, entry in enumerate(entries):
        where = t("From {host}", host=entry.address.split("/")[2])
        checked = (
            "" if entry.sha256 else t(" Its SHA-256 is not known, so what comes is not compared.")
        )
        said = f"{_said(entry.card, where)}{checked}"
        _row(f"hosted_{number}", entry.title, "away", said, _load, library, entry, go)


def _row(key: str, title: str, kind: str, said: str, act, *given) -> None:
    if st.button(
        text.plain(title), key=key, icon=ICONS[kind], width="stretch", help=said,
    ):  # fmt: skip
        act(*given)


def _said(card: dict, where: str) -> str:
    """A card in one line."""
    parts = [
        t(card.get("data") or ""),
        t("data {licence}", licence=t(card["data_licence"])) if card.get("data_licence") else "",
    ]
    return f"{where}. {text.plain(', '.join(part for part in parts if part))}."


def _load(library: Library, entry: hosted.Hosted, go) -> None:
    try:
        with st.spinner(t("Fetching, checking layers and sizes, then reading the weights")):
            name = hosted.open_hosted(library, entry)
    except GanError as error:
        st.error(text.said(error))
        return
    go(name)
