"""The family tree of the chosen run: who branched from whom, at which step, with what changed."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.runs.family import MOST
from gan_core.runs.saved import checkpoints
from pages.ui.runs import detail, table
from pages.ui.shared import cards, rows, text, verdicts
from pages.ui.shared.component import register
from pages.ui.shared.language import t
from pages.ui.shared.state import COMPARE, get_lab

MOST_COMPARED = 8
_family = register("runs/family", "runs/family")


def picked() -> None:
    """Take over the run that was clicked in the tree; ask before anything is drawn."""
    pick = (st.session_state.get("family") or {}).get("pick")
    if pick and pick != st.session_state.get("family_seen"):
        st.session_state["family_seen"] = pick
        table.choose(str(pick[0]))


def panel(members, chosen, shapes: dict) -> None:
    """The tree, and the way to its curves."""
    if not members:  # it was removed a moment ago
        return
    with st.container(border=True, height="stretch", key="family_panel"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            oldest = members[0].run
            st.header(
                t("Family of {name}", name=text.plain(oldest.name or oldest.id)),
                width="content",
                anchor=False,
            )
            st.caption(_caption(members), width="stretch")
            ids = [member.run.id for member in members][:MOST_COMPARED]
            if len(ids) > 1 and st.button(
                t("Curves"), key="sm_family_curves", help=t("All of them on the Compare page")
            ):
                st.switch_page(COMPARE, query_params={"runs": ",".join(ids)})
        data = {"chosen": chosen.id, "members": [_row(member, shapes) for member in members]}
        _family(key="family", data=data, default={"pick": None}, on_pick_change=_nothing)


def _caption(members) -> str:
    if len(members) == 1:
        return t("no branches yet; *Branch* makes one from any checkpoint")
    cut = t("; the first {MOST}", MOST=MOST) if len(members) == MOST else ""
    return t("each branch starts bit-equal to its parent's checkpoint{cut}", cut=cut)


def _nothing() -> None:
    """The page run itself reads the choice."""


def _row(member, shapes: dict) -> dict:
    run = member.run
    png = rows.picture(run.id, shapes, columns=1)
    change = detail.changed(member.changes)
    return {
        "id": run.id,
        "short": text.short_id(run.id),
        "title": run.name or run.recipe,
        "change": change or (t("the same settings") if member.parent else ""),
        "note": _note(run),
        "about": f"{run.name or run.id}{': ' + change if change else ''}",
        "parent": member.parent,
        "fork": member.fork,
        "step": run.step,
        "total": run.num_steps,
        "state": str(run.state),
        "sick": verdicts.sick(run),
        "checkpoints": _checkpoints(run.id),
        "picture": cards.data_address(png) if png else "",
    }


def _note(run) -> str:
    word = text.state_word(run.state)
    best = get_lab().store.best(run.id)
    if run.state == "failed":
        first = run.error.replace("`", "").splitlines()[:1]
        return f"{word}: {first[0][:60]}" if first else word
    return (
        t("{word}, Fréchet {frechet}", word=word, frechet=rows.frechet(best.value))
        if best
        else t("{word} at step {step:,}", word=word, step=run.step)
    )


def _checkpoints(run_id: str) -> list[int]:
    try:
        run = get_lab().store.get(run_id)
        return [info.step for info in checkpoints.list_checkpoints(run.path)]
    except GanError:
        return []
