"""Compare: settings against results on parallel axes, one line a run; and all tables as plain text."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.compare import quality as compare_quality
from pages.ui.compare import tables as compare_tables
from pages.ui.shared import text
from pages.ui.shared.component import register
from pages.ui.shared.language import t

MOST = 9  # axes of settings
_axes = register("compare/axes", "compare/axes")


def axes(runs, settings: dict[str, dict[str, Any]], found) -> list[dict[str, Any]]:
    """[{"name", "values"}]: settings that differ, then what came of them; None: not known."""
    chosen = compare_tables.names_that_differ(settings)[:MOST]
    listed = [
        {"name": name, "values": [settings.get(run.id, {}).get(name) for run in runs]}
        for name in chosen
    ]
    minutes = [run.wall_time / 60 for run in runs]
    time, distances = (
        {"name": t("training, min"), "values": minutes, "result": True},
        _distances(runs, found),
    )
    # The last axis carries the numbers of the runs: one that has them all.
    return [*listed, *distances, time] if len(distances) > 1 else [*listed, time, *distances]


def _distances(runs, found) -> list[dict[str, Any]]:
    """An axis of the best Fréchet distance for each kind of measurement; kinds do not compare."""
    own = [b and (b.kind, run.dataset) for b, run in zip(found.best, runs, strict=True)]
    kinds = [kind for kind in dict.fromkeys(own) if kind]
    apart = len({data for _, data in kinds}) > 1
    return [
        {
            "name": t("best Fréchet") + _which(kind, apart=apart, alone=len(kinds) == 1),
            "values": [
                b.value if k == kind else None for b, k in zip(found.best, own, strict=True)
            ],
            "result": True,
        }
        for kind in kinds
    ]


def _which(kind: tuple, *, apart: bool, alone: bool) -> str:
    (_, count), data = kind
    return "" if alone else f", {data}" if apart else t(", {count:,} fakes", count=count)


def panel(named: list[dict], listed: list[dict[str, Any]]) -> None:
    """The axes, one line a run; a drag along an axis keeps only the runs inside."""
    with st.container(border=True, key="axes_panel"):
        _axes(key="compare_axes", data={"runs": named, "axes": listed})


def tables(runs, settings: dict[str, dict[str, Any]], found) -> dict[str, Any]:
    """Both tables as rows of plain text, for the report: {"settings": [...], "quality": [...]}."""
    heads = [str(i) for i, run in enumerate(runs, 1) if run.id in settings]
    own = [settings[run.id] for run in runs if run.id in settings]
    rows = [
        [name, *(text.setting(s[name]) for s in own)]
        for name in compare_tables.names_that_differ(settings)
    ]
    cells = compare_quality.columns(runs, found)
    quality = [
        [f"{i + 1} {run.name or run.recipe}", *(_plain(column[i]) for column in cells.values())]
        for i, run in enumerate(runs)
    ]
    return {
        "settings": [[t("setting"), *heads], *rows],
        "quality": [[t("run"), *cells], *quality],
        "caption": compare_quality.explained(
            found, pictures=compare_quality.pictures(runs)
        ).replace("`", ""),
        "made": [f"{i} {run.id}, {text.state_word(run.state)}" for i, run in enumerate(runs, 1)],
    }


def _plain(cell: tuple[str, bool]) -> str:
    return t("{value} (best)", value=cell[0]) if cell[1] else cell[0]
