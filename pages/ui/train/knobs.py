"""Live knobs: settings that can be turned while a run trains; afterwards, the settings it had."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.config import LIVE_KNOBS, PACE, SETTINGS, TrainConfig
from gan_core.errors import ConfigError
from pages.ui.shared import forms, text, words
from pages.ui.shared import settings as train_settings
from pages.ui.shared.language import t, tn
from pages.ui.shared.state import attempt, get_lab

PACES = (0.0, 20.0, 5.0, 2.0, 1.0, 0.5)  # steps a second; 0: full speed


def show(snapshot) -> None:
    """The knobs of a run that this process trains, with what the step uses now below each."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(t("Live knobs"), width="content", anchor=False)
        st.caption(t("take effect at the next step"), width="stretch")
    if not snapshot.knobs:
        st.caption(t("They appear when the networks are built."))
        return
    # A fragment: turning a field redraws only this panel.
    st.fragment(_fields)(snapshot.run_id, dict(snapshot.knobs))


def _fields(run_id: str, now: dict[str, float]) -> None:
    shown = [name for name in LIVE_KNOBS if name in now]
    wanted, problems = {}, []
    for i in range(0, len(shown), 2):  # rows of two: the keyboard goes as the eye reads
        for place, name in zip(
            st.columns(2, gap="small", wrap=False), shown[i : i + 2], strict=False
        ):
            with place, st.container(key=f"knob_field_{name}", gap=None):
                wanted[name] = forms.whole(name, _field(run_id, name, now[name]))
                problems.append(_said_below(name, wanted[name], now[name]))
    changes = {n: v for n, v in wanted.items() if v is not None and not _same(v, now[n])}
    keys = {n: _key(run_id, n, now[n]) for n in shown}
    _buttons(run_id, changes, keys, now, usable=not any(problems))
    st.caption(
        t("A checkpoint is written first. The change is marked on every chart and kept in the run.")
    )
    if PACE in now:
        pace(run_id, now[PACE])


def pace(run_id: str, now: float) -> None:
    """Slow motion, at once: it is no setting that the training learns from."""
    key = f"pace_{run_id}_{words.setting(now)}"
    choices = sorted({*PACES, now}, key=lambda pace: (pace > 0, -pace))
    st.selectbox(
        t(SETTINGS[PACE].label), choices, index=choices.index(now), key=key, format_func=_pace_words,
        on_change=_take_pace, args=(run_id, key),
        help=t("How many steps a second at most, to watch every one; no number of the training "
        "changes. In files and on the command line: `steps_per_second`."),
    )  # fmt: skip


def _pace_words(pace: float) -> str:
    if not pace:
        return t("Off: full speed")
    if pace < 1:
        return t("a step every {pace:.3g} s", pace=1 / pace)
    return tn("{n:.3g} step a second", "{n:.3g} steps a second", pace)


def _take_pace(run_id: str, key: str) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.set_knobs({PACE: st.session_state[key]}, who="page")


def _field(run_id: str, name: str, now: float) -> float | None:
    """Without bounds: a number that a browser keeps to itself could not be spoken of."""
    setting = SETTINGS[name]
    return st.number_input(
        t(setting.label),
        value=_rounded(now),
        key=_key(run_id, name, now),
        help=t("{help}. In files: `{name}`.", help=t(setting.help), name=name),
        **forms.number_steps(name, _step(now)),
    )


def _said_below(name: str, value: float | None, now: float) -> str:
    """What the step uses now, and whether the field says something else; returns what is wrong."""
    changed = value is not None and not _same(value, now)
    if value is not None and changed and (problem := _problem(name, value)):
        st.markdown(f":red[:material/warning: {text.said(problem)}]")
        return problem
    mark = t(":violet[▍]changed, ") if changed else ""
    st.caption(t("{mark}now {value}", mark=mark, value=words.setting(now)))
    return ""


def _problem(name: str, value: float) -> str:
    try:
        TrainConfig.from_dict({name: value})
    except ConfigError as error:
        return str(error)
    return ""


def _buttons(run_id: str, changes: dict, keys: dict[str, str], now: dict, *, usable: bool) -> None:
    count = len(changes)
    with st.container(horizontal=True):
        st.button(
            t("Apply {changes}", changes=text.counted(count, "change")), key="knobs_apply",
            type="primary" if count else "secondary", disabled=not (count and usable),
            icon=":material/check:", on_click=_apply, args=(run_id, changes),
            help=t("Turn these knobs before the next step"),
        )  # fmt: skip
        st.button(
            t("Undo"), key="knobs_undo", type="tertiary", icon=":material/undo:", disabled=not count,
            on_click=_undo, args=(keys, now), help=t("Show again what the step uses now"),
        )  # fmt: skip


def _apply(run_id: str, changes: dict[str, float]) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.set_knobs(changes, who="page")


def _undo(keys: dict[str, str], now: dict[str, float]) -> None:
    for name, key in keys.items():
        st.session_state[key] = _rounded(now[name])


def _key(run_id: str, name: str, now: float) -> str:
    """A new field when the value in use changes, so that it shows that value."""
    return f"knob_{run_id}_{name}_{words.setting(now)}"


def _rounded(value: float) -> float:
    return float(words.setting(value))


def _same(value: float, now: float) -> bool:
    return words.setting(value) == words.setting(now)


def _step(now: float) -> float:
    return _rounded(now / 10) if now else 0.01


def settings(run) -> None:
    """What the run was started with and what was turned since; what nobody changed is left out."""
    st.header(t("Settings"), anchor=False)
    st.caption(t("of this run, where they differ from the general defaults"))
    config, turned = run.config, _turned(run)
    always = {s.name for s in SETTINGS.values() if s.apart and not s.limit} | {*turned}
    default = {name: setting.default for name, setting in SETTINGS.items()}
    names = [n for n in config if n in always or config[n] != default.get(n)]
    rows = "".join(
        f'<dt title="{text.escaped(n)}">{text.escaped(t(train_settings.label(n)))}</dt>'
        f"<dd>{text.escaped(text.setting(config[n]))}{turned.get(n, '')}</dd>"
        for n in names
    )
    st.html(f'<dl class="gs-pairs">{rows}</dl>')


def _turned(run) -> dict[str, str]:
    """', then 0.002' for every knob that was turned: the value it had in the end."""
    last: dict[str, Any] = {}
    for event in run.events():
        if event.get("kind") in ("knob", "settings") and isinstance(event.get("changes"), dict):
            last |= {n: pair[1] for n, pair in event["changes"].items() if len(pair) == 2}
    return {
        n: t(", then {v}", v=text.escaped(text.setting(v)))
        for n, v in last.items()
        if n in run.config
    }
