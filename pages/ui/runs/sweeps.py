"""Sweeps on the Runs page: planning one, and how those that there are stand."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from gan_core.runs import searches
from gan_core.runs.records import State
from gan_core.storage import access
from gan_core.sweeps import background, plan, queue
from pages.ui.runs import search
from pages.ui.shared import numbers, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.parts import on_data_sets
from pages.ui.shared.state import COMPARE, attempt, get_lab, open_page

MOST_COMPARED = 8
MOST_NAMED = 4  # settings, and values of each, that are named
SHOWN = 6  # sweeps that are listed
REFRESH = 2.0  # seconds
OPEN = "sweep_open"  # in the session: the dialog is open
EXAMPLES = {
    "grid": "g_lr = 0.001, 0.002\nbatch_size = 32, 64",
    "list": "g_lr = 0.001, d_lr = 0.002\nloss = hinge, n_critic = 2",
    "search": "g_lr = 0.0001..0.01\nbatch_size = 32, 64",
}
KINDS = {
    "grid": N_("Grid: all combinations"),
    "list": N_("List: one run a line"),
    "search": N_("Search: ranges"),
}


def panel(everything) -> None:
    """The sweeps, refreshed while one is going on; nothing where there are none."""
    found = queue.sweeps(get_lab(), everything)
    if not found:
        return
    going = any(map(_going, found))
    title = (
        t("Sweeps: {n} going on", n=sum(map(_going, found)))
        if going
        else t("Sweeps: {found}", found=len(found))
    )
    with st.expander(title, expanded=going, key="sweeps"):
        known = sum(len(each.runs) for each in found)
        st.fragment(_rows, run_every=REFRESH if going else None)(going, known)


def beginning(everything) -> None:
    """That a search has been started whose first run is not there yet; the page is then drawn anew."""
    if names := background.going(get_lab()):
        found = queue.sweeps(get_lab(), everything)
        if names - {each.name for each in found}:
            st.fragment(_begins, run_every=REFRESH)(len(found))


def _begins(known: int) -> None:
    lab = get_lab()
    st.caption(t("A search begins: its first run is being made."))
    if len(queue.sweeps(lab, lab.store.summaries())) != known or not background.going(lab):
        show_anew()


def _going(progress: queue.Progress) -> bool:
    """Whether it trains, or this server will make its next run."""
    return progress.going or background.is_going(get_lab(), progress.name)


def _rows(going: bool, known: int) -> None:
    lab = get_lab()
    found = queue.sweeps(lab, lab.store.summaries())
    came = sum(len(each.runs) for each in found) != known
    if going and (came or not any(map(_going, found))):
        show_anew()  # with the runs that came, or to leave live mode once
    for each in found[:SHOWN]:
        _row(each)


def _row(progress: queue.Progress) -> None:
    first, spec = progress.runs[0], searches.read(get_lab().store.root, progress.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small",
                      key=f"row_{progress.name.replace(' ', '_')}"):  # fmt: skip
        with st.container(width="stretch", gap=None):
            title = f"**{text.plain(first.recipe)} · {text.plain(first.dataset)}**"
            what = search.sought(spec) if spec else text.plain(varied(progress.runs))
            st.markdown(f"{title} &ensp;{what}")
            st.caption(text.plain(search.words(progress, spec) if spec else _words(progress)))
        with st.container(width=160):
            st.progress(progress.done / spec.trials if spec else progress.share)
        if spec:
            search.commands(progress, spec)
        else:
            _commands(progress)
        _compare(progress)


def _words(progress: queue.Progress) -> str:
    count = len(progress.runs)
    parts = [t("{done} of {count} done", done=progress.done, count=count)]
    active = [run for run in progress.runs if run.state in text.ACTIVE]
    if active:
        parts.append(
            t("{id} at step {step:,}", id=text.short_id(active[0].id), step=active[0].step)
        )
    if progress.waiting:
        waiting = sum(r.id in progress.waiting for r in progress.runs)
        parts.append(t("{n} waiting", n=waiting))
    if failed := progress.count(State.FAILED):
        parts.append(t("{n} failed", n=failed))
    return ", ".join([*parts, t("tag {name}", name=progress.name)])


def varied(runs) -> str:
    """What the runs of a sweep differ in: 'g_lr 0.001, 0.002; batch_size 32, 64; 2 seeds'."""
    names = dict.fromkeys(name for run in runs for name in run.config)
    values = {n: list(dict.fromkeys(_value(run.config.get(n)) for run in runs)) for n in names}
    seeds = len(values.pop("seed", ()))
    parts = [f"{n} {_listed(found)}" for n, found in values.items() if len(found) > 1]
    more = [t("{n} more", n=len(parts) - MOST_NAMED)] if len(parts) > MOST_NAMED else []
    told = [*parts[:MOST_NAMED], *more, *([text.counted(seeds, "seed")] if seeds > 1 else [])]
    return "; ".join(told) or t("the same settings")


def _value(value) -> str:
    return text.setting(value)[:40]


def _listed(found: list[str]) -> str:
    more = t(", {found} more", found=len(found) - MOST_NAMED) if len(found) > MOST_NAMED else ""
    return ", ".join(found[:MOST_NAMED]) + more


def _commands(progress: queue.Progress) -> None:
    key = progress.name.replace(" ", "_")
    trains = access.may_change()
    if progress.going and trains:
        st.button(
            t("Stop"),
            key=f"sm_stop_{key}",
            on_click=queue.stop,
            args=(get_lab(), progress),
            help=t("End it with a checkpoint; Go on takes it up"),
        )
    elif progress.done < len(progress.runs) and trains:
        st.button(t("Go on"), key=f"sm_go_{key}", type="primary", on_click=_go_on, args=(progress,),
                  help=t("Queue what is unfinished"))  # fmt: skip


def _compare(progress: queue.Progress) -> None:
    key = progress.name.replace(" ", "_")
    ids = _best_first(progress)[:MOST_COMPARED]
    if st.button(t("Compare"), key=f"sm_compare_{key}", disabled=len(ids) < 2,
                 help=t("The best eight of them, if quality was measured")):  # fmt: skip
        st.switch_page(COMPARE, query_params={"runs": ",".join(ids)})


def _go_on(progress: queue.Progress) -> None:
    attempt(queue.go_on, get_lab(), progress, who="page")


def _best_first(progress: queue.Progress) -> list[str]:
    store = get_lab().store
    started = [run.id for run in progress.runs if run.step]
    if len(started) <= MOST_COMPARED:
        return started
    found = {run_id: store.best(run_id) for run_id in started}
    return sorted(started, key=lambda i: found[i].value if found[i] else float("inf"))


# ---- planning ----


def open_form() -> None:
    """The dialog that plans a sweep."""
    st.session_state[OPEN] = True
    st.dialog(t("Sweep"), width="large", icon=":material/grid_view:", on_dismiss=form_is_gone)(
        _form
    )()


def form_is_gone() -> None:
    """The dialog is closed, or a run of the page begins, which closes it."""
    st.session_state[OPEN] = False


def show_anew() -> None:
    """Run the whole page, but not under the hands of somebody who plans a sweep: what is typed would go."""
    if not st.session_state.get(OPEN):
        st.rerun()


def _form() -> None:
    """Recipe, data, steps, seeds, and a grid or a list of settings; then what it would train."""
    lab = get_lab()
    left, right = st.columns(2)
    names = on_data_sets()
    recipe = left.selectbox(t("Recipe"), names, index=names.index(recipes.DEFAULT),
                            key="sweep_recipe", help=t("Of every run"))  # fmt: skip
    fitting = [
        s.name for s in lab.datasets() if not s.problem and not recipes.get(recipe).misfit(s)
    ]
    dataset = right.selectbox(t("Data"), fitting, key="sweep_dataset", help=t("Of every run"))
    left, right = st.columns(2)
    steps = numbers.field(
        *(left, t("Steps of each run"), 1000, 1, 100_000_000),
        step=100,
        key="sweep_steps",
        help=t("Each run ends there"),
    )
    seeds = right.text_input(
        t("Seeds"), "1", key="sweep_seeds", help=t("Each setting once a seed: 1,2,3")
    )
    kind = st.segmented_control(
        t("Settings"), list(KINDS), default="grid", key="sweep_kind", required=True,
        format_func=lambda kind: t(KINDS[kind]),
        help=t(
            "A grid has one setting a line with its values; a list has the settings of one run; "
            "a search has a range a line, and tries what the runs before make likely to be good"
        ),
    )  # fmt: skip
    lines = st.text_area(t("Lines"), key=f"sweep_lines_{kind}", placeholder=EXAMPLES[kind], height=110,
                         label_visibility="collapsed", help=t("Ctrl+Enter takes them over"))  # fmt: skip
    st.caption(t("Settings: ") + ", ".join(f"`{n}`" for n in _offered()))
    planned = None
    if kind == "search":
        trials = search.trials_field()
        planned = search.planned(recipe, dataset, steps, seeds, lines, trials)
    elif numbers.usable(steps):
        planned = _plan(recipe, dataset, int(steps.value or 0), seeds, kind, lines)
    if st.button(t("Start sweep"), key="sweep_go", type="primary", disabled=planned is None,
                 icon=":material/play_arrow:", help=t("They train in the order of the list")):  # fmt: skip
        _start(planned, search.start if kind == "search" else _queue)


def _offered() -> list[str]:
    return [setting.name for setting in SETTINGS.values() if not setting.apart]


def _plan(recipe, dataset, steps: int, seeds: str, kind: str, lines: str):
    """The planned sweep, with what it would train in words; None where something is wrong."""
    texts = [line.strip() for line in (lines or "").splitlines() if line.strip()]
    try:
        grid = plan.parse_grid(texts) if kind == "grid" else {}
        cases = plan.parse_cases(texts) if kind == "list" else []
        numbers = plan.parse_seeds(seeds)
        planned = plan.plan(get_lab(), recipe, dataset, grid, numbers, steps, cases)
    except GanError as error:
        st.error(text.said(error))
        return None
    count = len(planned.configs)
    made = sum(run is not None for run in plan.runs_of(get_lab(), planned))
    how = t("on the cluster") if get_lab().jobs.cluster else t("one after the other")
    again = t(" {made} of them are there already and go on.", made=made) if made else ""
    st.markdown(
        t(
            "**{runs}** of {steps}, {how}.{again}",
            how=how,
            runs=text.counted(count, "run"),
            steps=text.counted(steps, "step"),
            again=again,
        )
    )
    return planned


def _queue(planned) -> None:
    queue.start(get_lab(), planned, who="page")


def _start(planned, begin) -> None:
    try:
        begin(planned)
    except GanError as error:
        st.error(text.said(error))
        return
    open_page("runs.py")
