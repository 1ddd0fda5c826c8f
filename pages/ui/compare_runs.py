"""Which runs are compared: the box at the top, and the address that names them."""

from __future__ import annotations

import hashlib
import json

import streamlit as st

from gan_core.errors import GanError
from gan_core.web import assets
from pages.ui import text
from pages.ui.component import register
from pages.ui.state import get_lab

MOST = 8
_compare = register("compare", "compare")


def choose(everything) -> list:
    """The chosen runs in their order; the address follows, so that it can be shared."""
    by_id = {run.id: run for run in everything}
    address = st.query_params.get("runs") or ""
    if address and address != st.session_state.get("compared_address"):  # came by a link
        asked = dict.fromkeys(address.split(","))
        st.session_state["compared"] = [i for i in asked if i in by_id][:MOST]
    kept = st.session_state.get("compared", [])
    st.session_state["compared"] = [i for i in kept if i in by_id]
    ids = st.multiselect(
        "Runs", list(by_id), key="compared", max_selections=MOST, label_visibility="collapsed",
        placeholder="Choose two to eight runs", persist_state="session",
        format_func=lambda i: f"{text.short_id(i)} {by_id[i].name or i.split('-', 1)[1]}",
        help="Each gets a number, a colour and a dash",
    )  # fmt: skip
    st.session_state["compared_address"] = ",".join(ids)
    if ids:
        st.query_params["runs"] = ",".join(ids)
    else:
        st.query_params.pop("runs", None)
    return [by_id[i] for i in ids]


def named(runs) -> list[dict[str, str]]:
    """What the components need to know of each run."""
    return [
        {
            "id": run.id,
            "title": run.name or run.recipe,
            "short": text.short_id(run.id),
            "group": _group(run),
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
    _compare(key="compare", data=data)


def _group(run) -> str:
    """The same text for runs that differ by nothing but their seed."""
    try:
        found = get_lab().store.get(run.id)
    except GanError:
        return run.id
    settings = {name: value for name, value in found.config.items() if name != "seed"}
    together = json.dumps([settings, found.parent], sort_keys=True)
    return hashlib.sha256(together.encode()).hexdigest()[:12]
