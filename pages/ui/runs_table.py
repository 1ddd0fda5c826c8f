"""The table of runs: search, state filter, order, pages; and the panel of the chosen run."""

from __future__ import annotations

import streamlit as st

from gan_core.errors import GanError
from pages.ui import branch, cards, rows, runs_archive, text
from pages.ui.state import COMPARE, EXPLORE, TRAIN, attempt, get_lab, open_page

PER_PAGE = 50
GROUPS = {
    "all": ("All", None),
    "active": ("Training", text.ACTIVE),
    "queued": ("Queued", ("queued",)),
    "done": ("Finished", ("finished", "stopped")),
    "needs": ("Needs you", ("failed", "interrupted")),
    "archived": ("Archived", None),
}
ORDERS = {
    "Newest": lambda run: -run.created_at,
    "Changed last": lambda run: -run.updated_at,
    "Most steps": lambda run: -run.step,
    "Longest": lambda run: -run.wall_time,
    "Recipe": lambda run: (run.recipe, run.dataset, -run.created_at),
}


def beside_title(everything) -> None:
    """'13 runs'; after a delete what is in the bin, and the way back, in the same place."""
    deleted, count = st.session_state.get("deleted_runs", []), len(everything)
    if not deleted:
        st.caption(f"{count:,} run{'s' * (count != 1)}" if count else "", width="stretch")
        return
    names = ", ".join(text.short_id(run_id) for run_id in deleted)
    st.markdown(f"{names} moved to the bin, kept for 30 days.", width="content")
    st.button("Undo", key="sm_undo", help="Bring it back", on_click=_restore)
    st.space("stretch")


def _restore() -> None:
    for run_id in st.session_state.pop("deleted_runs", []):
        attempt(get_lab().store.restore, run_id, "page")


def filtered(everything) -> list:
    """The runs that fit search and state, in the chosen order; draws the controls."""
    find, states, order = st.columns([300, 620, 180], vertical_alignment="bottom")
    query = find.text_input(
        "Search", key="run_search", placeholder="name, tag, recipe, data", live=True,
        label_visibility="collapsed", icon=":material/search:", help="Any part of it",
    )  # fmt: skip
    group = states.pills(
        "State", list(GROUPS), key="run_group", default="all", required=True,
        format_func=lambda g: f"{GROUPS[g][0]} {sum(_in_group(run, g) for run in everything)}",
        label_visibility="collapsed", help="Needs you: failed or interrupted",
    )  # fmt: skip
    by = order.selectbox(
        "Order",
        list(ORDERS),
        key="run_order",
        label_visibility="collapsed",
        help="Order of the rows",
    )
    found = [run for run in everything if _in_group(run, group) and _matches(run, query)]
    return sorted(found, key=ORDERS[by])


def _in_group(run, group: str) -> bool:
    if run.archived != (group == "archived"):
        return False
    states = GROUPS[group][1]
    return states is None or run.state in states


def _matches(run, query: str) -> bool:
    hay = " ".join((run.id, run.name, *run.tags, run.error)).lower()
    return all(word in hay for word in (query or "").lower().split())


def page_of(shown) -> list:
    """The part of the list that is drawn; a pager where there is more."""
    pages = -(-len(shown) // PER_PAGE)
    at = st.pagination(pages, key="run_page") if pages > 1 else 1
    return shown[(at - 1) * PER_PAGE : at * PER_PAGE]


def table(page, shapes: dict):
    """Draw the rows; the chosen run (the first one before a choice)."""
    pictures = [rows.picture(run.id, shapes) for run in page]
    data = {
        "Samples": [cards.data_address(png) if png else "" for png in pictures],
        "Run": [run.name or run.id for run in page],
        "Tags": [list(run.tags) for run in page],
        "State": [text.state_text(run.state) for run in page],
        "Recipe": [run.recipe for run in page],
        "Data": [run.dataset for run in page],
        "Step": [text.steps(run.step, run.num_steps) for run in page],
        "Time": [text.clock(run.wall_time) for run in page],
        "Changed": [text.ago(run.updated_at) for run in page],
    }
    event = st.dataframe(
        data, key="run_table", hide_index=True, row_height=35, on_select="rerun",
        selection_mode="single-cell", alt="Runs, one a row",
        column_config=_columns(),
    )  # fmt: skip
    return page[min(_chosen_row(event), len(page) - 1)]


def _columns() -> dict:
    config = st.column_config
    right = {name: config.TextColumn(alignment="right") for name in ("Step", "Time", "Changed")}
    return right | {
        "Samples": config.ImageColumn(width=110),
        "Tags": config.ListColumn(width="small"),
        "Run": config.TextColumn(width="medium"),
    }


def _chosen_row(event) -> int:
    cells = event["selection"]["cells"]
    return cells[0][0] if cells else 0


def detail(chosen) -> None:
    """The panel under the table: what the run is, where it came from, and the commands."""
    try:
        run = get_lab().store.get(chosen.id)
        notes = run.notes()
    except GanError as error:
        st.error(text.said(error))
        return
    with st.container(border=True, key="detail"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(text.plain(chosen.id), width="content", anchor=False)
            st.markdown(text.state_mark(chosen.state), width="stretch")
            _open_buttons(chosen)
        if chosen.error:
            st.error(text.said(chosen.error))
        _edit(chosen, notes)
        _commands(chosen)


def _open_buttons(chosen) -> None:
    if st.button("Open in Train", key="sm_open", type="primary", help="Curves, samples, controls"):
        open_page(TRAIN, chosen.id)
    if st.button("Explore", key="sm_explore", help="Look at what this run learned"):
        open_page(EXPLORE, chosen.id)
    if st.button("Compare", key="sm_compare", help="Beside its parent, or the run before it"):
        st.switch_page(COMPARE, query_params={"runs": f"{chosen.id},{_companion(chosen)}"})
    if st.button("Branch", key="sm_branch", icon=":material/call_split:",
                 help="A child run from one of its checkpoints, with other settings"):  # fmt: skip
        branch.open_form(chosen.id)


def _companion(chosen) -> str:
    """The run that this one is most likely to be compared with; empty if there is no other."""
    ids = get_lab().store.ids()
    parent = (chosen.parent or {}).get("run")
    if parent in ids:
        return parent
    older = [i for i in ids if i < chosen.id]
    return next(iter(older), next((i for i in ids if i != chosen.id), ""))


def _edit(chosen, notes) -> None:
    """Name, note and tags; saved together."""
    with st.form(f"notes_{chosen.id}", border=False):
        left, right = st.columns(2)
        name = left.text_input(
            "Name", notes.name, key=f"name_{chosen.id}", max_chars=80, placeholder=chosen.id,
            help="Shown instead of the id",
        )  # fmt: skip
        tags = right.text_input(
            "Tags", ", ".join(notes.tags), key=f"tags_{chosen.id}", max_chars=200,
            placeholder="separated by commas", help="Words to find this run by",
        )  # fmt: skip
        note = st.text_area(
            "Note", notes.note, key=f"note_{chosen.id}", max_chars=2000, height=80,
            placeholder="What was tried, what was seen", help="For yourself",
        )  # fmt: skip
        if st.form_submit_button("Save", key=f"sm_save_{chosen.id}", help="Keep all three"):
            words = tuple(dict.fromkeys(t.strip() for t in tags.split(",") if t.strip()))
            fields = {"name": name.strip(), "note": note.strip(), "tags": words}
            attempt(_update, chosen.id, fields)
            st.rerun()


def _update(run_id: str, fields: dict) -> None:
    get_lab().store.get(run_id).update_notes("page", **fields)


def _commands(chosen) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="commands"):
        st.button(
            "Bring back" if chosen.archived else "Archive", key="sm_archive",
            on_click=attempt, args=(_update, chosen.id, {"archived": not chosen.archived}),
            help="Archived runs are kept, but out of the way",
        )  # fmt: skip
        st.button("Delete", key="sm_delete", on_click=_delete, args=(chosen.id,),
                  disabled=chosen.state in text.ACTIVE,
                  help="Move to the bin; Undo brings it back for 30 days")  # fmt: skip
        runs_archive.download(chosen.id)
        created = f"made {text.ago(chosen.created_at)}"
        parent = chosen.parent
        origin = (
            f", branched from {text.short_id(parent['run'])} at step {parent['step']:,}"
            if parent
            else ""
        )
        st.caption(text.plain(created + origin), width="stretch")


def _delete(run_id: str) -> None:
    store = get_lab().store
    st.session_state["deleted_runs"] = []
    try:
        store.delete(run_id, "page")
    except GanError as error:
        st.session_state["problem"] = str(error)
    else:
        st.session_state["deleted_runs"] = [run_id]
