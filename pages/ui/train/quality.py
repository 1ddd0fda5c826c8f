"""How good the fakes are: the Fréchet distance over training, and which classes are made."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gan_core.metric_table import colour_of
from gan_core.runs.quality import comparable, frechet_of
from gan_core.storage import access
from gan_core.tasks.pair_grids import side_names
from gan_core.web.details import measured_png
from pages.ui.shared import measures, text
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import attempt, get_lab
from pages.ui.train import coverage, translated

EVERY = 20.0  # seconds between looks at a run that trains: measurements are 20 s apart or more
ASKED = 1.0  # the same, while somebody waits for a measurement
PATIENCE = 180.0  # seconds until nobody waits any more: a new judge takes up to 90
HEIGHT = 190
FEATURES = {"judge": N_("judge features"), "mobilenet": N_("MobileNetV2 features")}


def show(run, snapshot) -> None:
    """The panel; it redraws by itself while the run trains or is being measured."""
    asked = _pending(run.id)
    wait = ASKED if asked else EVERY if snapshot.active else None
    st.fragment(_panel, run_every=wait)(run, snapshot, asked)


def _panel(run, snapshot, asked: bool) -> None:
    """`asked`: the panel looks often, because somebody waits."""
    lines = get_lab().evals(run.id)
    pending = _pending(run.id)
    if pending and _has_come(run.id, lines):
        st.session_state.pop(_key(run.id))
        pending = False
    if pending != asked:
        st.rerun()  # the whole page, for only that changes how often the panel looks
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(t("Quality"), width="content", anchor=False)
        st.caption(_facts(run, lines[-1]) if lines else _judged(run, snapshot))
        _button(run, snapshot, len(lines), pending=pending)
    if pending:
        phase = get_lab().behind.phase(run.id)
        doing = f": {told(phase)}" if phase else ""
        st.markdown(t(":material/hourglass_top: Measuring 2,000 fakes{doing}", doing=doing))
    elif problem := get_lab().unmeasured(run.id):
        st.markdown(f":red[:material/warning: {text.said(problem)}]")
    if lines:
        _measured(run, lines)
    elif not pending:
        st.caption(_none_yet(run, snapshot))


def _judged(run, snapshot) -> str:
    name = "ema_half_life"
    if snapshot.knobs.get(name, run.config.get(name)):
        return t("judged on the averaged weights")
    return t("judged on the raw weights")


def _measured(run, lines: list[dict[str, Any]]) -> None:
    dark = st.context.theme.type == "dark"
    if translated.is_of(run, lines[-1]):
        _measured_translator(run, lines, dark)
        return
    left, right = st.columns(2)
    with left:
        st.markdown(t("**Fréchet distance, {features}**", features=_features(lines[-1])))
        st.caption(t("Lower is closer to the data. Not comparable with published FID."))
        if drawn := comparable(lines):
            _chart(_distance(drawn, dark), "quality_distance", _in_words(drawn))
    counts = lines[-1].get("class_counts") or []
    names = _names(run, len(counts))
    with right:
        if counts:
            st.markdown(t("**Classes made**"))
            st.caption(t("% of the fakes; the line is an equal share."))
            _chart(
                _classes(counts, names, dark), "quality_classes", _counts_in_words(counts, names)
            )
        if lines[-1].get("missing"):
            st.markdown(
                t("Missing: {classes}", classes=text.plain(", ".join(lines[-1]["missing"])))
            )
        if of_points := _modes(lines[-1]):
            st.markdown(of_points)
    coverage.show(lines[-1], names, measured_png(run))
    measures.show(lines[-1])


def _measured_translator(run, lines: list[dict[str, Any]], dark: bool) -> None:
    translated.show(run, lines, side_names(str(run.config.get("dataset", "")), "sides"))
    drawn = comparable(lines)
    if len(drawn) > 1:
        st.markdown(t("**Fréchet distance, {features}**", features=_features(lines[-1])))
        _chart(_distance(drawn, dark), "quality_distance", _in_words(drawn))
    measures.show(lines[-1])


def _none_yet(run, snapshot) -> str:
    if snapshot.state == "queued":
        return t("Measured while it trains.")
    if snapshot.active:
        return t(
            "Measured as soon as that takes at most 3 % of the training time: within a minute or "
            "two on two cores. *Measure now* does not wait for it."
        )
    return t("This run was not measured while it trained.")


# ---- measuring now ----


def _key(run_id: str) -> str:
    return f"measuring_{run_id}"


def _pending(run_id: str) -> bool:
    return _key(run_id) in st.session_state


def _has_come(run_id: str, lines: list) -> bool:
    """A new line, a problem, the run's end, or nothing for so long that nobody waits any more."""
    known, since, trained = st.session_state[_key(run_id)]
    lab = get_lab()
    ended = trained and not lab.snapshot(run_id).active
    late = ended or time.monotonic() - since > PATIENCE
    over = late and not lab.behind.phase(run_id)
    return len(lines) > known or bool(lab.unmeasured(run_id)) or over


def _button(run, snapshot, known: int, *, pending: bool) -> None:
    foreign = snapshot.active and not snapshot.owned
    useless = foreign or snapshot.state == "queued" or snapshot.step < 1
    if useless or not access.may_change():
        return
    st.button(
        t("Measuring…") if pending else t("Measure now"),
        key="measure",
        disabled=pending,
        on_click=_measure,
        args=(run.id, known),
        help=t("Draw 2,000 fakes and compare them with real ones; takes seconds"),
    )


def _measure(run_id: str, known: int) -> None:
    lab = get_lab()
    snapshot = lab.snapshot(run_id)
    trained = snapshot.active and snapshot.owned
    st.session_state[_key(run_id)] = (known, time.monotonic(), trained)
    attempt(lab.measure, run_id)
    if "problem" in st.session_state:
        st.session_state.pop(_key(run_id))


def _names(run, count: int) -> tuple[str, ...]:
    """The data set's class names, or numbers where it is not there any more."""
    names = get_lab().class_names(run.id)
    return names if len(names) == count else tuple(str(k) for k in range(count))


def _modes(line: dict) -> str:
    """What is known of the modes that points cover; empty for images."""
    made, near, diversity = (line["values"].get(n) for n in ("modes", "near", "diversity"))
    if None in (made, near, diversity):
        return ""
    every = (line.get("real") or {}).get("modes")
    of_all = t("{made:.0f} of {every:.0f}", made=made, every=every) if every else f"{made:.0f}"
    shares = t(
        "{near:.1%} of points within 3 sigma of one, diversity {diversity}",
        near=near,
        diversity=text.measured(diversity),
    )
    return t("**{of_all} modes covered**, {shares}", of_all=of_all, shares=shares)


def _features(line: dict) -> str:
    """Whose features: of the judge, or, for data without labels, of MobileNetV2 (once: untrained)."""
    kind = str(line.get("extractor", "")).partition(":")[0]
    return t(FEATURES.get(kind, N_("random features")))


def _facts(run, line: dict) -> str:
    took = t(" · took {seconds:.1f} s", seconds=line["seconds"]) if "seconds" in line else ""
    what = t("held-out images") if translated.is_of(run, line) else t("fakes")
    return t(
        "step {step:,} · {count:,} {what}{took}",
        step=line["step"],
        count=line["count"],
        what=what,
        took=took,
    )


def _in_words(lines: Sequence[Mapping[str, Any]]) -> str:
    last = lines[-1]
    value, floor = (
        measures.written(v, "short") for v in (frechet_of(last["values"]), last.get("floor"))
    )
    return t(
        "Fréchet distance {value} at step {step:,}; real images reach {floor}",
        value=value,
        step=last["step"],
        floor=floor,
    )


def _counts_in_words(counts: list[int], names: tuple[str, ...]) -> str:
    listed = ", ".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return t("Fakes by class: {listed}", listed=listed)


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    config = {"displayModeBar": False}
    st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)


def _distance(lines: Sequence[Mapping[str, Any]], dark: bool) -> go.Figure:
    fake, grey, ink = (colour_of(name, dark=dark) for name in ("fake", "muted", "ink"))
    steps, values = [e["step"] for e in lines], [frechet_of(e["values"]) for e in lines]
    figure = go.Figure(
        go.Scatter(
            x=steps, y=values, mode="lines+markers", line={"color": fake, "width": 2, "dash": "dash"}
        )
    )  # fmt: skip
    levels = [
        (lines[-1].get(name), word)
        for name, word in (("floor", t("real")), ("ceiling", t("noise")))
    ]
    notes = [(v, f"{word} {measures.written(v, 'short')}", grey) for v, word in levels if v]
    for level, _, _ in notes:
        figure.add_hline(level, line={"color": grey, "width": 1, "dash": "dot"})
    notes.append((values[-1], f"<b>{measures.written(values[-1], 'short')}</b>", ink))
    low, high = _decades([v for v in (*values, *(v for v, *_ in notes)) if v is not None])
    for (_, words, colour), place in zip(notes, _apart(notes, low, high), strict=True):
        figure.add_annotation(  # on a logarithmic axis Plotly takes the place as an exponent
            text=words, showarrow=False, xref="paper", x=1.01, xanchor="left", y=place,
            font={"color": colour, "size": 12 if colour == ink else 11},
        )  # fmt: skip
    figure.update_yaxes(type="log", dtick=1, range=[low, high], tickformat=",~r")
    figure.update_xaxes(range=[0, 1.02 * max(steps)], tickformat=",d")
    longest = max(len(words.replace("<b>", "").replace("</b>", "")) for _, words, _ in notes)
    return _look(figure, dark, right=14 + 7 * longest)


def _decades(values: list[float]) -> tuple[float, float]:
    """Exponents of the axis: all values with a little air."""
    known = [math.log10(v) for v in values if v and v > 0 and math.isfinite(v)] or [0.0]
    return min(known) - 0.15, max(known) + 0.15


def _apart(notes: list[tuple], low: float, high: float) -> list[float]:
    """Exponents at which the notes stand: their own, pushed apart so that none lies on another."""
    least = 15 * (high - low) / (HEIGHT - 34)  # a line of text
    order = sorted(range(len(notes)), key=lambda i: notes[i][0])
    places = [min(max(math.log10(max(v, 1e-6)), low), high) for v, *_ in notes]
    for before, after in zip(order, order[1:], strict=False):
        places[after] = max(places[after], places[before] + least)
    for after, before in zip(order[::-1], order[-2::-1], strict=False):
        places[before] = min(places[before], places[after] - least, high)
    return places


def _classes(counts: list[int], names: tuple[str, ...], dark: bool) -> go.Figure:
    fake, real = colour_of("fake", dark=dark), colour_of("real", dark=dark)
    total = max(sum(counts), 1)
    figure = go.Figure(go.Bar(x=[str(name) for name in names], y=[100 * c / total for c in counts]))
    figure.update_traces(marker_color=fake)
    figure.add_hline(100 / len(counts), line={"color": real, "width": 2})
    figure.update_xaxes(type="category")
    return _look(figure, dark)


def _look(figure: go.Figure, dark: bool, right: int = 10) -> go.Figure:
    grid, ink = colour_of("grid", dark=dark), colour_of("muted", dark=dark)
    figure.update_layout(
        height=HEIGHT, margin={"l": 44, "r": right, "t": 8, "b": 26}, showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 11, "color": ink}, uirevision="quality",
    )  # fmt: skip
    figure.update_xaxes(gridcolor=grid, zeroline=False)
    figure.update_yaxes(gridcolor=grid, zeroline=False)
    return figure
