"""Home with runs: the one in progress, the last six with what can be done, quick starts."""

from __future__ import annotations

import contextlib

import streamlit as st

from gan_core import recipes
from gan_core.errors import GanError
from gan_core.storage import access
from gan_core.training import speeds
from pages.ui.shared import cards, parts, queue_note, rows, sparks, start, text, verdicts
from pages.ui.shared.language import t, told
from pages.ui.shared.state import RUNS, TRAIN, attempt, get_lab, open_page

SHOWN = 3  # images in the well of a quick start


def show(summaries) -> None:
    """The whole page."""
    lab = get_lab()
    shapes = rows.shapes(lab.datasets())
    shown = _focus(lab, summaries)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch", key="now"):
        live = shown.state in text.ACTIVE
        st.fragment(_panel, run_every=2.0 if live else None)(shown, shapes, live)
    with right, st.container(border=True, height="stretch", key="recent"):
        _recent([run for run in summaries if run.id != shown.id][:6], len(summaries), shapes)
    if access.may_change():
        _quick_starts(lab, summaries)


def _focus(lab, summaries):
    """The run in progress, else the newest finished one, else the newest."""
    active = lab.active()
    live = [run for run in summaries if run.id == active or run.state in text.ACTIVE]
    finished = [run for run in summaries if run.state == "finished"]
    return (live or finished or summaries)[0]


def _panel(run, shapes: dict, live: bool) -> None:
    """The run in focus; `run` is its summary as of the last page run, and holds while not live."""
    lab = get_lab()
    snapshot = lab.snapshot(run.id)
    if live and snapshot.state not in text.ACTIVE:
        st.rerun()  # leave live mode once
    png = rows.picture(run.id, shapes, rows=3, columns=10)
    _place_of(png)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="now_head"):
        mark = text.state_mark(snapshot.state, sick=not live and verdicts.sick(run))
        st.markdown(mark, width="content")
        st.title(text.plain(run.id), width="stretch", anchor=False)  # the page's first heading
        _buttons(snapshot, run)
    _progress(snapshot, run)
    _samples(png, run.recipe)
    _curves(run.id)


def _buttons(snapshot, run) -> None:
    if snapshot.state in text.ACTIVE:
        _live_buttons(snapshot)
    elif run.state in ("interrupted", "failed") or verdicts.sick(run):
        rows.action(run, kind="primary")  # the one best next step
    else:
        if run.state in rows.ENDED and parts.trying(run.recipe):
            rows.curves(run)
        rows.action(run)
        start.train_now(key="sm_train_now")


def _live_buttons(snapshot) -> None:
    run_id = snapshot.run_id
    if access.may_change() and snapshot.owned and snapshot.state in ("running", "paused"):
        paused = snapshot.state == "paused"
        st.button(
            t("Resume") if paused else t("Pause"),
            key="sm_pause",
            icon=":material/play_arrow:" if paused else ":material/pause:",
            help=t("Go on at the next step")
            if paused
            else t("Hold after this step; nothing is lost"),
            on_click=_pause_or_resume,
            args=(run_id, paused),
        )
    if st.button(t("Watch"), key="sm_watch", type="primary", help=t("Open the live view")):
        open_page(TRAIN, run_id)


def _pause_or_resume(run_id: str, paused: bool) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        attempt(job.resume if paused else job.pause)


def _progress(snapshot, run) -> None:
    speed, left = snapshot.steps_per_second, snapshot.seconds_left
    with st.container(horizontal=True, horizontal_alignment="distribute", key="facts"):
        steps = text.steps(snapshot.step, snapshot.num_steps)
        st.markdown(told(snapshot.phase) or t("step **{steps}**", steps=steps), width="content")
        pace = (
            t(":gray[{speed:.1f} steps/s]", speed=speed)
            if speed and snapshot.state in text.ACTIVE
            else ""
        )
        st.markdown(pace or " · ".join(rows.outcome(run)), width="content")
        end = (
            t("{time} left", time=text.clock(left))
            if left is not None
            else text.clock(snapshot.wall_time)
        )
        st.markdown(f":gray[{end}]", width="content")
    if snapshot.state == "failed" and run.state == "failed":
        st.caption(rows.fact(run))
    st.progress(min(max(snapshot.progress, 0.0), 1.0))


def _samples(png: bytes | None, recipe: str) -> None:
    """The newest ones; of a translator there are real images among them."""
    with st.container(key="rows_made" if parts.kind_of(recipe) else "fakes"):
        if png is None:
            st.caption(t("The first samples come after the first step."))
        else:
            width = 2 * rows.png_size(png)[0]
            st.image(png, width=width, output_format="PNG", alt=t("fakes of the newest step"))


def _place_of(png: bytes | None) -> None:
    """The height that the picture will take, before anything of the panel is drawn (shell.css)."""
    if png is not None:
        width, height = rows.png_size(png)
        sizes = f"--fakes-width: {2 * width}px; --fakes-shape: {height / width:.5f};"
        st.html(f"<style>.st-key-now {{ {sizes} }}</style>")


def _curves(run_id: str) -> None:
    """Two small curves; nothing where the metrics cannot be read."""
    with contextlib.suppress(GanError):
        sparks.show(get_lab().store.get(run_id))


def _recent(runs, total: int, shapes: dict) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(t("Recent runs"), width="stretch", anchor=False)
        if st.button(
            t("All {total} runs", total=total) if total > 1 else t("Runs"),
            key="sm_all",
            help=t("Every run"),
        ):
            open_page(RUNS)
    if not runs:
        st.caption(t("Other runs will be listed here, each with what can be done next."))
    for run in runs:
        rows.row(run, shapes)


def _quick_starts(lab, summaries) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(t("Start another"), width="content", anchor=False)
        if lab.active() is None:
            st.caption(t("starts at once"), width="stretch")
    queue_note.for_new()
    datasets = lab.datasets()
    ready = {s.name: s for s in datasets if s.available and not s.problem}
    found = speeds.Speeds(summaries, datasets)
    known = lab.recipes()
    offers = [
        (recipe, data)
        for recipe, data in recipes.quick_starts()  # those that fit and need no download
        if data in ready and not known[recipe].misfit(ready[data])
    ][:4]
    columns = st.columns(5)
    for column, (recipe, data) in zip(columns, offers, strict=False):
        with column, st.container(border=True, height="stretch", key=f"quick_{recipe}_{data}"):
            _offer(known[recipe], recipe, data, found)
    with columns[len(offers)], st.container(border=True, height="stretch", key="quick_own"):
        st.markdown(t("**Your own choice**"))
        st.caption(
            t(
                "{known} recipes, {ready} data sets on this machine, all settings.",
                known=len(known),
                ready=len(ready),
            )
        )
        if st.button(
            t("New run"), key="sm_new", icon=":material/add:", help=t("Choose everything")
        ):
            open_page(TRAIN)


def _offer(recipe, name: str, data: str, found: speeds.Speeds) -> None:
    own = cards.sample_strip(name, SHOWN) if data == next(iter(recipe.quick_starts)) else None
    if png := own or cards.sample_strip(data, SHOWN):
        with st.container(key=f"well_{name}_{data}"):
            st.image(png, output_format="PNG", width=168, alt=t("samples of {name}", name=name))
    words = start.WORDS.get(data)
    st.markdown(f"**{t(words)}**" if words else f"**{name} · {text.plain(data)}**")
    config = get_lab().own_config(name, data)
    seconds = speeds.planned_seconds(config, found.of(config))
    long = t(" About {seconds} here.", seconds=text.about(seconds)) if seconds else ""
    st.caption((f"`{name}`. " if words else "") + t(recipe.summary) + long)
    if st.button(
        t("Train"),
        key=f"sm_quick_{name}_{data}",
        icon=":material/play_arrow:",
        help=t("Train {name} on {data} with its own settings", name=name, data=data),
    ):
        start.start(name, data)
