"""Every measure of the newest measurement, beside real images and noise, and who judged."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from gan_core.metric_table import find
from pages.ui.shared import text
from pages.ui.shared.language import N_, t

BESIDE = {
    "input": N_("input as it is"),
    "mean": N_("mean image"),
}  # what learned nothing, of translators


def show(line: dict[str, Any]) -> None:
    """Below the charts (a line of evals.jsonl)."""
    with st.expander(t("All measures"), key="quality_all"):
        st.html(_table(line))
        st.caption(_about(line))
        if isinstance(left_out := line.get("left_out"), dict) and left_out:
            st.caption(t("Left out: {reasons}.", reasons=text.plain("; ".join(_reasons(left_out)))))


def _reasons(left_out: dict[str, Any]) -> list[str]:
    """What has no meaning for these data, by why."""
    return [
        t(
            "{items}, since {why}",
            items=", ".join(t(find(n).title) for n, w in left_out.items() if w == why),
            why=t(why),
        )
        for why in dict.fromkeys(map(str, left_out.values()))
    ]


def _table(line: dict[str, Any]) -> str:
    rows = []
    for name, value in line["values"].items():
        known = find(name)
        if not known.listed:
            continue
        title, kind, says = known.title, known.written, known.says
        error = line["values"].get(f"{name}_error")
        own = written(value, kind) + (f" ± {written(error, kind)}" if error else "")
        cells = [own, *(written(values.get(name), kind) for values in _others(line).values())]
        tail = "".join(f"<td>{cell}</td>" for cell in cells)
        head = f'<th scope=row title="{text.escaped(f"{name}: {t(says)}")}">{text.escaped(t(title))}</th>'
        rows.append(f"<tr>{head}{tail}</tr>")
    made = t("outputs") if line.get("beside") else t("fakes")
    heads = "".join(f"<th scope=col>{w}</th>" for w in (t("measure"), made, *_others(line)))
    return f'<table class="gs-coverage"><tr>{heads}</tr>{"".join(rows)}</table>'


def _others(line: dict[str, Any]) -> dict[str, dict]:
    """What stands beside the run's own values: word to values."""
    found = {t("real"): line.get("real", {})}
    if beside := line.get("beside"):
        return found | {t(word): beside[name] for name, word in BESIDE.items() if name in beside}
    return found | {t("noise"): line.get("noise", {})}


def written(value: float | None, kind: str) -> str:
    """A value for a table cell; a dash where it was not measured."""
    if value is None or not math.isfinite(value):
        return "–"
    if kind == "share":
        return f"{value:.1%}"
    if kind == "count":
        return f"{value:,.0f}" if value < 1e7 else text.measured(value)
    return text.measured(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)


def _about(line: dict[str, Any]) -> str:
    kind, _, hash_ = str(line.get("extractor", "")).partition(":")
    words = t(
        "On {count:,} fakes and as many real images, by `{kind} {hash}`",
        count=line["count"],
        kind=text.plain(kind),
        hash=hash_,
    )
    if kind == "points":
        words = t(
            "On {count:,} points; distances by random Fourier features of coordinates",
            count=line["count"],
        )
    if line.get("beside"):
        words = t(
            "On {count:,} held-out images, by `{kind} {hash}`",
            count=line["count"],
            kind=text.plain(kind),
            hash=hash_[:12],
        )
    right = line.get("judge_accuracy")
    if right is not None:
        words += t(", a classifier that is right about {right:.1%} of held-out images", right=right)
    elif kind == "mobilenet":
        words += t(
            ", a network that knows photographs and paintings, for there are no labels to learn from"
        )
    elif kind == "random":
        words += t(", a network that was never trained, for there are no labels to learn from")
    if kind == "points":
        return words + t(
            ". Real: other real points in place of fakes; noise: points spread evenly."
        )
    if line.get("beside"):
        return words + t(". No network ever sees it. Input and mean image learned nothing.")
    return words + t(". Neither network ever sees it. Real: other real images in place of fakes.")
