"""The cluster on the Runs page: its workers, and what each of them trains now."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.language import t, tn, told
from pages.ui.shared.state import TRAIN, get_lab, open_page

REFRESH = 2.0  # seconds


def panel() -> None:
    """The workers, kept up to date; nothing where runs are trained in this program."""
    if get_lab().jobs.cluster:
        st.fragment(_panel, run_every=REFRESH)()


def _panel() -> None:
    jobs = get_lab().jobs
    with st.container(border=True, key="workers", gap="small"):
        st.markdown(t("**Cluster** &ensp;{sentence}", sentence=_sentence(jobs)))
        if jobs.problem:
            st.markdown(f":red[:material/warning: {text.said(jobs.problem)}]")
        for worker in jobs.workers:
            _row(worker, jobs.trained.get(worker.name))


def _sentence(jobs) -> str:
    """':gray[2 workers, 1 trains, 3 runs wait]'."""
    if not jobs.workers:
        words = (
            t("nobody trains there") if jobs.problem or jobs.looked.is_set() else t("connecting")
        )
        return f":gray[{words}, {text.plain(jobs.cluster)}]"
    train = len(jobs.trained)
    parts = [
        text.counted(len(jobs.workers), "worker"),
        tn("{n} trains", "{n} train", train),
        t("{runs} in the queue", runs=text.counted(len(jobs.queue()), "run")),
    ]
    return f":gray[{', '.join(parts)}]"


def _row(worker, run_id: str | None) -> None:
    key = "".join(c if c.isalnum() else "_" for c in worker.name)
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"worker_{key}"
    ):
        with st.container(width="stretch", gap=None):
            st.markdown(f"{text.plain(worker.name)} &ensp;{_does(worker, run_id)}")
            st.caption(text.plain(_facts(worker)))
        snapshot = _snapshot(run_id)
        if snapshot is not None:
            with st.container(width=160):
                st.progress(snapshot.progress)
            if st.button(t("Watch"), key=f"sm_watch_{key}", help=t("Open the run that it trains")):
                open_page(TRAIN, run_id)


def _does(worker, run_id: str | None) -> str:
    snapshot = _snapshot(run_id)
    if run_id is not None and snapshot is not None:
        steps = text.steps(snapshot.step, snapshot.num_steps)
        at = told(snapshot.phase) or t("step {steps}", steps=steps)
        mark = text.state_mark("ready" if snapshot.phase else snapshot.state)
        return f"{mark} &ensp;**{text.short_id(run_id)}** {text.plain(at)}"
    if worker.problem:
        return f":red[:material/warning: {text.said(worker.problem)}]"
    return t(":gray[waits for a run]") if worker.ready else t(":gray[its folder is being tried]")


def _snapshot(run_id: str | None):
    """Of the run that a worker trains; None if it does not any more."""
    try:
        snapshot = get_lab().snapshot(run_id) if run_id else None
    except GanError:
        return None
    return snapshot if snapshot is not None and snapshot.active else None


def _facts(worker) -> str:
    places = (
        [t("{runs} at a time", runs=text.counted(worker.places, "run"))]
        if worker.places > 1
        else []
    )
    memory = [text.size(worker.memory)] if worker.memory else []
    return ", ".join([worker.host, "GPU" if worker.gpu else t("processor"), *places, *memory])
