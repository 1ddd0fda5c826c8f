"""One data set: its samples, what is known of it, the runs that learn from it, and what may be done."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.data.portrait import MOST_GROUPS
from gan_core.errors import GanError
from gan_core.storage import access
from gan_core.training import speeds
from pages.ui.data import describe, panels
from pages.ui.shared import forms, parts, text
from pages.ui.shared.language import t, told
from pages.ui.shared.state import DATA, TRAIN, attempt, attempt_at, get_lab, open_page, show_problem

KEY = "data_one"
MOST_RUNS = 8


def show(name: str) -> None:
    """The whole page."""
    lab = get_lab()
    try:
        spec = lab.dataset(name)
    except GanError as error:
        _missing(name, error)
        return
    runs = [run for run in lab.store.summaries() if run.dataset == spec.name]
    _head(lab, spec)
    show_problem()
    if spec.problem:
        st.error(text.said(spec.problem))
    elif spec.warning:
        st.warning(text.said(spec.warning))
    given = {
        "name": spec.name,
        "version": describe.version(spec),
        "kind": spec.kind,
        "editable": spec.source == "file" and access.may_change(),
        "here": not (spec.problem or spec.download_bytes),
        **_expected(spec),
        "facts": _facts(lab, spec),
        "fits": _fits(lab, spec),
        "runs": [_run(run) for run in runs[:MOST_RUNS]],
    }
    panels.part("one", given, on_run_change=_open_run)


def _missing(name: str, error) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_head"):
        _back()
        st.title(text.plain(name), width="content", anchor=False)
    st.error(text.said(error))


def _head(lab, spec) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="page_head"):
        _back()
        st.title(text.plain(spec.name), width="content", anchor=False)
        tag = {"yours": t("yours"), "app": t("comes with the app"), "download": t("to download")}
        st.badge(tag[describe.section(spec)], color="gray")
        st.caption(
            text.plain(", ".join([told(spec.amount), *describe.facts(spec)])), width="stretch"
        )
        if spec.source == "file" and access.may_change():
            _own(spec)
        if spec.source in ("file", "download") and not spec.download_bytes:
            st.link_button(
                t("Download"), f"api/data/sets/{spec.name}/file.npz", icon=":material/download:",
                key="sm_set_file", help=t("Its .npz file"),
            )  # fmt: skip
        if access.may_change() and st.button(
            t("Train on it"), key="sm_train_on", type="primary", icon=":material/play_arrow:",
            disabled=bool(spec.problem), help=t("Choose a recipe for it"),
        ):  # fmt: skip
            train_on(spec)


def _own(spec) -> None:
    """What may be done with a set of one's own; a deleted one can be brought back for 30 days."""
    with st.popover(
        t("Rename"), key="sm_set_rename", icon=":material/edit:", help=t("Another name")
    ):
        st.text_input(
            t("New name"), spec.name, key="set_new_name", max_chars=64,
            help=t("Letters a to z, digits, _ and -; runs that used it keep the old name"),
        )  # fmt: skip
        st.button(
            t("Rename"), key="set_rename_go", type="primary", on_click=_rename, args=(spec.name,),
            help=t("Give it this name"),
        )  # fmt: skip
        show_problem("rename")
    st.button(
        t("Delete"), key="sm_set_delete", icon=":material/delete:", on_click=_delete,
        args=(spec.name,), help=t("Into the bin, for 30 days"),
    )  # fmt: skip


def _rename(name: str) -> None:
    new = st.session_state["set_new_name"].strip()
    if new and new != name:
        attempt_at("rename", _renamed, name, new)


def _renamed(name: str, new: str) -> None:
    get_lab().shelf.rename(name, new)
    st.query_params["set"] = new


def _delete(name: str) -> None:
    attempt(_deleted, name)


def _deleted(name: str) -> None:
    get_lab().shelf.remove(name)
    st.session_state["data_deleted"] = name
    st.query_params.clear()


def _back() -> None:
    if st.button(
        t("All data sets"),
        key="sm_all_sets",
        icon=":material/chevron_left:",
        help=t("Back to the list"),
    ):
        open_page(DATA)


def train_on(spec) -> None:
    """Train's form with this set chosen, and a recipe that can train on it."""
    forms.begin_with(spec)
    open_page(TRAIN)


def _expected(spec) -> dict:
    """What the pictures of a set will be, so that they have their places before they are there."""
    names = ("a", "b") if spec.kind == "sides" else spec.class_names or ("",)
    second = [spec.target_shape or spec.image_shape] if spec.kind in ("pairs", "sides") else []
    return {
        "groups": list(names[:MOST_GROUPS]),
        "num_groups": len(names),
        "shapes": [list(shape) for shape in (spec.image_shape, *second)],
    }


def _facts(lab, spec) -> list[list[str]]:
    size = describe.file_bytes(spec, lab.data_dir)
    held_out = spec.num_held_out + spec.num_held_out_b
    rows = {
        t("Licence"): t(spec.licence),
        t("Source"): t(text.unmarked(spec.origin)),
        t("Shape"): describe.shape(spec),
        t("To learn from"): told(spec.amount),
        t("Held out"): f"{held_out:,}",
        t("Size"): text.size(size) if size else "",
        t("Sum"): f"{spec.digest[:4]}…{spec.digest[-4:]}" if spec.digest else "",
    }
    return [[name, value] for name, value in rows.items() if value]


def _fits(lab, spec) -> list[list]:
    """[recipe, how long or why not, whether it does not fit]."""
    if spec.problem:
        return []
    fitting = recipes.fitting(spec)
    speed = speeds.Speeds(lab.store.summaries(), lab.datasets(spec.name))
    rows = [[name, _length(name, spec, speed), False] for name in fitting]
    alike = ("images", "labels") if spec.kind == "images" else (spec.kind,)
    rest = [
        name
        for name in parts.on_data_sets()
        if name not in fitting and recipes.get(name).needs in alike
    ]
    return rows + [[n, text.unmarked(recipes.get(n).misfit(spec)), True] for n in rest]


def _length(recipe: str, spec, speed) -> str:
    config = recipes.config(recipe, spec.name, spec)
    found = speed.of(config) or speed.table(config)
    seconds = speeds.planned_seconds(config, found)
    steps = text.counted(config.num_steps, "step") if config.num_steps else t("until you stop it")
    return (
        t("{steps}, about {seconds}", steps=steps, seconds=text.about(seconds))
        if seconds
        else steps
    )


def _run(run) -> dict:
    place = parts.trying(run.recipe)
    ended = run.state in ("finished", "stopped", "interrupted", "failed")
    word = text.state_word(run.state)
    far = text.steps(run.step, run.num_steps)
    return {
        "id": run.id,
        "words": f"{run.recipe}, {word}"
        if run.state == "finished"
        else t("{recipe}, {state} at {far}", recipe=run.recipe, state=word, far=far),
        "action": t(place.label) if ended and place else t("Watch"),
    }


def _open_run() -> None:
    """Train, or the page on which a run is tried."""
    where, run_id = st.session_state[KEY].get("run") or ("", "")
    st.session_state["data_goes"] = (where, str(run_id))


def go_on() -> None:
    """Leave for the run that was pressed, if one was."""
    where, run_id = st.session_state.pop("data_goes", ("", ""))
    if not run_id:
        return
    run = get_lab().store.run(run_id) if where == "try" else None
    place = parts.trying(run.config["recipe"]) if run else None
    open_page(place.page if place else TRAIN, run_id)
