"""What a new run will do and cost, how long it may take, and the button that starts it."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from gan_core.errors import GanError
from gan_core.startup import devices
from gan_core.training import speeds
from pages.ui.shared import forms, queue_note, settings, text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, open_page


def show(lab, datasets, speed) -> None:
    """The box beside the cards, from top to bottom."""
    chosen, base = forms.draft(), forms.defaults()
    st.header(t("You are about to train"), anchor=False)
    _pairs(
        {
            t("Recipe"): f"<b>{text.escaped(chosen['recipe'])}</b>",
            t("Data"): f"<b>{text.escaped(chosen['dataset'])}</b>",
        }
    )
    _ask_limit(base)
    config, problem = _checked(lab)
    if config is not None:
        problem = _facts(lab, config, speed.of(config) or speed.table(config), datasets)
    seed, note = st.columns(2, wrap=False)
    with seed:
        forms.field("seed", base)
    with note:
        _ask_note()
    pressed = st.button(
        t("Train"),
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        help=t("Start this run, or put it in the queue"),
    )
    if pressed:
        problem = _start(lab) or problem
    if problem:
        st.error(text.said(problem))
    queue_note.for_new(start_first=lambda: _start_first(lab))
    _advanced(base)
    _json(config)


def _ask_limit(base) -> None:
    names: dict[Any, str] = {forms.OWN: t("Full")}
    names |= {m: t("{n} min", n=m) for m in forms.MINUTES} | {forms.OTHER: t("Other")}
    st.session_state["limit"] = forms.draft()["limit"]
    st.segmented_control(
        t("How long"),
        list(names),
        key="limit",
        format_func=names.__getitem__,
        required=True,
        width="stretch",
        on_change=_take_limit,
        help=t("Full: the length the recipe asks for. A training time. Other: limits of your own."),
    )
    if forms.draft()["limit"] == forms.OTHER:
        steps, minutes = st.columns(2, wrap=False)
        with steps:
            forms.field("num_steps", base.replace(num_steps=None))
        with minutes:
            forms.field("num_minutes", base.replace(num_minutes=None))


def _take_limit() -> None:
    forms.draft()["limit"] = st.session_state["limit"]


def _ask_note() -> None:
    st.session_state["note"] = forms.draft()["note"]
    st.text_input(
        t("Note"),
        key="note",
        placeholder=t("optional"),
        max_chars=500,
        on_change=_take_note,
        help=t("A sentence for yourself; shown with the run"),
    )


def _take_note() -> None:
    forms.draft()["note"] = st.session_state["note"]


def _checked(lab):
    """(config, "") or (None, what is wrong)."""
    chosen = forms.draft()
    try:
        return lab.make_config(chosen["recipe"], chosen["dataset"], **forms.overrides()), ""
    except GanError as error:
        return None, str(error)


def _facts(lab, config, speed, datasets) -> str:
    """Steps, epochs, times, memory, disk, device; returns why it would not fit, if so."""
    spec = next(s for s in datasets if s.name == config.dataset)
    steps, seconds = speeds.planned_steps(config, speed), speeds.planned_seconds(config, speed)
    room = lab.estimate(config)
    rows = {
        t("Steps"): t("until you stop it")
        if steps is None and config.num_minutes is None
        else t("not measured yet")
    }
    if steps is not None:
        epochs = steps * config.batch_size * config.n_critic / spec.num_train
        rows = {t("Steps"): f"{steps:,.0f}", t("Epochs"): f"{epochs:,.0f}"}
    if seconds is not None:
        rows[t("Training time")] = t("about {time}", time=text.about(seconds))
    rows[t("Memory")] = t(
        "{needed} of {there}",
        needed=text.size(room.memory_bytes),
        there=text.size(room.memory_available),
    )
    rows[t("Disk")] = t(
        "{disk_bytes} of {disk_free} free",
        disk_bytes=text.size(room.disk_bytes),
        disk_free=text.size(room.disk_free),
    )
    rows[t("Runs on")] = _device(config.device, config.replicas)
    _pairs(rows, line=True)
    st.caption(_where_from(speed))
    return room.problem or _too_few(config.replicas)


def _where_from(speed) -> str:
    """What the times follow from: runs like this one, the recipe's own measurement, or nothing."""
    if speed is None:
        return t("Nothing like this was trained here for long enough to say how long it takes.")
    rate = t("{steps_per_second:.1f} steps a second", steps_per_second=speed.steps_per_second)
    if not speed.run_ids:
        return t(
            "Not measured here yet; {rate} when the recipe was measured on two cores.", rate=rate
        )
    first, more = text.short_id(speed.run_ids[0]), len(speed.run_ids) - 1
    others = t(" and {more} more like it", more=more) if more else ""
    return t("From {first}{others} on this machine: {rate}.", first=first, others=others, rate=rate)


def _too_few(replicas: int) -> str:
    """Said here, before there is a run that fails of it."""
    there = devices.likely()
    if replicas <= there:
        return ""
    return t(
        "`replicas={replicas}` needs as many devices of one kind, and this machine seems to have "
        "{there}. Allowed here: {allowed}.",
        replicas=replicas,
        there=there,
        allowed="1" if there == 1 else t("1 to {there}", there=there),
    )


def _device(device: str, replicas: int) -> str:
    if replicas > 1:
        return t("{replicas} devices, each a part of every batch", replicas=replicas)
    cores = text.counted(os.cpu_count() or 1, "core")
    either = t("a GPU if there is one, else {cores}", cores=cores)
    return {"cpu": cores, "gpu": "GPU"}.get(device, either)


def _pairs(rows: dict[str, str], *, line: bool = False) -> None:
    """Names on the left, values on the right; the values are ours or escaped."""
    items = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows.items())
    st.html(f'<dl class="gs-pairs{" gs-line" if line else ""}">{items}</dl>')


def _start_first(lab) -> None:
    """Start before a paused run, which waits behind this one."""
    if problem := _start(lab, first=True):
        st.error(text.said(problem))


def _start(lab, *, first: bool = False) -> str:
    """Start and go to the live page; what is wrong otherwise."""
    chosen = forms.draft()
    config, problem = _checked(lab)
    if config is None:
        if any(map(forms.problem_of, forms.advanced_fields())):
            st.session_state["advanced"] = True  # what is wrong stands there, under its field
        return problem
    if few := _too_few(config.replicas):
        return few
    try:
        run_id = lab.start(config, who="page", note=chosen["note"].strip())
        if first and run_id in lab.queue():
            lab.jobs.start_first(run_id)
    except GanError as error:
        return str(error)
    chosen["note"] = ""
    open_page(TRAIN, run_id)
    return ""


def _advanced(base) -> None:
    """The label never changes: an expander with another label is another one, and closed."""
    names = forms.advanced_fields()
    changed = sum(name in forms.draft()["changes"] for name in names)
    with st.container(key="advanced_box", gap=None):
        how = t("{n} changed", n=changed) if changed else t("all default")
        st.caption(t("{n} settings, {how}", n=len(names), how=how))
        with st.expander(t("Advanced"), key="advanced", on_change="rerun"):
            for group in settings.grouped(names):
                _group(group, base)
            st.button(
                t("Back to defaults"),
                key="sm_defaults",
                on_click=forms.reset,
                args=(names,),
                disabled=not changed,
                help=t("Undo every change under Advanced"),
            )


def _group(group, base) -> None:
    """Two fields a row, so that the keyboard follows the eye."""
    st.markdown(f"**{t(group.title)}**")
    for i in range(0, len(group.names), 2):
        for place, name in zip(st.columns(2, wrap=False), group.names[i : i + 2], strict=False):
            with place:
                forms.field(name, base)


def _json(config) -> None:
    with st.expander(t("Settings as JSON"), key="json", on_change="rerun") as shown:
        if config is not None and shown.open:  # what colours it is 1.5 MB of script
            st.code(forms.as_json(config), language="json", height=220)
        with st.form("paste", border=False):  # the text and the press arrive together
            st.text_area(
                t("Paste settings"),
                key="pasted",
                height=120,
                persist_state="session",
                help=t("All settings, or only some; the rest comes from the recipe"),
            )
            st.form_submit_button(
                t("Check"),
                key="check",
                on_click=_check,
                help=t("Check the pasted settings and fill this form"),
            )
        if problem := st.session_state.get("paste_problem"):
            st.error(text.said(problem))
        elif st.session_state.pop("paste_ok", False):
            st.caption(t("The form is filled with these settings."))


def _check() -> None:
    try:
        forms.load(forms.parse(st.session_state["pasted"]))
        st.session_state["paste_ok"], st.session_state["paste_problem"] = True, ""
    except GanError as error:
        st.session_state["paste_problem"] = str(error)
