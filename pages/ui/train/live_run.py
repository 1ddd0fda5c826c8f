"""Train, live: one run with its commands, samples, curves, knobs and events."""

from __future__ import annotations

import streamlit as st

from gan_core import data, metric_table, tasks
from gan_core.config import TrainConfig
from gan_core.errors import GanError
from gan_core.storage import access
from gan_core.web.details import grid_header
from gan_core.web.status import signature
from pages.ui.shared import live, parts, text
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab, open_page, show_problem
from pages.ui.train import knobs, next_step, quality, run_line, states, verdict, weights

HALVES = (1.12, 1)  # a little more for the grids: at a zoom of 150 % they then fit twice as large
WATCH_EVERY = 30.0  # seconds; the readouts notice changes much sooner, this is for when they cannot


def show(run_id: str) -> None:
    """The whole page."""
    lab = get_lab()
    try:
        run, snapshot = lab.store.get(run_id), lab.snapshot(run_id)
    except GanError as error:
        _missing(run_id, error)
        return
    expect, names = _expected_grid(run), parts.of(run.config.get("recipe", ""))
    live.places(expect if "samples" in names else None)
    ended = snapshot.state in ("finished", "stopped", "failed", "interrupted")
    way_out = next_step.way_out(run, snapshot) if ended else None
    run_line.show(run, snapshot, ill=way_out is not None)
    show_problem()
    states.note(run, snapshot, way_out)
    drawn = signature(snapshot)
    live.readouts(run_id, drawn, seen="picture" not in names)
    if "doctor" in names:
        # A failed run offers the remedy in its box; beside that, the doctor only explains.
        said = snapshot.state == "failed" and way_out is not None
        with st.container(key="doctor_explains" if said else "doctor_after" if ended else "doctor"):
            verdict.show(run, snapshot)
    _upper(run, names, expect)
    _lower(run, snapshot, names)
    st.fragment(_watch, run_every=WATCH_EVERY)(run_id, drawn)


def _samples(run, expect) -> None:
    live.sample_grid(run.id, expect, ema=run.config.get("ema_half_life") or 0.0)
    live.step_slider(run.id)


def _picture(run, expect) -> None:
    live.picture(run.id, expect)
    live.step_slider(run.id)


def _curves(run, expect) -> None:
    recipe = run.config.get("recipe", "")
    kind, seen = parts.charts_of(recipe), "picture" not in parts.of(recipe)
    charts = metric_table.charts_of(run.config.get("loss", ""), kind)
    batch, ends = run.config.get("batch_size", 0), (expect or {}).get("ends", ())
    live.curves(run.id, charts, batch, kind=kind, ends=ends, seen=seen)


# What shows a part of a task (`Task.parts_of_page`), by place; a part that is not here is left out.
UPPER = {"samples": _samples, "picture": _picture, "curves": _curves}  # beside each other
LOWER = {"quality": quality.show}  # beside knobs and events, which every run has


def _upper(run, names, expect) -> None:
    shown = [part for part in UPPER if part in names]
    if not shown:
        return
    for column, part in zip(st.columns(HALVES[: len(shown)], gap="small"), shown, strict=True):
        with column, st.container(border=True, height="stretch", key=f"{part}_panel"):
            UPPER[part](run, expect)


def _lower(run, snapshot, names) -> None:
    """Knobs and events beside the quality, which is long; just the two where nothing is measured."""
    shown = [part for part in LOWER if part in names and _has(run, part)]
    left, right = st.columns(HALVES, gap="small")
    with (
        left,
        st.container(border=True, height="content" if shown else "stretch", key="knobs_panel"),
    ):
        if snapshot.owned and snapshot.active and access.may_change():
            (weights if "weights" in names else knobs).show(snapshot)
        else:
            knobs.settings(run)
    beside = left if shown else right
    with beside, st.container(border=True, height="stretch", key="events_panel"):
        live.event_list(run.id)
    for part in shown:
        with right, st.container(border=True, height="stretch", key=f"{part}_panel"):
            LOWER[part](run, snapshot)


def _has(run, part: str) -> bool:
    """Whether there is anything to show: quality of what cannot be tried (points) may be missing."""
    tried = parts.trying(run.config.get("recipe", "")) is not None
    return part != "quality" or tried or bool(get_lab().evals(run.id))


def _expected_grid(run) -> dict | None:
    """The size of the run's sample grids, before there are any; None where its data are not here."""
    if header := grid_header(run):
        return header
    try:
        config = TrainConfig.from_dict(run.config)
        spec = data.spec(config.dataset, get_lab().data_dir)
        return tasks.of_config(config).layout(config, spec)
    except GanError:
        return None


def _watch(run_id: str, drawn: str) -> None:
    """Draw the page anew when it is out of date; nothing else."""
    try:
        current = signature(get_lab().snapshot(run_id))
    except GanError:
        current = ""
    if current != drawn:
        st.rerun()


def _missing(run_id: str, error: GanError) -> None:
    st.title(t("Run not found"), anchor=False)
    st.markdown(text.said(error))
    meant = get_lab().store.nearest(run_id)
    if meant and st.button(
        t("Open {meant}", meant=text.plain(meant)),
        key="missing_meant",
        help=t("The run that is most like it"),
    ):
        open_page("train.py", meant)
    if access.may_change() and st.button(
        t("New run"), key="missing_new", type="primary", help=t("Choose recipe and data")
    ):
        open_page("train.py")
