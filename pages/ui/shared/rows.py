"""One line about a run, and the one action that makes sense for it; shared by the pages."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from gan_core.data import record
from gan_core.errors import GanError
from gan_core.storage import access
from pages.ui.shared import cards, parts, queue_note, text, verdicts
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page

ACTIONS = {  # state: (label, icon, help)
    "queued": (N_("Cancel"), None, N_("Take this run out of the queue")),
    "interrupted": (N_("Resume"), ":material/play_arrow:", N_("Go on from the newest checkpoint")),
    "failed": (N_("See why"), None, N_("What went wrong, and what to try")),
}
ENDED = ("finished", "stopped")
WATCH = (N_("Watch"), None, N_("Watch this run"))
TRY = N_("Look at what this run learned")
CURVES = (N_("Curves"), None, N_("Its curves and its samples"))
SICK = (N_("See why"), None, N_("What the doctor found, and what to try"))


def fact(run) -> str:
    """What a line says under the id, as Markdown: how far the run came, or what went wrong."""
    if run.state == "queued":
        return text.plain(f"{run.recipe} · {run.dataset}")
    if run.state == "failed" and run.error:
        first = run.error.strip().splitlines()[0]
        return text.said(first if len(first) <= 70 else f"{first[:69]}…")
    if run.state in ENDED and run.step == run.num_steps:
        parts = [f"{text.counted(run.step, 'step')} · {text.clock(run.wall_time)}"]
    elif run.num_steps:
        parts = [t("step {steps}", steps=text.steps(run.step, run.num_steps))]
    else:
        parts = [
            t("step {step:,} · {wall_time}", step=run.step, wall_time=text.clock(run.wall_time))
        ]
    return " · ".join([*outcome(run), *parts])


def outcome(run) -> list[str]:
    """What came of a run that has ended, as Markdown: the doctor's last word, the best Fréchet."""
    if run.state not in ENDED:
        return []
    told, best = verdicts.last(run), get_lab().store.best(run.id)
    word = [] if told is None else [text.plain(t(told.word))]
    if told is not None and told.alarm:
        word = [f":red[{word[0]}]"]
    return [*word, *([t("Fréchet {frechet}", frechet=frechet(best.value))] if best else [])]


def frechet(value: float) -> str:
    """A Fréchet distance as it is written everywhere: '0.1', '7.5', '1,455'."""
    return text.measured(value, 1)


def picture(run_id: str, shapes: dict, *, rows: int = 1, columns: int = 3) -> bytes | None:
    """A corner of the newest grid; None where there is none, or it cannot be read."""
    try:
        run = get_lab().store.get(run_id)
        shape = shapes.get(run.config.get("dataset")) or _recorded_shape(run)
        return cards.newest_thumbnail(run, shape, rows=rows, columns=columns)
    except (GanError, OSError, ValueError):
        return None


def _recorded_shape(run) -> tuple[int, ...]:
    """What the run itself knows of its data; () where it knows nothing."""
    found = record.checked(run.header.get("data"))
    return tuple(found["image_shape"]) if found else ()


def shapes(datasets) -> dict[str, tuple[int, ...]]:
    """Data set -> image shape; what the corners of grids are cut by."""
    return {spec.name: spec.image_shape for spec in datasets}


def row(run, known_shapes: dict) -> None:
    """Picture, id, fact, state and action in one line."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{run.id}"):
        with st.container(width=84, key=f"pic_{run.id}"):
            png = picture(run.id, known_shapes)
            if png is None:
                st.html('<div class="gs-well"></div>')
            else:
                st.image(png, width=png_size(png)[0], output_format="PNG", alt=t("samples"))
        with st.container(width="stretch", gap=None, key=f"who_{run.id}"):
            _title(run)
            st.caption(fact(run))
        with st.container(width=106, gap=None, key=f"state_{run.id}"):
            st.markdown(text.state_mark(run.state, sick=verdicts.sick(run)))
            waits = run.state == "queued"
            st.caption(queue_note.when(run.id) if waits else text.ago(run.updated_at))
        with st.container(width=92, horizontal_alignment="right", key=f"do_{run.id}"):
            action(run)


def _title(run) -> None:
    """The name, which opens the run's own page: curves, samples, the doctor."""
    label = f"**{text.plain(run.name or run.id)}**"
    if st.button(label, key=f"title_{run.id}", type="tertiary", help=t("Curves, samples, doctor")):
        open_page(TRAIN, run.id)


def curves(run) -> None:
    """The button that opens the run's own page."""
    label, icon, help_ = CURVES
    if st.button(t(label), key=f"sm_curves_{run.id}", icon=icon, help=t(help_)):
        open_page(TRAIN, run.id)


def action(run, *, kind: Literal["primary", "secondary"] = "secondary") -> None:
    """The button that makes sense now; its key holds the state, so a late click does nothing else.

    Of an ended or interrupted run: why it is sick, else where it is tried, else (nowhere) its curves.
    """
    run_id, state = run.id, run.state
    label, icon, help_ = _action(run)
    key = f"sm_act_{run_id}_{state}"
    if not st.button(t(label), key=key, icon=icon, help=t(help_), type=kind):
        return
    if label == ACTIONS["queued"][0]:
        attempt(get_lab().cancel, run_id)
        st.rerun()
    place = parts.trying(run.recipe)
    if place and label == place.label:
        open_page(place.page, run_id)
    if label == ACTIONS["interrupted"][0]:
        attempt(get_lab().resume, run_id, who="page")
        if "problem" in st.session_state:
            st.rerun()
    open_page(TRAIN, run_id)


def _action(run) -> tuple:
    if not access.may_change() and run.state in ("queued", "interrupted"):
        return CURVES
    if run.state in (*ENDED, "interrupted") and verdicts.sick(run):
        return SICK  # going on from the newest checkpoint would go on being ill
    if run.state in ENDED:
        place = parts.trying(run.recipe)
        return (place.label, None, TRY) if place else CURVES
    return ACTIONS.get(run.state, WATCH)


def png_size(png: bytes) -> tuple[int, int]:
    """(width, height) in pixels, from the header of PNG bytes."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
