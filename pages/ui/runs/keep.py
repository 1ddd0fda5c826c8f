"""The checkpoints of a run: which there are, why each stays, pins, and the rules."""

from __future__ import annotations

import streamlit as st

from gan_core.storage import access
from pages.ui.runs import bulk
from pages.ui.shared import numbers, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import attempt

REASONS = {
    "newest": N_("newest"),
    "best": N_("best"),
    "every": N_("every n-th"),
    "pinned": N_("pinned"),
}
MB = 1_000_000
FEW = 6  # checkpoints that are shown without scrolling


def show(run_id: str, checkpoints, notes) -> None:
    """List, pins and rules."""
    if not checkpoints:
        st.caption(t("No checkpoint yet. The first comes after a minute, or with *Checkpoint*."))
    else:
        _list(checkpoints[::-1])
        if access.may_change():
            _pins(run_id, checkpoints, notes)
    if access.may_change():
        _rules(run_id, notes)


def _list(checkpoints) -> None:
    data = {
        t("Step"): [c.step for c in checkpoints],
        t("Kept as"): [
            ", ".join(t(REASONS[r]) for r in c.reasons) or t("next to go") for c in checkpoints
        ],
        t("Size"): [text.size(c.bytes) for c in checkpoints],
        t("Made"): [text.ago(c.created_at) for c in checkpoints],
    }
    config = st.column_config
    st.dataframe(
        data,
        hide_index=True,
        key="checkpoint_list",
        height="content" if len(checkpoints) <= FEW else 220,
        alt=t("Checkpoints, the newest first"),
        column_config={
            t("Step"): config.NumberColumn(format="localized"),
            t("Size"): config.TextColumn(alignment="right"),
        },
    )


def _pins(run_id: str, checkpoints, notes) -> None:
    key = f"pins_{run_id}"
    steps = sorted({c.step for c in checkpoints} | set(notes.pinned_steps))
    st.multiselect(
        t("Pinned"),
        steps,
        default=list(notes.pinned_steps),
        key=key,
        format_func=lambda s: t("step {step:,}", step=s),
        placeholder=t("Choose checkpoints that must stay"),
        on_change=lambda: attempt(_pin, run_id, key),
        help=t("They stay whatever the rules below say"),
    )


def _pin(run_id: str, key: str) -> None:
    bulk.update(run_id, {"pinned_steps": tuple(sorted(st.session_state[key]))})


def _rules(run_id: str, notes) -> None:
    """How many stay, in how much room; they hold from the next checkpoint on."""
    with st.form(f"keep_{run_id}", border=False):
        left, middle, right = st.columns(3, vertical_alignment="top")
        last = numbers.field(
            *(left, t("Newest"), notes.keep_last, 1, 1000),
            key=f"keep_last_{run_id}",
            help=t("So many of the newest stay; the best measured one stays too"),
        )
        every = numbers.field(
            *(middle, t("Every n steps"), notes.keep_every, 0, 100_000_000),
            step=100,
            key=f"keep_every_{run_id}",
            help=t("The first after each so many steps stays; 0: none"),
        )
        limit = numbers.field(
            *(right, t("Limit, MB"), max(1, round(notes.budget_bytes / MB)), 1, 10**8),
            step=100,
            key=f"budget_{run_id}",
            help=t("Disk for the whole run. A warning comes at 80 %; then older ones go"),
        )
        pressed = st.form_submit_button(
            t("Save rules"),
            key=f"sm_keep_{run_id}",
            help=t("They hold from the next checkpoint on"),
        )
        if pressed and numbers.usable(last, every, limit):
            fields = {"keep_last": last.value, "keep_every": every.value}
            attempt(bulk.update, run_id, fields | {"budget_bytes": (limit.value or 0) * MB})
            st.rerun()
