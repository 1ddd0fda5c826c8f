"""Live knobs: settings that can be turned while a run trains; afterwards, the settings it had."""

from __future__ import annotations

import streamlit as st

from gan_core.config import LIVE_KNOBS, TrainConfig, bounds
from pages.ui import text, words
from pages.ui.state import attempt, get_lab

STEPS = {
    "n_critic": 1,
    "ema_half_life": 50.0,
}  # of the buttons at the field; else a tenth of the value


def show(snapshot) -> None:
    """The knobs of a run that this process trains, with what the step uses now below each."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("Live knobs", width="content", anchor=False)
        st.caption("take effect at the next step", width="stretch")
    if not snapshot.knobs:
        st.caption("They appear when the networks are built.")
        return
    # A fragment: turning a field redraws only this panel.
    st.fragment(_fields)(snapshot.run_id, dict(snapshot.knobs))


def _fields(run_id: str, now: dict[str, float]) -> None:
    shown = [name for name in LIVE_KNOBS if name in now]
    wanted = {}
    columns = st.columns(2, gap="small", wrap=False)
    for i, name in enumerate(shown):
        with columns[i % 2], st.container(key=f"knob_field_{name}", gap=None):
            wanted[name] = _field(run_id, name, now[name])
    changes = {n: v for n, v in wanted.items() if v is not None and not _same(v, now[n])}
    _buttons(run_id, changes, {n: _key(run_id, n, now[n]) for n in shown}, now)
    st.caption(
        "A checkpoint is written first. The change is marked on every chart and kept in the run."
    )


def _field(run_id: str, name: str, now: float) -> float | None:
    limits, whole = bounds(name), name == "n_critic"
    kind = int if whole else float
    value = st.number_input(
        words.KNOBS.get(name, name),
        min_value=kind(limits["ge"]) if "ge" in limits else None,
        max_value=kind(limits["le"]) if "le" in limits else None,
        value=kind(_rounded(now)),
        step=kind(STEPS.get(name, _step(now))),
        format="%d" if whole else "%.6g",
        key=_key(run_id, name, now),
        help=TrainConfig.model_fields[name].description,
    )
    changed = value is not None and not _same(value, now)
    mark = ":violet[▍]changed, " if changed else ""
    st.caption(f"{mark}now {words.setting(now)}, `{name}`")
    return value


def _buttons(run_id: str, changes: dict, keys: dict[str, str], now: dict[str, float]) -> None:
    count = len(changes)
    with st.container(horizontal=True):
        st.button(
            f"Apply {count} change{'' if count == 1 else 's'}", key="knobs_apply",
            type="primary" if count else "secondary", disabled=not count,
            icon=":material/check:", on_click=_apply, args=(run_id, changes),
            help="Turn these knobs before the next step",
        )  # fmt: skip
        st.button(
            "Undo", key="knobs_undo", type="tertiary", icon=":material/undo:", disabled=not count,
            on_click=_undo, args=(keys, now), help="Show again what the step uses now",
        )  # fmt: skip


def _apply(run_id: str, changes: dict[str, float]) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.set_knobs(changes, who="page")


def _undo(keys: dict[str, str], now: dict[str, float]) -> None:
    for name, key in keys.items():
        value = _rounded(now[name])
        st.session_state[key] = int(value) if name == "n_critic" else value


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
    """What the run was started with; fields that nobody changed are left out."""
    st.header("Settings", anchor=False)
    st.caption("of this run, where they differ from the general defaults")
    config = run.config
    default = {name: field.default for name, field in TrainConfig.model_fields.items()}
    names = [n for n in config if n in ("recipe", "dataset", "seed") or config[n] != default.get(n)]
    rows = "".join(f"<dt>{text.escaped(n)}</dt><dd>{text.escaped(config[n])}</dd>" for n in names)
    st.html(f'<dl class="gs-pairs">{rows}</dl>')
