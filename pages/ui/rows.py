"""One line about a run, and the one action that makes sense for it; shared by the pages."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.errors import GanError
from pages.ui import cards, queue_note, text
from pages.ui.state import EXPLORE, TRAIN, attempt, get_lab, open_page

ACTIONS = {  # state: (label, icon, help)
    "queued": ("Cancel", None, "Take this run out of the queue"),
    "interrupted": ("Resume", ":material/play_arrow:", "Go on from the newest checkpoint"),
    "failed": ("See why", None, "What went wrong, and what to try"),
    "finished": ("Explore", None, "Look at what this run learned"),
    "stopped": ("Explore", None, "Look at what this run learned"),
}
WATCH = ("Watch", None, "Watch this run")
OPEN = ("Open", None, "Look at its points and curves")  # in place of Explore, which draws images


def fact(run) -> str:
    """What a line says under the id: how far the run came, or what went wrong."""
    if run.state == "queued":
        return f"{run.recipe} · {run.dataset}"
    if run.state == "failed" and run.error:
        first = run.error.strip().splitlines()[0]
        return first if len(first) <= 70 else f"{first[:69]}…"
    if run.state in ("finished", "stopped") and run.step == run.num_steps:
        return f"{run.step:,} steps · {text.clock(run.wall_time)}"
    return f"at {text.steps(run.step, run.num_steps)} steps"


def picture(run_id: str, shapes: dict, *, rows: int = 1, columns: int = 3) -> bytes | None:
    """A corner of the newest grid; None where there is none, or it cannot be read."""
    try:
        run = get_lab().store.get(run_id)
        shape = shapes.get(run.config.get("dataset"), ())
        return cards.newest_thumbnail(run, shape, rows=rows, columns=columns)
    except (GanError, OSError, ValueError):
        return None


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
                st.image(png, width=png_width(png), output_format="PNG", alt="samples")
        with st.container(width="stretch", gap=None, key=f"who_{run.id}"):
            st.markdown(f"**{text.plain(run.name or run.id)}**")
            st.caption(text.said(fact(run)))
        with st.container(width=106, gap=None):
            st.markdown(text.state_mark(run.state))
            waits = run.state == "queued"
            st.caption(queue_note.when(run.id) if waits else text.ago(run.updated_at))
        with st.container(width=92, horizontal_alignment="right"):
            action(run.id, run.state)


def action(run_id: str, state: str, *, kind: str = "secondary") -> None:
    """The button that makes sense now; its key holds the state, so a late click does nothing else."""
    label, icon, help_ = ACTIONS.get(state, WATCH)
    ended = state in ("finished", "stopped")
    if ended and _is_of_points(run_id):
        label, icon, help_ = OPEN
    if not st.button(label, key=f"sm_act_{run_id}_{state}", icon=icon, help=help_, type=kind):
        return
    if state == "queued":
        attempt(get_lab().cancel, run_id)
        st.rerun()
    if ended and label != OPEN[0]:
        open_page(EXPLORE, run_id)
    if state == "interrupted":
        attempt(get_lab().resume, run_id, who="page")
        if "problem" in st.session_state:
            st.rerun()
    open_page(TRAIN, run_id)


def makes_points(recipe: str) -> bool:
    """Whether runs of a recipe make points, which Explore does not draw; needs no data."""
    try:
        return recipes.get(recipe).needs == "points"
    except GanError:
        return False


def _is_of_points(run_id: str) -> bool:
    try:
        return makes_points(get_lab().store.get(run_id).config["recipe"])
    except (GanError, KeyError):
        return False


def png_width(png: bytes) -> int:
    """Width in pixels, from the header of PNG bytes."""
    return int.from_bytes(png[16:20], "big")
