"""Compare: the settings that differ."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.config import TrainConfig
from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab


def settings(runs) -> dict[str, dict[str, Any]]:
    """Run id -> its settings; runs whose settings cannot be read are named and left out."""
    found = {}
    for run in runs:
        try:
            found[run.id] = TrainConfig.from_dict(get_lab().store.get(run.id).config).model_dump()
        except GanError as error:
            st.error(text.said(error))
    return found


def names_that_differ(found: dict[str, dict[str, Any]]) -> list[str]:
    """Names of the settings that are not the same in all."""
    return [n for n in TrainConfig.model_fields if len({str(s[n]) for s in found.values()}) > 1]


def differing(runs, found: dict[str, dict[str, Any]]) -> None:
    """Only the settings that are not the same in all; bold where they differ from run 1."""
    if not found:
        return
    names = list(TrainConfig.model_fields)
    different = names_that_differ(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(t("Settings that differ"), width="content", anchor=False)
        st.caption(
            t(
                "{different} of {names}; bold differs from run 1",
                different=len(different),
                names=len(names),
            ),
            width="stretch",
        )
        everything = st.toggle(
            t("Show all"), key="all_settings", help=t("Also those that are the same")
        )
    shown = names if everything else different
    if not shown:
        st.markdown(t("All settings are the same."))
        return
    first = next(iter(found.values()))
    table = {t("setting"): [text.plain(n) for n in shown]}
    for number, run in enumerate(runs, start=1):
        if run.id in found:
            own = found[run.id]
            table[f"{number}"] = [_cell(own[n], own[n] != first[n]) for n in shown]
    st.table(table, border="horizontal", hide_index=True)


def _cell(value: Any, bold: bool) -> str:
    shown = text.plain(text.setting(value))
    return f"**{shown}**" if bold else shown
