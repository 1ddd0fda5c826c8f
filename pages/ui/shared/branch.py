"""Branching from the page: choose a checkpoint, change settings, train the child from there."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS, TrainConfig
from gan_core.errors import GanError
from gan_core.runs.saved import checkpoints
from pages.ui.shared import forms, parts, settings, text, words
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, get_lab, open_page

FURTHER = 2000  # steps beyond the checkpoint, where the parent has no limit to take over


def open_form(run_id: str, step: int | None = None) -> None:
    """The form; `step` is chosen first if there is a checkpoint of it."""
    st.dialog(t("Branch"), icon=":material/call_split:")(_form)(run_id, step)


def _form(run_id: str, step: int | None) -> None:
    try:
        run = get_lab().store.get(run_id)
        known = {info.step: info for info in checkpoints.list_checkpoints(run.path)}
        config = TrainConfig.from_dict(run.config)
    except GanError as error:
        st.error(text.said(error))
        return
    if not known:
        st.markdown(t("This run has no checkpoint yet. *Checkpoint* on its page writes one."))
        return
    st.markdown(
        t(
            "A child of **{id}** starts bit-equal to the checkpoint and goes on with the "
            "settings you change. The parent stays as it is.",
            id=text.plain(run.id),
        )
    )
    chosen = _checkpoint(known, step)
    changes = _changes(config, known[chosen].meta.get("knobs", {}))
    limit = _limit(config, chosen)
    pressed = st.button(
        t("Branch"), key="branch_go", type="primary", icon=":material/call_split:",
        disabled=limit is None, help=t("Make the child and train it"),
    )  # fmt: skip
    if pressed and limit is not None:
        _go(run_id, chosen, changes | limit)


def _checkpoint(known: dict[int, Any], step: int | None) -> int:
    steps = sorted(known, reverse=True)
    return st.selectbox(
        t("Checkpoint"), steps, index=steps.index(step) if step in known else 0, key="branch_step",
        format_func=lambda s: t(
            "step {step:,}, {age}, {size}", step=s, age=text.ago(known[s].created_at),
            size=text.size(known[s].bytes),
        ),
        help=t("Weights, optimisers and random state of this moment"),
    )  # fmt: skip


def _changes(config: TrainConfig, knobs: dict[str, float]) -> dict[str, Any]:
    """Settings with a value other than the one they have at the checkpoint."""
    offered = [s.name for s in SETTINGS.values() if s.branch and not s.limit]
    if "weights" in parts.of(
        config.recipe
    ):  # a picture is trained: settings of networks mean nothing
        own = recipes.get(config.recipe).defaults
        offered = [name for name in offered if name in own]
    picked = st.multiselect(
        t("Settings to change"), offered, key="branch_fields", placeholder=t("None: the same again"),
        format_func=lambda name: f"{t(settings.label(name))}, {name}",
        help=t("Recipe, data, seed and sizes of the networks stay: the checkpoint holds them"),
    )  # fmt: skip
    found = {}
    for name in picked:
        now = knobs.get(name, getattr(config, name))
        now = float(words.setting(now)) if isinstance(now, float) else now
        value = forms.widget(name, now, key=f"branch_{name}")
        if value is not None and value != now:
            found[name] = forms.whole(name, value)
    return found


def _limit(config: TrainConfig, step: int) -> dict[str, Any] | None:
    """The limits to change; None where what was typed cannot be used."""
    most = config.num_steps if config.num_steps and config.num_steps > step else step + FURTHER
    total = st.number_input(
        t("Steps altogether"), value=float(most), step=1.0, format="%.12g", key=f"branch_total_{step}",
        help=t("Trains from step {step:,} to this one", step=step),
    )  # fmt: skip
    # A bound, or a field of integers, would keep it from us, and another one would be used.
    if total is None or total <= step or total % 1:
        enough = total is not None and total > step
        problem = (
            t("A whole number.")
            if enough
            else t("More than {step:,}, the step of the checkpoint.", step=step)
        )
        st.markdown(f":red[:material/warning: {problem}]")
        return None
    same = total == config.num_steps and config.num_minutes is None
    return {} if same else {"num_steps": int(total), "num_minutes": None}


def _go(run_id: str, step: int, changes: dict[str, Any]) -> None:
    lab = get_lab()
    try:
        child = lab.branch(run_id, step, who="page", **changes)
        lab.resume(child.id, who="page")
    except GanError as error:
        st.error(text.said(error))
        return
    open_page(TRAIN, child.id)
