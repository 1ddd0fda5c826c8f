"""What the pages say of the queue: who holds it, when a run starts, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from gan_core.config import TrainConfig
from gan_core.errors import GanError
from gan_core.storage import access
from gan_core.training import speeds
from pages.ui.shared import text
from pages.ui.shared.language import t, tn
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page

EVERY = 2.0  # seconds between two looks at the run that holds the queue


def starts_in(lab, before: Iterable[str] = ()) -> float | None:
    """Training seconds until a run starts that has these waiting ones before it.

    None unless the run in progress advances and all times are known.
    """
    active = None if lab.jobs.cluster else lab.active()  # whose worker is free first, nobody knows
    snapshot = lab.snapshot(active) if active else None
    if snapshot is None or snapshot.state != "running" or snapshot.seconds_left is None:
        return None
    if not (before := tuple(before)):
        return snapshot.seconds_left
    found = speeds.Speeds(lab.store.summaries(), lab.datasets())
    times = [_seconds_of(lab, run_id, found) for run_id in before]
    known = [seconds for seconds in times if seconds is not None]
    return snapshot.seconds_left + sum(known) if len(known) == len(times) else None


def _seconds_of(lab, run_id: str, found: speeds.Speeds) -> float | None:
    """What a waiting run still has to train."""
    try:
        run = lab.store.get(run_id)
        config, status = TrainConfig.from_dict(run.config), run.status()
    except GanError:
        return 0.0  # it will be marked failed, and the next one starts
    config = config.model_copy(
        update={
            "num_steps": status.num_steps and max(status.num_steps - status.step, 0),
            "num_minutes": status.num_minutes
            and max(status.num_minutes - status.wall_time / 60, 0),
        }
    )
    return speeds.planned_seconds(config, found.of(config))


def when(run_id: str) -> str:
    """'in about 3:10' or what it waits for, of a waiting run; short, for a list."""
    lab = get_lab()
    place = lab.jobs.place(run_id)
    if place is None:
        return t("waits for nobody")
    if place.paused:
        return t("{active} is paused", active=text.short_id(place.active))
    left = starts_in(lab, place.before)
    if left is not None:
        return t("in about {left}", left=text.clock(left))
    return (
        t("next in line")
        if place.position == 1
        else t("number {position} in line", position=place.position)
    )


def of_run(run_id: str) -> None:
    """The box of a waiting run, kept up to date: whom it waits for, and what can be done."""
    st.fragment(_of_run, run_every=EVERY)(run_id)


def _of_run(run_id: str) -> None:
    _tell_problems()
    lab = get_lab()
    place = lab.jobs.place(run_id)
    if place is None:
        if not _is_queued(lab, run_id):
            st.rerun()
        return
    with st.container(border=True, key="queued"):
        if place.paused:
            st.markdown(_held(lab, place.active))
            _ways_out(place.active, first=run_id, name=t("this one"))
            return
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_behind(lab, place), width="content")
            ahead = place.before[-1] if place.before else place.active
            if ahead is not None and st.button(
                t("Watch {ahead}", ahead=text.short_id(ahead)),
                key="sm_ahead",
                help=t("Open the run before this one"),
            ):
                open_page(TRAIN, ahead)


def _tell_problems() -> None:
    """What went wrong in a callback is said at the top of the page."""
    if "problem" in st.session_state:
        st.rerun()


def _is_queued(lab, run_id: str) -> bool:
    try:
        return lab.snapshot(run_id).state == "queued"
    except GanError:
        return False


def _behind(lab, place) -> str:
    if lab.jobs.cluster:
        before = text.counted(len(place.before), "other")
        after = t(", after {others}", others=before) if place.before else ""
        return t("Starts when a worker of the cluster is free{after}.", after=after)
    left = starts_in(lab, place.before)
    soon = (
        t("Starts in about **{left}**", left=text.clock(left)) if left is not None else t("Starts")
    )
    if place.active is None:
        return t("{soon} when its turn comes; no run is training here now.", soon=soon)
    training = t("when **{active}** has ended", active=text.plain(place.active))
    others = len(place.before)
    if others:
        training += t(", and {others} after it", others=text.counted(others, "other"))
    return t("{soon}, {training}.", soon=soon, training=training)


def _held(lab, paused: str) -> str:
    """The sentence about a paused run, with its reason where it did not pause by itself."""
    reason = lab.snapshot(paused).error
    why = f" {text.said(reason)}" if reason else ""
    return t(
        ":material/pause: **{paused} is paused and holds the queue.**{why} Nothing "
        "starts until it goes on or ends.",
        paused=text.plain(paused),
        why=why,
    )


def _ways_out(paused: str, *, first: str | None, name: str) -> None:
    """Resume it, stop it, or let a waiting run pass."""
    if not access.may_change():
        return
    lab, number = get_lab(), text.short_id(paused)
    with st.container(horizontal=True, key="ways_out"):
        st.button(
            t("Resume {number}", number=number), key="sm_held_resume", icon=":material/play_arrow:",
            on_click=_command, args=(paused, "resume"), help=t("It trains on; then the queue goes on"),
        )  # fmt: skip
        st.button(
            t("Stop {number}", number=number), key="sm_held_stop", icon=":material/stop:",
            on_click=_command, args=(paused, "stop"),
            help=t("It ends with a checkpoint and can be resumed later; the next one starts"),
        )  # fmt: skip
        if first is not None:
            st.button(
                t("Start {name} first", name=name), key="sm_held_first", icon=":material/vertical_align_top:",
                on_click=attempt, args=(lab.jobs.start_first, first),
                help=t("{number} writes a checkpoint, waits behind it and then trains on", number=number),
            )  # fmt: skip


def _command(run_id: str, name: str) -> None:
    """Resume or stop a paused run; one that has just ended needs neither."""
    job = attempt(get_lab().job, run_id)
    if job is not None:
        {"resume": job.resume, "stop": job.stop}[name]()


def held() -> None:
    """On pages that list runs: that a paused run holds those that wait; nothing where none does."""
    if get_lab().active() is not None:
        st.fragment(_held_list, run_every=EVERY)()


def _held_list() -> None:
    _tell_problems()
    lab = get_lab()
    paused, waiting = lab.jobs.paused(), lab.queue()
    if paused is None or not waiting:
        return
    with st.container(border=True, key="queue_held"):
        count = tn("{n:,} run waits.", "{n:,} runs wait.", len(waiting))
        st.markdown(f"{_held(lab, paused)} {count}")
        _ways_out(paused, first=waiting[0], name=text.short_id(waiting[0]))


def for_new(*, start_first=None) -> None:
    """What becomes of a run that is started now: at once, in the queue and when, or held up.

    Args:
        start_first: puts the new run before a paused one; called when its button is pressed.
    """
    active = get_lab().active()
    st.fragment(_for_new, run_every=EVERY if active else None)(start_first, active)


def _for_new(start_first, drawn: str | None) -> None:
    _tell_problems()
    lab = get_lab()
    active, paused = lab.active(), lab.jobs.paused()
    if active is None:
        if drawn is not None:
            st.rerun()
        return
    if paused is None:
        st.caption(_joins(lab, active))
        return
    with st.container(border=True, key="new_held"):
        st.markdown(_held(lab, paused))
        waiting = lab.queue() if start_first is None else []
        first = waiting[0] if waiting else None
        _ways_out(paused, first=first, name=text.short_id(first or ""))
        if start_first is not None and st.button(
            t("Train this one first"), key="sm_train_first", icon=":material/vertical_align_top:",
            help=t("{number} writes a checkpoint, waits behind it and then trains on",
                   number=text.short_id(paused)),
        ):  # fmt: skip
            start_first()


def _joins(lab, active: str) -> str:
    waiting = lab.queue()
    if lab.jobs.cluster:
        runs = text.counted(len(waiting), "run")
        return t("Trains on the cluster; {runs} in the queue.", runs=runs)
    others = t(" after {others}", others=text.counted(len(waiting), "other")) if waiting else ""
    left = starts_in(lab, waiting)
    soon = t(" and starts in about {left}", left=text.clock(left)) if left is not None else ""
    return t(
        "{active} is training, so this run joins the queue{others}{soon}.",
        active=text.short_id(active),
        others=others,
        soon=soon,
    )
