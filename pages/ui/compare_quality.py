"""Compare: the best measurement of each run, and what it cost to reach a chosen quality."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from gan_core.errors import GanError
from gan_core.runs.cost import Cost, common_target, cost_to
from gan_core.runs.quality import Quality, best_of, qualities
from pages.ui import text
from pages.ui.state import get_lab

MEASURES = {  # value of a measurement: (title, whether less is better)
    "precision": ("precision", False),
    "recall": ("recall", False),
    "coverage": ("coverage", False),
    "missing_classes": ("missing classes", True),
    "modes": ("modes covered", False),
    "near": ("near a mode", False),
}


class Found(NamedTuple):
    """What was measured of each run, in their order, and whether it compares."""

    best: list[Quality | None]
    comparable: bool
    kinds: set

    @property
    def target(self) -> float | None:
        """The chosen distance, or a round one that all runs reached."""
        chosen = st.session_state.get("compare_target")
        known = [b.value for b in self.best if b is not None]
        return float(chosen) if chosen else common_target(known)


def measured(runs) -> Found:
    """The best measurement of each run; best is the lowest Fréchet distance."""
    best = [_best(run) for run in runs]
    kinds = {(b.kind, run.dataset) for b, run in zip(best, runs, strict=True) if b}
    comparable = len(kinds) == 1 and sum(b is not None for b in best) > 1
    return Found(best, comparable, kinds)


def _best(run) -> Quality | None:
    try:
        return best_of(qualities(get_lab().store.get(run.id).path))
    except GanError:
        return None


def columns(runs, found: Found) -> dict[str, list[tuple[str, bool]]]:
    """Title -> (text, whether it is the best) of each run."""
    table = {"Fréchet": _marked([b and b.value for b in found.best], True, found.comparable)}
    for name, (title, low) in MEASURES.items():
        values = [_number(b.values.get(name)) if b else None for b in found.best]
        if any(v is not None for v in values):
            table[title] = _marked(values, low, found.comparable)
    table["at step"] = [(f"{b.step:,}" if b else "", False) for b in found.best]
    if not found.kinds:
        table = {}
    elif found.target is not None:
        table |= _costs(runs, found)
    table["steps"] = [(text.number(run.step), False) for run in runs]
    table["images"] = [(_images(run.images_seen), False) for run in runs]
    table["training time"] = [(text.clock(run.wall_time), False) for run in runs]
    return table


def _costs(runs, found: Found) -> dict[str, list[tuple[str, bool]]]:
    """What each run took to come to the target: time, images and steps."""
    costs = [_cost(run, found.target, b) for run, b in zip(runs, found.best, strict=True)]
    aim = f"{found.target:g}"
    parts = {
        f"time to {aim}": ([c and c.seconds for c in costs], text.clock),
        f"images to {aim}": ([c and c.images for c in costs], _images),
        f"steps to {aim}": ([c and float(c.step) for c in costs], text.number),
    }
    table = {}
    for title, (values, write) in parts.items():
        known = [v if v is not None and v == v else None for v in values]
        cells = _marked(known, True, found.comparable, write)
        table[title] = [
            ("not reached", False) if c is None and b is not None else cell
            for cell, c, b in zip(cells, costs, found.best, strict=True)
        ]
    return table


def _cost(run, target: float, best: Quality | None) -> Cost | None:
    if best is None:
        return None
    try:
        return cost_to(get_lab().store.get(run.id), target, best.kind)
    except GanError:
        return None


def _marked(values: list, low: bool, mark: bool, write=None) -> list[tuple[str, bool]]:
    known = [v for v in values if v is not None]
    best = (min(known) if low else max(known)) if known and mark and len(set(known)) > 1 else None
    write = write or _short
    return [("" if v is None else write(v), best is not None and v == best) for v in values]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _images(count: float) -> str:
    return f"{count / 1000:,.0f} k" if count >= 10_000 else text.number(count)


def show(runs, found: Found) -> None:
    """The table with the best of each column marked, and the target."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.header("Quality and cost", width="stretch", anchor=False)
        if found.kinds:
            st.number_input(
                "Cost to reach Fréchet", min_value=0.0, value=None, step=1.0, format="%g",
                key="compare_target", width=180, placeholder=f"{found.target or 0:g}",
                help="When each run was first measured at this distance or below",
            )  # fmt: skip
    names = [f"**{i}**\u00a0{text.plain(run.name or run.recipe)}" for i, run in enumerate(runs, 1)]
    table = {"": names}
    for title, cells in columns(runs, found).items():
        table[title] = [f"best **{shown}**" if best else shown for shown, best in cells]
    st.table(table, border="horizontal", hide_index=True)
    st.caption(explained(found))


def explained(found: Found) -> str:
    """How to read the table."""
    if not found.kinds:
        return "Nothing measured yet; `evaluate` on the command line measures a run. " + _TIME
    if found.comparable:
        ((kind, _),) = found.kinds
        return f"The best measurement of each run, {kind[1]:,} fakes. {_TIME}"
    if len(found.kinds) == 1:
        return f"Only one of these runs was measured. {_TIME}"
    return f"Measured in different ways or on different data: no best is marked. {_TIME}"


_TIME = "Time is training time, without measuring; a branch counts its parents' too."
