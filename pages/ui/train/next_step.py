"""After the end: the one best next step of a run, and the others less loud."""

from __future__ import annotations

import streamlit as st

from gan_core.doctor.doctor import Verdict
from gan_core.doctor.remedies import remedy
from gan_core.doctor.treatment import situation_of
from gan_core.errors import GanError
from gan_core.metric_table import find
from gan_core.remedy import apply
from gan_core.runs.quality import best_quality
from pages.ui.shared import branch, parts, text
from pages.ui.shared.language import t
from pages.ui.shared.measures import written
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page

BROKE = "became"  # in the error of a run whose numbers became NaN or infinite
KINDS = ("branch", "restart")  # remedies that make another run


def way_out(run, snapshot):
    """What to do about a run that ended ill: the doctor's remedy; None where nothing is wrong.

    A run whose numbers broke gets that for divergence, whatever was said of it before: going on from
    its newest checkpoint would compute the same numbers again.
    """
    try:
        report = get_lab().verdict(run.id)
        if report.remedy is not None and report.remedy.kind in KINDS:
            return report.remedy
        if snapshot.state == "failed" and BROKE in snapshot.error:
            at = Verdict("divergence", snapshot.step, snapshot.step)
            return remedy("divergence", situation_of(run, at))
    except GanError:  # too little is left of the run to say
        return None
    return None


def apply_remedy(run_id: str, remedy_) -> None:
    """Do it and watch what comes of it; errors in words."""
    try:
        watched = apply(get_lab(), run_id, remedy_, who="page")
    except GanError as error:
        st.error(text.said(error))
        return
    open_page(TRAIN, watched)


def ended_commands(run, snapshot, *, ill: bool) -> None:
    """Finished and stopped runs: trying it first, unless the doctor has a remedy (`ill`)."""
    best = best_quality(run.path)
    place = try_it(run, snapshot, first=not ill)
    if snapshot.step > 0 and st.button(
        t("Branch"), key="next_branch", icon=":material/call_split:",
        type="primary" if not (place or ill) else "secondary",
        help=t("Go on from one of its checkpoints with other settings"),
    ):  # fmt: skip
        branch.open_form(run.id, best.step if best else None)


def try_it(run, snapshot, *, first: bool):
    """The button that opens the page where the run is tried; that place, None where there is none."""
    place = parts.trying(run.config.get("recipe", "")) if snapshot.step > 0 else None
    if place and st.button(
        t(place.label),
        key="next_explore",
        icon=place.icon,
        type="primary" if first else "secondary",
        help=t(place.help),
    ):
        open_page(place.page, run.id)
    return place


def best_sentence(run) -> str:
    """'Best measured at step 5,500: Fréchet distance 4.1.', of pairs their L1; empty without a measurement.

    What is no nearer to the data than noise is praised by nobody.
    """
    best = best_quality(run.path)
    if best is None:
        return ""
    name, value = t(find(best.decider).title), written(best.rank, "short")
    if best.ruined:
        noise = written(best.noise, "short")
        return t(
            "Never measured better than noise: Fréchet distance {value}, noise has {noise}.",
            value=value,
            noise=noise,
        )
    return t(
        "Best measured at step {step:,}: {name} {value}.", step=best.step, name=name, value=value
    )


def resume(run_id: str) -> None:
    """Go on from the newest checkpoint."""
    attempt(get_lab().resume, run_id)
