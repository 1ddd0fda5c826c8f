"""Which runs are compared: the box at the top, and the address that names them."""

from __future__ import annotations

import hashlib
import json

import streamlit as st

from gan_core.errors import GanError
from gan_core.metric_table import first_shown
from gan_core.web import assets
from pages.ui.shared import text
from pages.ui.shared.component import register
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab

MOST = 8
_compare = register("compare/compare", "compare/compare")


def chosen(everything) -> list:
    """The chosen runs in their order, by the address where it is new, else as they were chosen."""
    by_id = {run.id: run for run in everything}
    address = st.query_params.get("runs") or ""
    if address and address != st.session_state.get("compared_address"):  # came by a link
        st.session_state["compared"] = list(dict.fromkeys(address.split(",")))
    kept = st.session_state.get("compared", [])
    ids = st.session_state["compared"] = [i for i in kept if i in by_id][:MOST]
    return [by_id[i] for i in ids]


def box(everything) -> None:
    """Search and choose; the address follows, so that it can be shared."""
    by_id = {run.id: run for run in everything}
    ids = st.multiselect(
        t("Runs"),
        list(by_id),
        key="compared",
        max_selections=MOST,
        label_visibility="collapsed",
        placeholder=t("Choose two to eight runs"),
        persist_state="session",
        format_func=lambda i: f"{text.short_id(i)} {by_id[i].name or i.split('-', 1)[1]}",
        help=t("Each gets a number, a colour and a dash"),
    )
    st.session_state["compared_address"] = ",".join(ids)
    if ids:
        st.query_params["runs"] = ",".join(ids)
    else:
        st.query_params.pop("runs", None)


def picker(everything, runs) -> None:
    """The box behind a button that says how many there are: each run stands once on the page."""
    with st.popover(
        text.counted(len(runs), "run"),
        key="sm_choose",
        icon=":material/add:",
        help=t("Add or take away runs"),
    ):
        box(everything)


def nothing_yet(everything, runs) -> None:
    """Instead of a comparison: the box, and the one that is most likely wanted with one press."""
    with st.container(border=True, key="empty"):
        st.header(t("Choose two to eight runs"), anchor=False)
        st.markdown(t("Their curves, samples, settings, quality and cost appear here."))
        box(everything)
        if offer := _offer(everything, runs):
            label, ids = offer
            st.button(
                label,
                key="compare_offer",
                type="primary",
                on_click=_choose,
                args=(ids,),
                help=t(" and ").join(map(text.plain, ids)),
            )


def _offer(everything, runs) -> tuple[str, list[str]] | None:
    """(what the button says, the two runs): the newest that took a step; a chosen one stays."""
    ids = [run.id for run in runs]
    parent = (runs[0].parent or {}).get("run") if runs else None
    others = [run.id for run in everything if run.step and run.id not in ids]
    if parent is not None and parent in others:
        return t("Compare with its parent {parent}", parent=text.short_id(parent)), [*ids, parent]
    if ids and others:
        return t("Compare with {run}", run=text.short_id(others[0])), [*ids, others[0]]
    return (t("Compare the two newest"), others[:2]) if len(others) > 1 else None


def _choose(ids: list[str]) -> None:
    st.session_state["compared"] = ids


def named(runs) -> list[dict[str, str]]:
    """What the components need to know of each run."""
    return [
        {
            "id": run.id,
            "title": run.name or run.recipe,
            "short": text.short_id(run.id),
            "group": _group(run),
            "data": run.dataset,
        }
        for run in runs
    ]


def curves(runs: list[dict], tables: dict, target: float | None) -> None:
    """Curves, quality and samples; drawn and kept fresh in the browser.

    Args:
        tables: what the report says beside the charts (compare_axes.tables, and "axes").
        target: the Fréchet distance whose cost is asked for; a line on its chart.
    """
    data = {"runs": runs, "plotly": assets.PLOTLY_URL, "tables": tables, "target": target}
    with st.container(key=f"compare_of_{len(runs)}"):  # shell.css keeps its place
        _compare(key="compare", data=data | {"first": first_shown()})


def _group(run) -> str:
    """The same text for runs that differ by nothing but their seed."""
    try:
        found = get_lab().store.get(run.id)
    except GanError:
        return run.id
    settings = {name: value for name, value in found.config.items() if name != "seed"}
    together = json.dumps([settings, found.parent], sort_keys=True)
    return hashlib.sha256(together.encode()).hexdigest()[:12]
