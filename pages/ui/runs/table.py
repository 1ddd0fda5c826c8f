"""The table of runs: search, state filter, order, pages, and which rows are chosen."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages.ui.runs import bin
from pages.ui.shared import cards, rows, start, text, verdicts
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import get_lab

PER_PAGE = 50
GROUPS = {
    "all": (N_("All"), None),
    "active": (N_("Training"), text.ACTIVE),
    "queued": (N_("Queued"), ("queued",)),
    "done": (N_("Finished"), ("finished",)),
    "stopped": (N_("Stopped"), ("stopped",)),
    "needs": (N_("Needs you"), ("failed", "interrupted")),
    "archived": (N_("Archived"), None),
    "bin": (N_("Bin"), None),
}
LAST = float("inf")  # where runs without a value go
ORDERS = {  # pinned runs come first in each
    N_("Newest"): lambda run: -run.created_at,
    N_("Changed last"): lambda run: -run.updated_at,
    N_("Best Fréchet"): lambda run: quality(run) or LAST,
    N_("Most steps"): lambda run: -run.step,
    N_("Longest"): lambda run: -run.wall_time,
    N_("Recipe"): lambda run: (run.recipe, run.dataset, -run.created_at),
}


def nothing_yet() -> None:
    """Instead of the table, where there is no run."""
    with st.container(border=True, key="empty"):
        st.header(t("No runs yet"), anchor=False)
        st.markdown(t("Everything you train is kept here, also from the command line."))
        start.train_now()


def quality(run) -> float | None:
    """The best Fréchet distance that was measured of a run."""
    best = get_lab().store.best(run.id)
    return best.value if best else None


def filtered(everything) -> list:
    """The runs that fit search and state, in the chosen order; draws the controls.

    The bin is offered while something is in it; its runs are not among `everything`.
    """
    find, states, order = st.columns([300, 620, 180], vertical_alignment="bottom")
    query = find.text_input(
        t("Search"), key="run_search", placeholder=t("name, tag, recipe, data"), live=True,
        label_visibility="collapsed", icon=":material/search:", help=t("Any part of it"),
    )  # fmt: skip
    counts = {g: sum(_in_group(run, g) for run in everything) for g in GROUPS}
    counts["bin"] = bin.count()
    if in_bin() and not counts["bin"]:  # emptied elsewhere
        st.session_state["run_group"] = "all"
    group = states.pills(
        t("State"), [g for g in GROUPS if g != "bin" or counts["bin"]], key="run_group",
        default="all", required=True, format_func=lambda g: f"{t(GROUPS[g][0])} {counts[g]:,}",
        label_visibility="collapsed", help=t("Needs you: failed or interrupted"),
    )  # fmt: skip
    by = order.selectbox(
        t("Order"), list(ORDERS), key="run_order", format_func=t, label_visibility="collapsed",
        help=t("Order of the rows; pinned runs come first"),
    )  # fmt: skip
    among = get_lab().store.deleted_summaries() if group == "bin" else everything
    fitting = (run for run in among if group == "bin" or _in_group(run, group))
    found = [run for run in fitting if _matches(run, query)]
    return sorted(found, key=lambda run: (not run.pinned, ORDERS[by](run)))


def in_bin() -> bool:
    """Whether the bin is shown."""
    return st.session_state.get("run_group") == "bin"


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


def table(page, shapes: dict) -> list:
    """Draw the rows; the runs that are ticked. A click on a row chooses it (`chosen`)."""
    ids = [run.id for run in page]
    key = "run_table_" + hashlib.sha1(",".join(ids).encode(), usedforsecurity=False).hexdigest()
    height = 39 * min(len(page), 10) + 38
    event = st.dataframe(
        _columns_of(page, shapes), key=key, hide_index=True, row_height=39, height=height,
        on_select=lambda: _click(key, ids), selection_mode=["multi-row", "single-cell"],
        alt=t("Runs, one a row"), column_config=_columns(),
    )  # fmt: skip
    ticked = event["selection"]["rows"]
    return [page[i] for i in ticked if i < len(page)]


def _click(key: str, ids: list[str]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells and cells[0][0] < len(ids):
        choose(ids[cells[0][0]])


def choose(run_id: str) -> None:
    """Show this run below the table from now on."""
    st.session_state["chosen_run"], st.session_state["runs_touched"] = run_id, True


def chosen(everything, page):
    """The run that is shown below the table: the chosen one, else the first row."""
    wanted = st.session_state.get("chosen_run")
    return next((run for run in everything if run.id == wanted), page[0])


def _columns_of(page, shapes: dict) -> dict[str, list]:
    store = get_lab().store
    pictures = [rows.picture(run.id, shapes) for run in page]
    return {
        t("Samples"): [cards.data_address(png) if png else "" for png in pictures],
        t("Run"): [("⚑ " if run.pinned else "") + (run.name or run.id) for run in page],
        t("Tags"): [list(run.tags) for run in page],
        t("State"): [text.state_text(run.state, sick=verdicts.sick(run)) for run in page],
        t("Recipe"): [run.recipe for run in page],
        t("Data"): [run.dataset for run in page],
        t("Step"): [text.steps(run.step, run.num_steps) for run in page],
        t("Fréchet"): [_decimal(quality(run)) for run in page],
        t("Size"): [text.size(store.size_of(run)) for run in page],
        t("Changed"): [text.ago(run.updated_at) for run in page],
    }


def _decimal(value: float | None) -> str:
    return "" if value is None else rows.frechet(value)


def _columns() -> dict:
    config = st.column_config
    right = {
        name: config.TextColumn(alignment="right") for name in (t("Step"), t("Size"), t("Changed"))
    }
    about = t("Best measured so far; lower is closer to the data")
    return right | {
        t("Samples"): config.ImageColumn(width=110),
        t("Tags"): config.ListColumn(width="small"),
        t("Run"): config.TextColumn(width="medium"),
        t("Fréchet"): config.TextColumn(alignment="right", help=about, width=80),
    }
