"""Compare: settings that differ, and what each run measured and cost."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.config import TrainConfig
from gan_core.errors import GanError
from gan_core.evaluation.run_evals import evals, frechet_of
from pages.ui import text, words
from pages.ui.state import get_lab

QUALITY = {  # value of a measurement: (title, whether less is better)
    "frechet": ("Fréchet", True),
    "precision": ("precision", False),
    "recall": ("recall", False),
    "coverage": ("coverage", False),
    "missing_classes": ("missing classes", True),
}


def settings(runs) -> dict[str, dict[str, Any]]:
    """Run id -> its settings; runs whose settings cannot be read are named and left out."""
    found = {}
    for run in runs:
        try:
            found[run.id] = TrainConfig.from_dict(get_lab().store.get(run.id).config).model_dump()
        except GanError as error:
            st.error(text.said(error))
    return found


def differing(runs) -> None:
    """Only the settings that are not the same in all; bold where they differ from run 1."""
    found = settings(runs)
    names = list(TrainConfig.model_fields)
    different = [n for n in names if len({str(s[n]) for s in found.values()}) > 1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("Settings that differ", width="content", anchor=False)
        st.caption(f"{len(different)} of {len(names)}; bold differs from run 1", width="stretch")
        everything = st.toggle("Show all", key="all_settings", help="Also those that are the same")
    shown = names if everything else different
    if not shown:
        st.markdown("All settings are the same.")
        return
    first = next(iter(found.values()))
    table = {"setting": [text.plain(n) for n in shown]}
    for number, run in enumerate(runs, start=1):
        if run.id in found:
            own = found[run.id]
            table[f"{number}"] = [_cell(own[n], own[n] != first[n]) for n in shown]
    st.table(table, border="horizontal", hide_index=True)


def _cell(value: Any, bold: bool) -> str:
    shown = "none" if value is None else value
    shown = words.setting(shown) if isinstance(shown, float) else text.plain(shown)
    return f"**{shown}**" if bold else str(shown)


def quality(runs) -> None:
    """The newest measurement of each run, what it took, and the best of each column."""
    st.header("Quality and cost", anchor=False)
    found = [_newest(run) for run in runs]
    kinds = {
        (e["extractor"], e["count"], run.dataset) for e, run in zip(found, runs, strict=True) if e
    }
    shown = [name for name in QUALITY if any(_value(e, name) is not None for e in found)]
    comparable = len(kinds) == 1 and sum(e is not None for e in found) > 1
    table = {
        "": [f"**{i}**\u00a0{text.plain(run.name or run.recipe)}" for i, run in enumerate(runs, 1)]
    }
    for name in shown:
        title, low = QUALITY[name]
        table[title] = _column([_value(e, name) for e in found], low, mark=comparable)
    if shown:
        table["at step"] = [f"{e['step']:,}" if e else "" for e in found]
    table["steps"] = [text.number(run.step) for run in runs]
    table["images"] = [_images(run.images_seen) for run in runs]
    table["training time"] = [text.clock(run.wall_time) for run in runs]
    st.table(table, border="horizontal", hide_index=True)
    st.caption(_explained(kinds, comparable))


def _newest(run) -> dict[str, Any] | None:
    """The newest measurement of a run that has all it needs; None if there is none."""
    try:
        lines = evals(get_lab().store.get(run.id))
    except GanError:
        return None
    needed = {"step": int, "count": int, "extractor": str, "values": dict}
    good = [e for e in lines if all(isinstance(e.get(n), kind) for n, kind in needed.items())]
    return good[-1] if good else None


def _value(line: dict[str, Any] | None, name: str) -> float | None:
    if line is None:
        return None
    value = frechet_of(line["values"]) if name == "frechet" else line["values"].get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _column(values: list[float | None], low: bool, *, mark: bool) -> list[str]:
    known = [v for v in values if v is not None]
    best = (min(known) if low else max(known)) if known and mark and len(set(known)) > 1 else None
    texts = ["" if v is None else f"{v:,.0f}" if abs(v) >= 1000 else f"{v:.3g}" for v in values]
    return [
        f"best **{shown}**" if best is not None and v == best else shown
        for v, shown in zip(values, texts, strict=True)
    ]


def _images(count: float) -> str:
    return f"{count / 1000:,.0f} k" if count >= 10_000 else text.number(count)


def _explained(kinds: set, comparable: bool) -> str:
    if not kinds:
        return "Nothing measured yet; `evaluate` on the command line measures a run. " + _TIME
    if comparable:
        count = next(iter(kinds))[1]
        return f"The newest measurement of each run, {count:,} fakes. {_TIME}"
    if len(kinds) == 1:
        return f"Only one of these runs was measured. {_TIME}"
    return f"Measured in different ways or on different data: no best is marked. {_TIME}"


_TIME = "Time is training time, without measuring."
