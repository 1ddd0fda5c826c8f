"""What can be done with the ticked runs at once, and the way back from a delete."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from gan_core.storage import access
from pages.ui.shared import text
from pages.ui.shared.language import t
from pages.ui.shared.state import COMPARE, attempt, attempt_at, get_lab, show_problem

MOST_COMPARED = 8


def beside_title(everything) -> None:
    """'13 runs'; after a delete what is in the bin, and the way back, in the same place."""
    deleted, count = st.session_state.get("deleted_runs", []), len(everything)
    if not deleted:
        free = text.size(get_lab().store.free_bytes())
        words = (
            t("{runs}, {free} free", runs=text.counted(count, "run"), free=free) if count else ""
        )
        st.caption(words, width="stretch")
        return
    names = ", ".join(text.short_id(run_id) for run_id in deleted[:6])
    more = t(" and {deleted} more", deleted=len(deleted) - 6) if len(deleted) > 6 else ""
    st.markdown(t("{names}{more} moved to the bin.", names=names, more=more), width="content")
    st.button(t("Undo"), key="sm_undo", help=t("Bring it back"), on_click=_restore)
    st.space("stretch")


def _restore() -> None:
    for run_id in st.session_state.pop("deleted_runs", []):
        attempt(get_lab().store.restore, run_id, "page")


def bar(ticked) -> None:
    """The commands for the ticked rows, in a place that is always there."""
    with st.container(horizontal=True, vertical_alignment="center", key="bulk", gap="small"):
        if not ticked:
            st.caption(
                t("Tick rows to compare, tag, archive or delete them; click one to see it.")
                if access.may_change()
                else t("Tick rows to compare them; click one to see it.")
            )
            return
        st.markdown(t("**{ticked} selected**", ticked=len(ticked)), width="content")
        ids = [run.id for run in ticked]
        few = 2 <= len(ids) <= MOST_COMPARED
        if st.button(
            t("Compare"),
            key="sm_bulk_compare",
            disabled=not few,
            help=t("Their curves, samples and settings") if few else t("Two to eight runs"),
        ):
            st.switch_page(COMPARE, query_params={"runs": ",".join(ids)})
        if not access.may_change():
            return
        with st.popover(t("Tag"), key="sm_bulk_tag", help=t("Add a tag to each")):
            tag = st.text_input(
                t("Tag"), key="bulk_tag", max_chars=80, help=t("Added to each of them")
            )
            st.button(
                t("Add"),
                key="bulk_tag_go",
                type="primary",
                on_click=_tag,
                args=(ids, tag),
                disabled=not tag.strip(),
                help=t("Other tags stay"),
            )
            show_problem("tag")
        back = all(run.archived for run in ticked)
        st.button(
            t("Bring back") if back else t("Archive"),
            key="sm_bulk_archive",
            on_click=_archive,
            args=(ids, not back),
            help=t("Archived runs are kept, but out of the way"),
        )
        st.button(
            t("Delete"),
            key="sm_bulk_delete",
            on_click=delete,
            args=(ids,),
            disabled=any(run.state in text.ACTIVE for run in ticked),
            help=t("Move to the bin, from where they can be brought back"),
        )


def _tag(ids: list[str], tag: str) -> None:
    st.session_state["runs_touched"] = True
    for run_id in ids:
        attempt_at("tag", add_tag, run_id, tag.strip())


def add_tag(run_id: str, tag: str) -> None:
    """One more tag for a run; one that it has stays once."""
    run = get_lab().store.get(run_id)
    run.update_notes("page", tags=tuple(dict.fromkeys((*run.notes().tags, tag))))


def _archive(ids: list[str], archived: bool) -> None:
    st.session_state["runs_touched"] = True
    for run_id in ids:
        attempt(update, run_id, {"archived": archived})


def update(run_id: str, fields: dict) -> None:
    """Change notes of a run; the change is in its log."""
    get_lab().store.get(run_id).update_notes("page", **fields)


def delete(ids: list[str]) -> None:
    """Move runs to the bin; what cannot go is said in words and the rest goes."""
    store = get_lab().store
    st.session_state["deleted_runs"], st.session_state["runs_touched"] = [], True
    for run_id in ids:
        try:
            store.delete(run_id, "page")
        except GanError as error:
            st.session_state["problem"] = str(error)
        else:
            st.session_state["deleted_runs"].append(run_id)
