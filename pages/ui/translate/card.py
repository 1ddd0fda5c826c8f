"""The card of a translator that comes with the app: what it is in one line, the rest behind a button."""

from __future__ import annotations

import streamlit as st

from gan_core.explore.translator_sources import BundledTranslator
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab

SHOWN = (
    "l1",
    "class_kept",
    "ssim",
    "cycle",
    "sharpness",
    "fd_judge_500",
)  # measures, where they are


def card(name: str) -> None:
    """Recipe, data, licences; its measures and the command that makes it again."""
    found = BundledTranslator(name, get_lab().data_dir).card
    with st.container(horizontal=True, vertical_alignment="center", key="translator_card"):
        st.caption(
            t(
                "`{recipe}` on `{dataset}`, {step:,} steps in {seconds:.0f} seconds, seed "
                "{seed}. Weights {licence}, data {data_licence}.",
                recipe=found["recipe"],
                dataset=found["dataset"],
                step=found["step"],
                seconds=found["seconds"],
                seed=found["seed"],
                licence=found["licence"].split()[0],
                data_licence=found["data_licence"],
            ),
            width="stretch",
        )
        with st.popover(t("Card")):
            _details(found)


def _details(found: dict) -> None:
    st.markdown(f"{t(found['data'])}. {t(found['data_origin'])}.")
    rows = [f"| {n} | {found['quality'][n]:.3g} |" for n in SHOWN if n in found["quality"]]
    st.markdown("\n".join([t("| measure | value |"), "|---|---|", *rows]))
    st.caption(
        t(
            "Judge `{judge}`, {count:,} held-out pictures. Train it again with:",
            judge=found["judge"],
            count=found["count"],
        )
    )
    st.code(found["command"], language="sh", wrap_lines=True)
