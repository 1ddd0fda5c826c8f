"""How good the fakes are: the Fréchet distance over training, and which classes are made."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import streamlit as st

from gan_core.best import comparable, frechet_of
from gan_core.web.details import measured_png
from pages.ui import coverage, measures, text
from pages.ui.state import attempt, get_lab

COLOURS = {True: ("#F6CE5E", "#45D6C4", "#98A4AC"), False: ("#B58000", "#0B8C82", "#59626A")}
EVERY = 10.0  # seconds between looks at a run that trains: measurements are 20 s apart or more
HEIGHT = 190


def show(run, snapshot) -> None:
    """The panel; it redraws by itself while the run trains."""
    live = snapshot.active
    st.fragment(_panel, run_every=EVERY if live else None)(run, snapshot.owned and live)


def _panel(run, commanded: bool) -> None:
    lines = get_lab().evals(run.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header("Quality", width="content", anchor=False)
        st.caption(_facts(lines[-1]) if lines else "judged on the averaged weights")
        if commanded:
            st.button(
                "Measure now", key="measure", on_click=_measure, args=(run.id,),
                help="Draw 2,000 fakes and compare them with real images; takes seconds",
            )  # fmt: skip
    if not lines:
        st.caption(
            "The first measurement comes after 20 s of training (points: 2 s), or later on a slow machine: "
            "measuring may take 3 % of the time."
        )
        return
    dark = st.context.theme.type == "dark"
    st.markdown(f"**Fréchet distance, {_features(lines[-1])}**")
    st.caption("Lower is closer to the data. Not comparable with published FID.")
    if drawn := comparable(lines):
        _chart(_distance(drawn, dark), "quality_distance", _in_words(drawn))
    counts = lines[-1].get("class_counts") or []
    if counts:
        st.markdown("**Classes made**, % of fakes beside an equal share")
        _chart(_classes(run, counts, dark), "quality_classes", f"counts {counts}")
    if lines[-1].get("missing"):
        st.markdown(f"Missing: {text.plain(', '.join(lines[-1]['missing']))}")
    if of_points := _modes(lines[-1]["values"]):
        st.markdown(of_points)
    coverage.show(lines[-1], _names(run, len(counts)), measured_png(run))
    measures.show(lines[-1])


def _names(run, count: int) -> tuple[str, ...]:
    """The data set's class names, or numbers where it is not there any more."""
    names = get_lab().class_names(run.id)
    return names if len(names) == count else tuple(str(k) for k in range(count))


def _modes(values: dict) -> str:
    """What is known of the modes that points cover; empty for images."""
    near, diversity = values.get("near"), values.get("diversity")
    if near is None or values.get("modes") is None:
        return ""
    words = f"**{values['modes']:.0f} modes covered**, {near:.1%} of points within 3 sigma of one"
    return words + (f", diversity {diversity:.2f}" if diversity is not None else "")


def _features(line: dict) -> str:
    """Whose features: of the judge, or, for data without labels, of its untrained network."""
    trained = str(line.get("extractor", "")).startswith("judge")
    return "judge features" if trained else "random features"


def _measure(run_id: str) -> None:
    job = attempt(get_lab().job, run_id)
    if job is not None:
        job.measure_now()


def _facts(line: dict) -> str:
    took = f" · took {line['seconds']:.1f} s" if "seconds" in line else ""
    return f"step {line['step']:,} · {line['count']:,} fakes{took}"


def _in_words(lines: list[dict]) -> str:
    last = lines[-1]
    value = frechet_of(last["values"])
    return f"Fréchet distance {value:.3g} at step {last['step']}; real {last.get('floor')}"


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    config = {"displayModeBar": False}
    st.plotly_chart(figure, key=key, theme=None, config=config, alt=alt)


def _distance(lines: list[dict], dark: bool) -> go.Figure:
    fake, _, grey = COLOURS[dark]
    steps, values = [e["step"] for e in lines], [frechet_of(e["values"]) for e in lines]
    figure = go.Figure(
        go.Scatter(
            x=steps, y=values, mode="lines+markers", line={"color": fake, "width": 2, "dash": "dash"}
        )
    )  # fmt: skip
    for name, word in (("floor", "real against real"), ("ceiling", "noise")):
        level = lines[-1].get(name)
        if level and level > 0:
            figure.add_hline(level, line={"color": grey, "width": 1, "dash": "dot"})
            figure.add_annotation(  # on a logarithmic axis Plotly takes the place as an exponent
                text=f"{word}, {level:.3g}", showarrow=False, xref="paper", x=1, xanchor="right",
                y=math.log10(level), yanchor="bottom" if name == "floor" else "top",
                font={"color": grey, "size": 11},
            )  # fmt: skip
    ink = "#E6EAEC" if dark else "#14181C"
    figure.add_annotation(
        text=f"<b>{values[-1]:.3g}</b>", showarrow=False, xref="paper", x=1.01, xanchor="left",
        y=math.log10(max(values[-1], 1e-6)), font={"color": ink, "size": 12},
    )  # fmt: skip
    figure.update_yaxes(type="log", dtick=1)
    figure.update_xaxes(range=[0, 1.02 * max(steps)], tickformat=",d")
    return _look(figure, dark, right=38)


def _classes(run, counts: list[int], dark: bool) -> go.Figure:
    fake, real, _ = COLOURS[dark]
    total = max(sum(counts), 1)
    figure = go.Figure(
        go.Bar(x=list(_names(run, len(counts))), y=[100 * c / total for c in counts])
    )
    figure.update_traces(marker_color=fake)
    figure.add_hline(100 / len(counts), line={"color": real, "width": 2})
    figure.update_xaxes(type="category")
    return _look(figure, dark)


def _look(figure: go.Figure, dark: bool, right: int = 10) -> go.Figure:
    grid, ink = ("#1B2227", "#98A4AC") if dark else ("#E9ECEA", "#59626A")
    figure.update_layout(
        height=HEIGHT, margin={"l": 44, "r": right, "t": 8, "b": 26}, showlegend=False,
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        font={"size": 11, "color": ink}, uirevision="quality",
    )  # fmt: skip
    figure.update_xaxes(gridcolor=grid, zeroline=False)
    figure.update_yaxes(gridcolor=grid, zeroline=False)
    return figure
