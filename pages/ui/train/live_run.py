"""Train, live: one run with its commands, samples, curves, knobs and events."""

from __future__ import annotations

import streamlit as st

from gan_core import data, metric_table, recipes
from gan_core.errors import GanError
from gan_core.tasks import grids
from gan_core.web.details import grid_header
from gan_core.web.status import signature
from pages.ui.shared import live, text
from pages.ui.shared.state import get_lab, open_page, show_problem
from pages.ui.train import knobs, next_step, quality, run_line, states, verdict

POINTS_TILE = (280, 280)  # pixels of a picture of points
HALVES = (1.12, 1)  # a little more for the grids: at a zoom of 150 % they then fit twice as large
WATCH_EVERY = 15.0  # seconds; the readouts notice changes much sooner, this is for when they cannot


def show(run_id: str) -> None:
    """The whole page."""
    lab = get_lab()
    try:
        run, snapshot = lab.store.get(run_id), lab.snapshot(run_id)
    except GanError as error:
        _missing(run_id, error)
        return
    expect = _expected_grid(run)
    live.places(expect)
    live.page_style()
    ended = snapshot.state in ("finished", "stopped", "failed", "interrupted")
    way_out = next_step.way_out(run, snapshot) if ended else None
    run_line.show(run, snapshot, ill=way_out is not None)
    show_problem()
    states.note(run, snapshot, way_out)
    drawn = signature(snapshot)
    live.readouts(run_id, drawn)
    # A failed run offers the remedy in its box; beside that, the doctor only explains.
    said = snapshot.state == "failed" and way_out is not None
    with st.container(key="doctor_explains" if said else "doctor_after" if ended else "doctor"):
        verdict.show(run, snapshot)
    _panels(run, snapshot, expect)
    st.fragment(_watch, run_every=WATCH_EVERY)(run_id, drawn)


def _panels(run, snapshot, expect) -> None:
    left, right = st.columns(HALVES, gap="small")
    with left, st.container(border=True, height="stretch", key="samples_panel"):
        live.sample_grid(run.id, expect)
        live.step_slider(run.id)
    with right, st.container(border=True, height="stretch", key="curves_panel"):
        charts = metric_table.charts_of(run.config.get("loss", ""))
        live.curves(run.id, charts, run.config.get("batch_size", 0))
    _lower(run, snapshot)


def _lower(run, snapshot) -> None:
    """Knobs and events beside the quality, which is long; just the two where nothing is measured."""
    measured = next_step.makes_images(run) or bool(get_lab().evals(run.id))
    left, right = st.columns(HALVES, gap="small")
    with (
        left,
        st.container(border=True, height="content" if measured else "stretch", key="knobs_panel"),
    ):
        if snapshot.owned and snapshot.active:
            knobs.show(snapshot)
        else:
            knobs.settings(run)
    beside = left if measured else right
    with beside, st.container(border=True, height="stretch", key="events_panel"):
        live.event_list(run.id)
    if measured:
        with right, st.container(border=True, height="stretch", key="quality_panel"):
            quality.show(run, snapshot)


def _expected_grid(run) -> dict | None:
    """The size of the run's sample grids, before there are any; None where its data are not here."""
    if header := grid_header(run):
        return header
    try:
        spec = data.spec(run.config["dataset"], get_lab().data_dir)
    except GanError:
        return None
    if spec.kind == "points":
        return {"tile": POINTS_TILE, "points": True}
    classed = recipes.get(run.config["recipe"]).needs == "labels"
    labels = grids.column_labels(spec.num_classes) if classed else ()
    names = [spec.class_names[k] if k < len(spec.class_names) else str(k) for k in labels]
    return {
        "tile": spec.image_shape[:2],
        "columns": len(labels) or grids.COLUMNS,
        "rows": grids.ROWS,
        "names": names,
    }


def _watch(run_id: str, drawn: str) -> None:
    """Draw the page anew when it is out of date; nothing else."""
    try:
        current = signature(get_lab().snapshot(run_id))
    except GanError:
        current = ""
    if current != drawn:
        st.rerun()


def _missing(run_id: str, error: GanError) -> None:
    st.title("Run not found", anchor=False)
    st.markdown(text.said(error))
    meant = get_lab().store.nearest(run_id)
    if meant and st.button(
        f"Open {text.plain(meant)}", key="missing_meant", help="The run that is most like it"
    ):  # fmt: skip
        open_page("train.py", meant)
    if st.button("New run", key="missing_new", type="primary", help="Choose recipe and data"):
        open_page("train.py")
