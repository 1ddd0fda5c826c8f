"""What goes into the files that a run gives away and what comes out, with code that draws an image."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.export import usage
from gan_core.tasks import run_data
from pages.ui.shared import text
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import get_lab

FORMATS = {  # tab: (format, suffix of the file on this page)
    "Keras": ("keras", ".keras"),
    "SavedModel": ("saved_model", ""),
    "LiteRT": ("litert", ".tflite"),
    N_("Samples, npz"): (".npz", ".samples.npz"),
}


def show(run_id: str) -> None:
    """A tab a file; nothing where neither the run nor this machine knows its data."""
    lab = get_lab()
    try:
        run = lab.store.get(run_id)
        interface = usage.of_run(run, run_data.spec(run, lab.data_dir))
    except GanError:
        return
    words = t("What goes in, what comes out, and three lines that draw an image")
    with st.expander(words, key="usage", on_change="rerun") as shown:
        if shown.open:  # what colours the code is 1.5 MB of script
            _tabs(run_id, interface)


def _tabs(run_id: str, interface) -> None:
    for tab, (format, suffix) in zip(
        st.tabs([t(name) for name in FORMATS]), FORMATS.values(), strict=True
    ):
        name = "generator" if format == "saved_model" else run_id + suffix  # the zip's folder
        tab.html(_table(usage.rows(interface, format)))
        tab.code(usage.code(interface, format, name), language="python")


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<dt>{text.escaped(told(n))}</dt><dd>{text.escaped(told(v))}</dd>" for n, v in rows
    )
    return f'<dl class="gs-pairs gs-usage">{cells}</dl>'
