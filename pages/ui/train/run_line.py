"""The first line of a run's page: name, state in words, and the commands that make sense now."""

from __future__ import annotations

import streamlit as st

from gan_core.storage import access
from pages.ui.shared import branch, film, parts, start, text, words
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page
from pages.ui.train import next_step

OTHERS = 12  # runs offered in the list of other runs
STEPS = {"both": N_("Both networks"), "discriminator": N_("D only"), "generator": N_("G only")}
STEPS_BOTH_WAYS = {
    "both": N_("All four networks"),
    "discriminator": N_("Both D only"),
    "generator": N_("Both G only"),
}
MORE = {"branch": N_("Branch from a checkpoint"), "clone": N_("Clone settings")}
RESUME = {"resume": N_("Resume with the same settings")}
WHERE = {
    "command line": N_("started on the command line"),
    "page": N_("started on a Train page elsewhere"),
}


def show(run, snapshot, *, ill: bool = False) -> None:
    """Title, other runs, state; then the buttons, always in the same order.

    Args:
        ill: the run has ended, and what to do about it stands below: nothing else is the first choice.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="run_line"):
        st.title(text.plain(run.notes().name or run.id), width="content", anchor=False)
        _other_runs(run.id)
        with st.container(width="stretch", key="run_state"):
            mark = text.state_mark("ready" if snapshot.phase else snapshot.state, sick=ill)
            st.markdown(f"{mark} &ensp;{facts(run, snapshot)}")
        with st.container(horizontal=True, gap="small", width="content", key="run_commands"):
            _commands(run, snapshot, ill)


def facts(run, snapshot) -> str:
    """What stands beside the state, as Markdown."""
    words_ = _facts_of_state(run, snapshot)
    if snapshot.where:
        words_.append(f"on {text.plain(snapshot.where)}")
    if run.config.get("replicas", 1) != 1 and (where := _devices(run)):
        words_.append(f"on {text.plain(where)}")
    if run.parent:
        parent = text.plain(str(run.parent["run"]).partition("-")[0])
        words_.append(t("from {parent} at {step:,}", parent=parent, step=run.parent["step"]))
    return ", ".join(f":gray[{word}]" for word in words_)


def _facts_of_state(run, snapshot) -> list[str]:
    at = t("at step {step}", step=text.steps(snapshot.step, snapshot.num_steps))
    if snapshot.active and not snapshot.owned:
        return [t(WHERE.get(run.status().owner, N_("trained by another program")))]
    if snapshot.phase:
        return [text.plain(told(snapshot.phase))]
    by_state = {
        "queued": [_place(snapshot.queue_position)],
        "paused": [t("step {step:,}", step=snapshot.step), t("nothing is lost")],
        "stopped": [at],
        "failed": [at],
        "interrupted": [t("the program that trained it ended {at}", at=at)],
        "finished": [
            t(
                "{steps} in {time}",
                steps=text.counted(snapshot.step, "step"),
                time=text.clock(snapshot.wall_time),
            )
        ],
    }
    return by_state.get(snapshot.state, [])


def _devices(run) -> str:
    """Several devices as it was last trained on them: 'GPU:0, GPU:1'; "" before its start."""
    told = [e["device"] for e in run.events() if isinstance(e.get("device"), str)]
    return told[-1].replace("/", "")[:80] if told else ""


def _place(position: int | None) -> str:
    if position is None:
        return t("waits")
    return t("next in line") if position == 1 else t("number {position} in line", position=position)


def _other_runs(run_id: str) -> None:
    with st.popover(
        t("Other runs"), type="tertiary", key="other_runs", help=t("Watch another run")
    ):
        for other in get_lab().store.ids()[:OTHERS]:
            if other != run_id and st.button(
                text.plain(other),
                key=f"sm_other_{other}",
                type="tertiary",
                help=t("Watch this run"),
            ):
                open_page(TRAIN, other)
        if access.may_change() and st.button(
            t("New run"), key="sm_other_new", icon=":material/add:", help=t("Choose and train")
        ):
            open_page(TRAIN)


# ---- commands ----


def _commands(run, snapshot, ill: bool) -> None:
    run_id = run.id
    if not access.may_change():
        film.button(
            run_id, key="film", ready=snapshot.sample_step is not None and snapshot.step > 0
        )
        next_step.try_it(run, snapshot, first=True)
        return
    if snapshot.state == "queued":
        _queue_commands(run_id, snapshot)
    elif snapshot.active and snapshot.owned:
        _job_commands(run_id, snapshot.state == "paused")
    elif not snapshot.active:
        _ended_commands(run, snapshot, ill)
    film.button(run_id, key="film", ready=snapshot.sample_step is not None and snapshot.step > 0)
    _more(run, again=snapshot.state == "failed")


def _queue_commands(run_id: str, snapshot) -> None:
    lab = get_lab()
    first = snapshot.queue_position in (None, 1)
    st.button(
        t("Move up"), key="move_up", disabled=first, on_click=attempt, args=(lab.move_up, run_id),
        help=t("It is the next one") if first else t("One place nearer to the start"),
    )  # fmt: skip
    st.button(
        t("Cancel"), key="cancel", icon=":material/close:", on_click=attempt,
        args=(lab.cancel, run_id), help=t("Take this run out of the queue; it can be resumed later"),
    )  # fmt: skip


def _job_commands(run_id: str, paused: bool) -> None:
    """Pause or Resume in the same place and width, then Stop, Step, Checkpoint.

    On wide screens shell.css shows them after those, where an ended run has its Resume: what was
    pressed there never gives way to another command under the pointer.
    """
    st.button(
        t("Resume") if paused else t("Pause"), key="pause", width=104, shortcut="Alt+Shift+P",
        type="primary" if paused else "secondary",
        icon=":material/play_arrow:" if paused else ":material/pause:",
        help=t("Train on (Alt+Shift+P)") if paused else t("Hold after this step (Alt+Shift+P)"),
        on_click=_command, args=(run_id, "resume" if paused else "pause"),
    )  # fmt: skip
    st.button(
        t("Stop"), key="stop", icon=":material/stop:", on_click=_command, args=(run_id, "stop"),
        help=t("End with a checkpoint; the run can be resumed later"),
    )  # fmt: skip
    st.menu_button(
        t("Step"), _steps(run_id), format_func=_step_words(run_id), key="step",
        icon=":material/skip_next:",
        disabled=not paused, on_click=_step, args=(run_id,),
        help=t("One update of all networks, or of one kind") if paused else t("Pause first, then step"),
    )  # fmt: skip
    st.button(
        t("Checkpoint"), key="checkpoint", icon=":material/keep:", shortcut="Alt+Shift+K",
        on_click=_checkpoint, args=(run_id,), help=t("Keep this moment: weights and samples (Alt+Shift+K)"),
    )  # fmt: skip


def _command(run_id: str, name: str) -> None:
    """pause, resume or stop; a run that has just ended needs none of them."""
    job = attempt(get_lab().job, run_id)
    if job is not None:
        {"pause": job.pause, "resume": job.resume, "stop": job.stop}[name]()


def _steps(run_id: str) -> list[str]:
    """What one turn can update: all, or one network of the run's algorithm."""
    job = get_lab().jobs.job(run_id)
    return ["both", *job.updates] if job and job.updates else list(STEPS)


def _step_words(run_id: str):
    """How the menu calls them; of two directions a step is of both networks of that kind."""
    recipe = attempt(lambda: get_lab().store.get(run_id).config.get("recipe", "")) or ""
    words = STEPS_BOTH_WAYS if parts.kind_of(recipe) == "both_ways" else STEPS
    return lambda name: t(words[name]) if name in words else t("{name} only", name=name)


def _step(run_id: str) -> None:
    which = st.session_state["step"]
    job = attempt(get_lab().job, run_id) if which else None
    if job is not None:
        job.step_once(which)


def _checkpoint(run_id: str) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.sample_now()
        job.checkpoint_now()


def _ended_commands(run, snapshot, ill: bool) -> None:
    """One of them is the first choice; that of a failed run stands in its box (live_states.py)."""
    if snapshot.state == "interrupted":
        _resume(run.id, first=not ill)
        return
    if snapshot.state == "failed":
        return
    next_step.ended_commands(run, snapshot, ill=ill)
    if snapshot.state == "finished":
        _train_on(run.id, snapshot)
    else:
        _resume(run.id, first=False)


def _resume(run_id: str, *, first: bool) -> None:
    st.button(
        t("Resume"), key="resume", icon=":material/play_arrow:", width=104,
        type="primary" if first else "secondary", on_click=next_step.resume, args=(run_id,),
        help=t("Go on from the newest checkpoint"),
    )  # fmt: skip


def _train_on(run_id: str, snapshot) -> None:
    """A finished run goes on with a larger limit."""
    by_time = snapshot.num_steps is None
    with st.popover(
        t("Train on"), icon=":material/add:", key="train_on", help=t("Raise the limit")
    ):
        now = (snapshot.num_minutes if by_time else snapshot.num_steps) or 0
        wanted = st.number_input(
            t("Minutes altogether") if by_time else t("Steps altogether"), value=2.0 * (now or 1) + 1,
            step=1.0, format="%.12g", key="train_on_to", help=t("The new limit of this run"),
        )  # fmt: skip
        whole = by_time or wanted is None or wanted % 1 == 0
        enough = wanted is not None and wanted > now and whole
        if not enough:
            least = t("More than {now}, which it has trained already.", now=text.setting(now))
            problem = (
                least
                if whole
                else t("A whole number. Received: {wanted}.", wanted=text.setting(wanted))
            )
            st.markdown(f":red[:material/warning: {problem}]")
        st.button(
            t("Train on"), key="train_on_go", type="primary", on_click=_go_on, disabled=not enough,
            args=(run_id, by_time), help=t("Go on from the last checkpoint"),
        )  # fmt: skip


def _go_on(run_id: str, by_time: bool) -> None:
    limit = st.session_state["train_on_to"]
    limits = {"num_minutes": limit} if by_time else {"num_steps": int(limit)}
    attempt(get_lab().resume, run_id, **limits)


def _more(run, *, again: bool = False) -> None:
    """`again`: a failed run can be resumed as it is; that computes the same numbers once more."""
    run_id, place = run.id, parts.trying(run.config.get("recipe", ""))
    choices = (RESUME if again else {}) | ({"try": place.label} if place else {}) | MORE
    chosen = st.menu_button(
        t("More"), list(choices), format_func=lambda name: t(choices.get(name, name)), key="more",
        help=t("What else this run is good for"),
    )  # fmt: skip
    if chosen == "try" and place is not None:
        open_page(place.page, run_id)
    elif chosen == "branch":
        branch.open_form(run_id)
    elif chosen == "clone":
        start.clone(run_id)
    elif chosen == "resume":
        next_step.resume(run_id)
        st.rerun()


def read_only(snapshot) -> str:
    """Why there are no commands, in one sentence; empty where there are."""
    return t(words.READ_ONLY) if snapshot.active and not snapshot.owned else ""
