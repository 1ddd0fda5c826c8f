"""Every measure of the newest measurement, beside real images and noise, and who judged."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from pages.ui import text

NAMES = {  # measure: (what it is called, how it is written, what it says)
    "fd_": ("Fréchet distance", "short", "how far the fakes are from the data; lower is closer"),
    "kd_": ("kernel distance", "short", "the same by another formula, sure with fewer images"),
    "precision": ("precision", "share", "fakes that lie among real images"),
    "recall": ("recall", "share", "real images that lie among fakes"),
    "density": ("density", "short", "how thick real images lie around a fake"),
    "coverage": ("coverage", "share", "real images with a fake nearby"),
    "diversity": ("diversity", "short", "distance between two fakes over that of two real images"),
    "class_diversity": ("least varied class", "short", "the same inside the class that has least"),
    "class_kl": ("KL of classes", "short", "nats between the classes made and those of the data"),
    "class_accuracy": ("right class", "share", "fakes that show the class that was asked for"),
    "duplicates": ("near-duplicates", "share", "fakes with a twin among them"),
    "support": ("different images", "count", "how many the twins let expect (birthday estimate)"),
    "modes": ("modes covered", "count", "modes with at least a tenth of their share of the points"),
    "near": ("near a mode", "share", "points within three standard deviations of a mode"),
    "mode_kl": ("KL of modes", "short", "nats between the modes made and equal shares"),
    "copies": ("copies", "share", "fakes nearer to a training image than held-out ones are"),
}  # fmt: skip


def show(line: dict[str, Any]) -> None:
    """Below the charts (a line of evals.jsonl)."""
    with st.expander("All measures", key="quality_all"):
        st.html(_table(line))
        st.caption(_about(line))
        if isinstance(left_out := line.get("left_out"), dict) and left_out:
            st.caption(f"Left out: {text.plain('; '.join(_reasons(left_out)))}.")


def _reasons(left_out: dict[str, Any]) -> list[str]:
    """What has no meaning for these data, by why."""
    names = {name: NAMES[name][0] if name in NAMES else name for name in left_out}
    return [
        f"{', '.join(names[n] for n, w in left_out.items() if w == why)}, since {why}"
        for why in dict.fromkeys(map(str, left_out.values()))
    ]


def _table(line: dict[str, Any]) -> str:
    rows = []
    for name, value in line["values"].items():
        known = next(
            (n for n in NAMES if name == n or (n.endswith("_") and name.startswith(n))), ""
        )
        if not known or name.endswith("_error"):
            continue
        title, kind, says = NAMES[known]
        error = line["values"].get(f"{name}_error")
        own = written(value, kind) + (f" ± {written(error, kind)}" if error else "")
        cells = [own, *(written(line.get(side, {}).get(name), kind) for side in ("real", "noise"))]
        tail = "".join(f"<td>{cell}</td>" for cell in cells)
        head = f'<th scope=row title="{text.escaped(f"{name}: {says}")}">{text.escaped(title)}</th>'
        rows.append(f"<tr>{head}{tail}</tr>")
    heads = "".join(f"<th scope=col>{w}</th>" for w in ("measure", "fakes", "real", "noise"))
    return f'<table class="gs-coverage"><tr>{heads}</tr>{"".join(rows)}</table>'


def written(value: float | None, kind: str) -> str:
    """A value for a table cell; a dash where it was not measured."""
    if value is None or not math.isfinite(value):
        return "–"
    if kind == "share":
        return f"{value:.1%}"
    if kind == "count" or abs(value) >= 1000:
        shown = f"{value:,.0f}"
    elif abs(value) >= 10:
        shown = f"{value:.3g}"
    else:
        shown = f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
    return shown.replace("-", "\u2212")


def _about(line: dict[str, Any]) -> str:
    kind, _, hash_ = str(line.get("extractor", "")).partition(":")
    words = f"On {line['count']:,} fakes and as many real images, by `{text.plain(kind)} {hash_}`"
    if kind == "points":
        words = f"On {line['count']:,} points; distances by random Fourier features of coordinates"
    right = line.get("judge_accuracy")
    if right is not None:
        words += f", a classifier that is right about {right:.1%} of held-out images"
    elif kind == "random":
        words += ", a network that was never trained, for there are no labels to learn from"
    if kind == "points":
        return f"{words}. Real: other real points in place of fakes; noise: points spread evenly."
    return f"{words}. Neither network ever sees it. Real: other real images in place of fakes."
