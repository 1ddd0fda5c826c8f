"""How good a translator is: held-out images against what learned nothing, in one table."""

from __future__ import annotations

from typing import Any

import streamlit as st

from gan_core.metric_table import find, is_distance
from gan_core.runs.quality import best_quality
from pages.ui.shared import parts, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.measures import written

PAIRS = ("l1", "psnr", "ssim", "class_kept", "sharpness")
SIDES = ("class_kept", "l1", "cycle", "cycle_noise", "change")
BESIDE = {"input": N_("input as it is"), "mean": N_("mean target")}
ARROWS = {"lower": "\u00a0↓", "higher": "\u00a0↑"}
WHY = {
    "pairs": N_(
        "The last two columns learn nothing: a run that is not better has not begun. Where "
        "many targets are right for one input, no run reaches L1 0."
    ),
    "sides": N_(
        "Grey: the input as it is. *Cycle with noise* far above *cycle*: the input is hidden in the "
        "output. What was changed is the last column of the samples."
    ),
}


def is_of(run, line: dict[str, Any]) -> bool:
    """Whether a line of evals.jsonl is of a translator, and says what learned nothing."""
    return bool(line.get("beside")) and bool(parts.kind_of(run.config.get("recipe", "")))


def show(run, lines: list[dict[str, Any]], ends: tuple[str, str]) -> None:
    """The newest measurement, the best one, and what learned nothing."""
    line, best = lines[-1], best_quality(run.path)
    ways = [way for way in ("to_b", "to_a") if any(n.startswith(f"{way}/") for n in line["values"])]
    st.html(_of_sides(line, best, ways, ends) if ways else _of_pairs(line, best))
    st.caption(t(WHY["sides" if ways else "pairs"]))


def heading(count: int, *, sides: bool) -> str:
    """'500 held-out pairs': on what it was measured."""
    if sides:
        return t("{n:,} held-out images a side", n=count)
    return t("{n:,} held-out pairs", n=count)


def _of_pairs(line: dict[str, Any], best) -> str:
    names = [n for n in (*_distances(line["values"]), *PAIRS) if n in line["values"]]
    columns = {t("step {step:,}", step=line["step"]): line["values"]}
    if best is not None and best.step != line["step"]:
        columns[t("best, {step:,}", step=best.step)] = best.values
    columns |= {t(word): line["beside"].get(key, {}) for key, word in BESIDE.items()}
    body = "".join(
        _row(_title(n), [_cell(v.get(n), n, bold=not i) for i, v in enumerate(columns.values())])
        for n in names
    )
    return _table([heading(line["count"], sides=False), *columns], body)


def _of_sides(line: dict[str, Any], best, ways: list[str], ends: tuple[str, str]) -> str:
    a, b = map(text.escaped, ends)
    words = {"to_b": f"{a} → {b}", "to_a": f"{b} → {a}"}
    first = {n.partition("/")[2] for n in line["values"] if n.startswith(f"{ways[0]}/")}
    names = [n for n in (*_distances(first), *SIDES) if n in first]
    body = "".join(
        _row(_title(name), [_of_way(line, f"{way}/{name}", name) for way in ways]) for name in names
    )
    if best is not None and best.step != line["step"]:
        told = [_cell(best.values.get(f"{way}/{names[0]}"), names[0]) for way in ways]
        body = (
            _row(t("{title}, best at {step:,}", title=_title(names[0]), step=best.step), told)
            + body
        )
    return _table([heading(line["count"], sides=True), *(words[way] for way in ways)], body)


def _of_way(line: dict[str, Any], name: str, plain: str) -> str:
    """Its value, and small beside it that of the input as it is."""
    own, kind = line["values"].get(name), find(plain).written
    nothing = line["beside"].get("input", {}).get(name)
    grey = (
        "" if nothing is None or plain == "change" else f" <small>{written(nothing, kind)}</small>"
    )
    return f"<b>{written(own, kind)}</b>{grey}"


def _distances(values) -> list[str]:
    return [n for n in values if is_distance(n)][:1]


def _title(name: str) -> str:
    known = find(name)
    word = t(known.title)
    title = word[:1].upper() + word[1:] + ARROWS.get(known.better, "")
    return f'<span title="{text.escaped(t(known.says))}">{text.escaped(title)}</span>'


def _cell(value: float | None, name: str, *, bold: bool = False) -> str:
    shown = written(value, find(name).written)
    return f"<b>{shown}</b>" if bold else shown


def _row(head: str, cells: list[str]) -> str:
    return f"<tr><th scope=row>{head}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _table(heads: list[str], body: str) -> str:
    top = "".join(f"<th scope=col>{head}</th>" for head in heads)
    return f'<table class="gs-coverage gs-translated"><tr>{top}</tr>{body}</table>'
