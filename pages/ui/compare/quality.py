"""Compare: the best measurement of each run, and what it cost to reach a chosen quality."""

from __future__ import annotations

from typing import Any, NamedTuple

import streamlit as st

from gan_core.errors import GanError
from gan_core.metric_table import find
from gan_core.runs.cost import Cost, common_target, cost_to
from gan_core.runs.quality import Quality, best_of, qualities
from pages.ui.shared import numbers, parts, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import get_lab

# Columns beside the distance, where any run has them.
MEASURES = (
    "l1", "ssim", "class_kept", "cycle", "precision", "recall", "coverage", "missing_classes", "modes",
    "near",
)  # fmt: skip


class Found(NamedTuple):
    """What was measured of each run, in their order, and whether it compares."""

    best: list[Quality | None]
    comparable: bool
    kinds: set

    @property
    def target(self) -> float | None:
        """The chosen distance, else a round one that the better runs reached.

        None where nothing was chosen and the distances are on different scales.
        """
        chosen = max(0, st.session_state.get("compare_target") or 0)
        if chosen or len(self.kinds) > 1:
            return float(chosen) if chosen else None
        return common_target([b.value for b in self.best if b is not None])


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
    for name in MEASURES:
        values = [_number(b.values.get(name)) if b else None for b in found.best]
        if any(v is not None for v in values):
            metric = find(name)
            table[t(metric.title)] = _marked(values, metric.better == "lower", found.comparable)
    table[t("at step")] = [(f"{b.step:,}" if b else "", False) for b in found.best]
    if not found.kinds:
        table = {}
    elif found.target is not None:
        table |= _costs(runs, found, found.target)
    table[t("steps")] = [(text.number(run.step), False) for run in runs]
    if not pictures(runs):
        table[t("images")] = [(_images(run.images_seen), False) for run in runs]
    table[t("training time")] = [(text.clock(run.wall_time), False) for run in runs]
    return table


def _costs(runs, found: Found, target: float) -> dict[str, list[tuple[str, bool]]]:
    """What each run took to come to the target: time, images and steps."""
    costs = [_cost(run, target, b) for run, b in zip(runs, found.best, strict=True)]
    aim = f"{target:g}"
    parts = {
        t("time to {aim}", aim=aim): ("seconds", text.clock),
        t("images to {aim}", aim=aim): ("images", _images),
        t("steps to {aim}", aim=aim): ("step", text.number),
    }
    return {title: _cost_cells(costs, found, *part) for title, part in parts.items()}


def _cost_cells(costs: list[Cost | None], found: Found, name: str, write) -> list:
    values = [_finite(getattr(c, name)) if c else None for c in costs]
    cells = _marked(values, True, found.comparable, write)
    lowest = min((v for v in values if v is not None), default=None)
    # A run whose cost is only known to be at most this much may be the best one.
    others = any(c and c.at_most and v != lowest for c, v in zip(costs, values, strict=True))
    return [
        _cost_cell(c, b, shown, best and not others)
        for c, b, (shown, best) in zip(costs, found.best, cells, strict=True)
    ]


def _cost_cell(cost: Cost | None, best: Quality | None, shown: str, mark: bool) -> tuple[str, bool]:
    if cost is None:
        return (t("not reached") if best is not None else "", False)
    return (t("at most {shown}", shown=shown) if cost.at_most and shown else shown, mark)


def _finite(value: float) -> float | None:
    return value if value == value else None


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
    return f"{value:.3g}" if abs(value) < 999.5 else text.measured(value)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _images(count: float) -> str:
    return f"{count / 1000:,.0f} k" if count >= 10_000 else text.number(count)


def show(runs, found: Found) -> None:
    """The table with the best of each column marked, and the target."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.header(t("Quality and cost"), width="stretch", anchor=False)
        if found.kinds:
            hint = f"{found.target:g}" if found.target else t("a distance")
            numbers.field(
                *(st, t("Cost to reach Fréchet"), None, 0, float("inf")),
                whole=False,
                key="compare_target",
                width=180,
                placeholder=hint,
                help=t(
                    "When each run was first measured at this distance or below; at most: it may "
                    "have been as good before, but nobody had measured"
                ),
            )
    names = [f"**{i}**\u00a0{text.plain(run.name or run.recipe)}" for i, run in enumerate(runs, 1)]
    table = {t("run"): names}
    for title, cells in columns(runs, found).items():
        table[title] = [
            t("best **{shown}**", shown=shown) if best else shown for shown, best in cells
        ]
    st.table(table, border="horizontal", hide_index=True)
    st.caption(explained(found, pictures=pictures(runs)))


def pictures(runs) -> bool:
    """Whether all runs train a picture, which nothing measures."""
    return all("weights" in parts.of(run.recipe) for run in runs)


def explained(found: Found, *, pictures: bool = False) -> str:
    """How to read the table; `pictures`: see the function of that name."""
    if not found.kinds and pictures:
        return t(
            "Pictures are not measured: whether they are good is for you to see. {time}",
            time=t(_TIME),
        )
    if not found.kinds:
        return t(
            "Nothing measured yet. *Measure now* on a run's page does, also when it has ended. "
        ) + t(_TIME)
    if found.comparable:
        ((kind, _),) = found.kinds
        return t("The best measurement of each run, {n:,} fakes. {time}", n=kind[1], time=t(_TIME))
    if len(found.kinds) == 1:
        return t("Only one of these runs was measured. {time}", time=t(_TIME))
    what = (
        t("on different data")
        if len({data for _, data in found.kinds}) > 1
        else t("in different ways")
    )
    return t(
        "Measured {what}: these distances do not compare, and no best is marked. {time}",
        what=what,
        time=t(_TIME),
    )


_TIME = N_("Time is training time, without measuring; a branch counts its parents' too.")
