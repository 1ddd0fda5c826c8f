"""Searches on the Runs page: what is sought, how far it is, and what came of it."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from gan_core.errors import GanError
from gan_core.metric_table import colour_of
from gan_core.runs.records import State
from gan_core.runs.searches import Spec
from gan_core.storage import access
from gan_core.sweeps import background, plan, queue, search, trials
from pages.ui.shared import numbers, text
from pages.ui.shared.language import t
from pages.ui.shared.state import attempt, get_lab

HEIGHT = 190
MOST_NAMED = 4  # settings


def sought(spec: Spec) -> str:
    """'g_lr 0.0001 to 0.01; batch_size 32, 64', as Markdown."""
    parts = []
    for name, each in list(spec.ranges.items())[:MOST_NAMED]:
        ends = [text.setting(v) for v in each.get("choices") or (each["low"], each["high"])]
        parts.append(f"{name} {(', ' if 'choices' in each else t(' to ')).join(ends)}")
    more = [t("{n} more", n=len(spec.ranges) - MOST_NAMED)] if len(spec.ranges) > MOST_NAMED else []
    return text.plain("; ".join([*parts, *more]))


def words(progress: queue.Progress, spec: Spec) -> str:
    """'3 of 20 tried, 1 ended early, best 2.6 (00001)'."""
    parts = [t("{done} of {trials} tried", done=progress.done, trials=spec.trials)]
    if progress.pruned:
        parts.append(t("{pruned} ended early", pruned=len(progress.pruned)))
    if failed := progress.count(State.FAILED):
        parts.append(t("{n} failed", n=failed))
    found = {r.id: get_lab().store.best(r.id) for r in progress.runs if r.state == "finished"}
    values = {run_id: best.value for run_id, best in found.items() if best}
    if values:
        best = min(values, key=values.__getitem__)
        parts.append(
            t("best Fréchet {value:.3g} ({best})", value=values[best], best=text.short_id(best))
        )
    return ", ".join([*parts, t("tag {name}", name=progress.name)])


def commands(progress: queue.Progress, spec: Spec) -> None:
    """Stop or Go on, and what was found."""
    key, lab = progress.name.replace(" ", "_"), get_lab()
    if access.may_change():
        if progress.going or background.is_going(lab, spec.name):
            st.button(t("Stop"), key=f"sm_stop_{key}", on_click=background.stop, args=(lab, progress),
                      help=t("End it with a checkpoint; Go on takes it up"))  # fmt: skip
        elif progress.done < spec.trials:
            st.button(t("Go on"), key=f"sm_go_{key}", type="primary", on_click=attempt,
                      args=(start, spec), help=t("Try the runs that are left"))  # fmt: skip
    found = st.popover(
        t("Results"),
        key=f"sm_found_{key}",
        help=t("How the runs did, and what mattered"),
        on_change="rerun",
    )
    if found.open:  # else it would be computed with every look
        with found:
            _results(spec, key)


def start(spec: Spec) -> None:
    """Begin or go on."""
    background.start(get_lab(), spec, who="page")


# ---- what came of it ----


def _results(spec: Spec, key: str) -> None:
    try:
        study, ids = trials.study_of(get_lab(), spec)
    except GanError as error:
        st.markdown(text.said(error))
        return
    if not study.trials:
        st.caption(t("No run has ended yet."))
        return
    dark = st.context.theme.type == "dark"
    st.markdown(t("**History** &ensp;:gray[Fréchet distance of each run; lower is better]"))
    _chart(_history(study, ids, dark), f"history_{key}", t("Distance of each run in their order"))
    shares = trials.importance(study)
    if not shares:
        st.caption(
            t(
                "What mattered is told after {STARTUP} runs that came to their end.",
                STARTUP=trials.STARTUP,
            )
        )
        return
    st.markdown(t("**Importance** &ensp;:gray[share of each setting in how good a run is]"))
    listed = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    _chart(
        _importance(shares, dark),
        f"importance_{key}",
        t("Importance of settings: {listed}", listed=listed),
    )


def _history(study, ids: list[str], dark: bool) -> go.Figure:
    """Runs that came to their end, those ended early, and the best so far."""
    real, fake, grey = (colour_of(name, dark=dark) for name in ("real", "fake", "muted"))
    done = [
        (trial.number + 1, trial.value) for trial in study.trials if trial.state.name == "COMPLETE"
    ]
    early = [
        (trial.number + 1, trial.intermediate_values[max(trial.intermediate_values)])
        for trial in study.trials
        if trial.state.name == "PRUNED" and trial.intermediate_values
    ]
    best = [(n, min(value for m, value in done if m <= n)) for n, _ in done]
    rows: tuple[tuple[list, str, dict, str], ...] = (
        (done, "markers", {"color": fake, "size": 8}, t("whole")),
        (early, "markers", {"color": grey, "size": 8, "symbol": "x-thin-open"}, t("ended early")),
        (best, "lines", {}, t("best")),
    )
    figure = go.Figure()
    for points, mode, marker, name in rows:
        figure.add_scatter(
            x=[n for n, _ in points], y=[v for _, v in points], mode=mode, marker=marker, name=name,
            text=[text.short_id(ids[n - 1]) for n, _ in points], line={"color": real, "shape": "hv"},
        )  # fmt: skip
    figure.update_xaxes(tickformat=",d")
    figure.update_yaxes(type="log", tickformat=",~r", nticks=5)
    return _look(figure, dark, height=HEIGHT, legend=True)


def _importance(shares: dict[str, float], dark: bool) -> go.Figure:
    names = list(shares)[::-1]
    figure = go.Figure(go.Bar(x=[100 * shares[n] for n in names], y=names, orientation="h"))
    figure.update_traces(marker_color=colour_of("real", dark=dark))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    return _look(figure, dark, height=60 + 26 * len(names))


def _look(figure: go.Figure, dark: bool, *, height: int, legend: bool = False) -> go.Figure:
    grid, ink = colour_of("grid", dark=dark), colour_of("muted", dark=dark)
    figure.update_layout(
        height=height, margin={"l": 78, "r": 10, "t": 40 if legend else 8, "b": 26}, bargap=0.4,
        showlegend=legend, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        uirevision="search",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", font={"size": 11, "color": ink},
    )  # fmt: skip
    figure.update_xaxes(gridcolor=grid, zeroline=False)
    figure.update_yaxes(gridcolor=grid, zeroline=False)
    return figure


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    config = {"displayModeBar": False}
    st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)


# ---- planning ----


def trials_field():
    """How many runs a search has."""
    return numbers.field(
        *(st, t("Runs"), 20, 1, plan.MOST),
        key="sweep_trials",
        help=t("Altogether, with those ended early"),
    )


def planned(recipe: str, dataset: str, steps, seeds: str, lines: str, count) -> Spec | None:
    """The search, with what it would do in words; None where something is wrong."""
    if not (numbers.usable(steps) and numbers.usable(count)):
        return None
    texts = [line.strip() for line in (lines or "").splitlines() if line.strip()]
    try:
        trials.require()
        ranges, (seed, *_) = search.parse_ranges(texts), plan.parse_seeds(seeds)
        spec = search.plan(
            get_lab(), recipe, dataset, ranges,
            num_steps=int(steps.value), trials=int(count.value), seed=seed,
        )  # fmt: skip
    except GanError as error:
        st.error(text.said(error))
        return None
    st.markdown(
        t(
            "**{runs}**, each sees {images:,} images and is measured {rungs} times; one that is worse "
            "than the median at the same images ends early.",
            runs=text.counted(spec.trials, "run"),
            images=spec.images,
            rungs=spec.rungs,
        )
    )
    return spec
