"""Weights of a picture that is trained: they act without Apply, for the picture is the answer."""

from __future__ import annotations

import time

import streamlit as st

from gan_core import recipes
from gan_core.config import LIVE_KNOBS, PACE, SETTINGS
from pages.ui.shared import words
from pages.ui.shared.language import t
from pages.ui.shared.state import attempt, get_lab
from pages.ui.train import knobs

DECADES = 2  # to each side of the recipe's own value
TENTHS = 10  # places in a decade
PATIENCE = 3.0  # seconds in which a value that was sent may still be on its way


def show(snapshot) -> None:
    """A slider for each weight of a run that this process trains."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(t("Weights"), width="content", anchor=False)
        st.caption(t("act at the next step, without Apply"), width="stretch")
    if not snapshot.knobs:
        st.caption(t("They appear when the pictures are read."))
        return
    _sliders(snapshot.run_id)
    if PACE in snapshot.knobs:
        knobs.pace(snapshot.run_id, snapshot.knobs[PACE])


def _sliders(run_id: str) -> None:
    now = get_lab().snapshot(run_id).knobs
    own = recipes.get(get_lab().store.get(run_id).config["recipe"]).defaults
    for name in (name for name in LIVE_KNOBS if name in now and name != PACE):
        _slider(run_id, name, now[name], float(own.get(name, now[name])))
    st.caption(
        t(
            "The scale is ten times a quarter. Each move is marked on the curves; moves within two seconds "
            "are one mark. Layers are changed by *Branch*, which goes on from the picture as it is."
        )
    )


def _slider(run_id: str, name: str, now: float, own: float) -> None:
    key = f"weight_{run_id}_{name}"
    _follow(key, now)
    setting = SETTINGS[name]
    options = sorted({*scale(own, zero=name.endswith("_weight")), st.session_state[key]})
    st.select_slider(
        setting.label, options, key=key, format_func=words.setting, on_change=_turn,
        args=(run_id, name, key), help=t("{help}. In files: `{name}`.", help=t(setting.help), name=name),
    )  # fmt: skip


def scale(own: float, *, zero: bool) -> list[float]:
    """Values from a hundredth to a hundred times the recipe's own, ten to a decade, perhaps with 0."""
    if own <= 0:
        own = 1.0
    places = range(-DECADES * TENTHS, DECADES * TENTHS + 1)
    values = [float(f"{own * 10 ** (place / TENTHS):.2g}") for place in places]
    return [0.0, *values] if zero else values


def _follow(key: str, now: float) -> None:
    """Show what the step uses, unless what was sent from here is still on its way."""
    seen, sent = (st.session_state.get(f"{key}_{what}") for what in ("seen", "sent"))
    if sent is not None and (sent[0] == now or time.monotonic() - sent[1] > PATIENCE):
        sent = st.session_state[f"{key}_sent"] = None  # it has come, or something else has
    coming = sent is not None
    if key not in st.session_state or (seen != now and not coming):
        st.session_state[key] = now
    st.session_state[f"{key}_seen"] = now


def _turn(run_id: str, name: str, key: str) -> None:
    value = st.session_state[key]
    st.session_state[f"{key}_sent"] = (value, time.monotonic())
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.set_knobs({name: value}, who="page")
