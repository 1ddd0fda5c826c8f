"""What a run that is not simply training has to say: why it stands still, and what can be done."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.runs.saved import checkpoints
from gan_core.storage import access
from gan_core.web.details import log_tail
from pages.ui.shared import queue_note, text, words
from pages.ui.shared.language import t, tn, told
from pages.ui.train import next_step, run_line


def note(run, snapshot, way_out=None) -> None:
    """A sentence or a box under the run line; nothing for a run that trains.

    Args:
        way_out: the remedy of a run that ended ill (next_step.way_out).
    """
    if sentence := run_line.read_only(snapshot):
        st.caption(sentence)
    elif snapshot.state == "failed":
        _failed(run, snapshot, way_out)
    elif snapshot.state == "interrupted":
        _interrupted(run, snapshot)
    elif snapshot.state == "queued":
        queue_note.of_run(run.id)
    elif snapshot.state == "paused" and snapshot.error:
        _waiting(snapshot)
    elif snapshot.state in ("finished", "stopped") and (best := next_step.best_sentence(run)):
        st.caption(best)


def _failed(run, snapshot, way_out) -> None:
    with st.container(border=True, key="failure"):
        st.markdown(f":red[:material/warning:] **{text.said(snapshot.error or t('It ended.'))}**")
        if way_out is None:
            _again(run, snapshot)
        else:
            _elsewhere(run, way_out)
        if details := log_tail(run):
            with st.expander(t("Details"), key="failure_details"):
                st.code(details, language=None)


def _elsewhere(run, way_out) -> None:
    """Numbers that broke would break again: another run, with smaller steps."""
    kept = t("The same settings would compute the same numbers again.")
    if way_out.step is not None:
        kept = t("Checkpoint {step:,} is from before that. {kept}", step=way_out.step, kept=kept)
    st.markdown(kept)
    if access.may_change() and st.button(
        told(way_out.label), key="way_out", type="primary", icon=":material/call_split:",
        help=t("Trains another run; this one stays as it is"),
    ):  # fmt: skip
        next_step.apply_remedy(run.id, way_out)


def _again(run, snapshot) -> None:
    step = last_checkpoint(run)
    if step is None:
        st.markdown(t("No checkpoint was written before that, so it starts again from step 0."))
    else:
        st.markdown(
            t(
                "Checkpoint {step:,} is kept. {remedy}",
                step=step,
                remedy=text.said(words.remedy(snapshot.error)),
            )
        )
    if not access.may_change():
        return
    st.button(
        t("Resume from {step:,}", step=step or 0), key="resume_failed", type="primary",
        icon=":material/play_arrow:", on_click=next_step.resume, args=(run.id,),
        help=t("Train on from the newest checkpoint"),
    )  # fmt: skip


def _interrupted(run, snapshot) -> None:
    step = last_checkpoint(run)
    with st.container(border=True, key="interruption"):
        if step is None:
            st.markdown(t("No checkpoint was written yet. Resume starts again from step 0."))
            return
        again = snapshot.step - step
        tail = ""
        if again > 0:
            tail = tn(
                " The last step is trained again, with the same numbers.",
                " The last {n:,} steps are trained again, with the same numbers.",
                again,
            )
        st.markdown(t("Resume goes on from checkpoint {step:,}.{tail}", step=step, tail=tail))


def _waiting(snapshot) -> None:
    """Paused by the program itself: no room on the disk, or too many open files."""
    with st.container(border=True, key="waiting"):
        st.markdown(f":red[:material/warning:] **{text.said(snapshot.error)}**")
        st.markdown(text.said(words.remedy(snapshot.error)))


def last_checkpoint(run) -> int | None:
    """Step of the newest checkpoint by its listing, or None."""
    try:
        found = checkpoints.list_checkpoints(run.path)
    except GanError:
        return None
    return max((info.step for info in found), default=None)
