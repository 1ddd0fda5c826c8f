"""Coverage: what each class is like, what D makes of held-out images, best and worst fakes."""

from __future__ import annotations

import math

import streamlit as st

from pages.ui.shared import text
from pages.ui.shared.language import t


def show(line: dict, class_names, picture: bytes | None) -> None:
    """Below the newest measurement (a line of evals.jsonl)."""
    if line.get("class_counts") and len(line["class_counts"]) == len(class_names):
        with st.expander(t("Class by class"), key="coverage_classes"):
            st.html(_table(line, class_names))
            st.caption(
                t(
                    "Made: share of the fakes, by the judge. Right: shows the class that was asked for. "
                    "Variety: distance between fakes of the class over that between real ones."
                )
            )
    if sentence := gap(line["values"]):
        st.caption(sentence)
    if picture is not None:
        with st.expander(t("Best and worst"), key="coverage_extremes"):
            _extremes(picture, bool(line.get("class_counts")))


def gap(values: dict) -> str:
    """What D thinks of images that it never saw, in one sentence; empty where nobody asked it."""
    auc = values.get("d_gap_auc")
    if auc is None:
        return ""
    scores = (values.get(f"d_score_{kind}") for kind in ("train", "held_out", "fake"))
    listed = ", ".join(
        f"{word} {text.measured(score)}"
        for word, score in zip((t("training"), t("held-out"), t("fake")), scores, strict=True)
        if score is not None
    )
    return t(
        "D scores a training image above a held-out one {auc:.0%} of the time; 50% is "
        "what a D does that learned no image by heart. Mean scores: {listed}.",
        auc=auc,
        listed=listed,
    )


def _table(line: dict, class_names) -> str:
    total, values = max(sum(line["class_counts"]), 1), line["values"]
    rows = []
    for k, name in enumerate(class_names):
        made = line["class_counts"][k] / total
        state = t("missing") if name in line.get("missing", ()) else ""
        state = state or (t("rare") if name in line.get("thin", ()) else "")
        cells = (
            f"{made:.1%}", share(values.get(f"class_accuracy/{k}"), "%"),
            share(values.get(f"class_diversity/{k}"), ""), state,
        )  # fmt: skip
        tail = "".join(f"<td>{cell}</td>" for cell in cells)
        rows.append(f"<tr><th scope=row>{text.escaped(name)}</th>{tail}</tr>")
    head = "".join(
        f"<th scope=col>{w}</th>" for w in (t("class"), t("made"), t("right"), t("variety"), "")
    )
    return f'<table class="gs-coverage"><tr>{head}</tr>{"".join(rows)}</table>'


def share(value: float | None, unit: str) -> str:
    """A share for a table cell; a dash where it was not measured."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.0%}" if unit else f"{value:.2f}"


def _extremes(picture: bytes, labelled: bool) -> None:
    words = [t("Most real, by D"), t("Least real, by D")]
    if labelled:
        words = [t("Surest of its class, by the judge"), t("Least sure, by the judge"), *words]
    st.image(picture, output_format="PNG", width="content", alt=t("fakes: ") + "; ".join(words))
    st.caption(t("Rows from the top: ") + "; ".join(words) + ".")
