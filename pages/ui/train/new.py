"""Train, choosing: recipe and data as cards beside the summary of what will happen."""

from __future__ import annotations

import re

import streamlit as st

from gan_core import recipes
from gan_core.training import speeds
from pages.ui.shared import cards, forms, parts, start, text
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import DATA, attempt, get_lab, open_page, show_problem
from pages.ui.train import summary

EXAMPLE = {"pairs": "edges_to_digits", "sides": "digits_and_paper"}  # what goes in, what comes out
KINDS = {
    "bundled": N_("comes with the app"),
    "file": N_("on this machine"),
    "generated": N_("made on the fly"),
}


def show() -> None:
    """The whole page."""
    lab = get_lab()
    summaries, datasets = lab.store.summaries(), lab.datasets(forms.draft()["dataset"])
    note = _take_choices(datasets)
    speed = speeds.Speeds(summaries, datasets)
    _head(summaries)
    show_problem()
    left, right = st.columns([880, 330], gap="small")
    chosen = right.container(border=True, key="summary")  # first: it says how wide its column is
    with left:
        _recipe_cards(speed, datasets, note)
        _data_cards(lab, datasets)
    with chosen:
        summary.show(lab, datasets, speed)


def _take_choices(datasets) -> str:
    """Apply what was clicked on the cards before anything is drawn."""
    if data := cards.picked("data_cards"):
        forms.choose_data(data)
    back = ""
    if recipe := cards.picked("recipe_cards"):
        back = forms.choose_recipe(recipe, datasets)
    return forms.swapped() or back


def _head(summaries) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="page_head"):
        st.title(t("New run"), width="content", anchor=False)
        st.caption(
            t("Pick a recipe and data. Everything else has a good default."), width="stretch"
        )
        st.button(
            t("Paste settings"), key="sm_paste", help=t("Fill this form from settings as JSON"),
            on_click=_open_json,
        )  # fmt: skip
        others = [run.id for run in summaries if "style" not in parts.of(run.recipe)]
        if others:
            st.menu_button(
                t("Clone a run"), others[:20], key="sm_clone",
                on_click=_clone, help=t("Fill this form with the settings of a run"),
            )  # fmt: skip


def _open_json() -> None:
    st.session_state["json"] = True


def _clone() -> None:
    run_id = st.session_state["sm_clone"]
    if run_id:
        attempt(lambda: forms.load_run(get_lab().store.get(run_id)))


def _section(title: str, caption: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(title, width="content", anchor=False)
        st.caption(caption, width="stretch")


def _recipe_cards(speed, datasets, note: str) -> None:
    """`note`: what became of the data with the chosen recipe; on its card it is in view."""
    _section(t("Recipe"), t("how the two networks are built and trained"))
    dataset, chosen = forms.draft()["dataset"], forms.draft()["recipe"]
    specs = {spec.name: spec for spec in datasets}
    images, wanted = specs.get(dataset), specs.get(forms.draft().get("wanted"))
    known = {name: recipes.get(name) for name in parts.on_data_sets()}
    order = sorted(
        recipes.soonest(known),
        key=lambda name: (name != recipes.DEFAULT, known[name].needs == "points"),
    )
    shown = [
        cards.Card(
            name, name, t(known[name].summary),
            foot=_how_long(name, dataset, images, speed),
            image=cards.sample_address(name) or cards.sample_address(EXAMPLE.get(known[name].needs, "")),
            tag=t("default") if name == recipes.DEFAULT else "",
            warning=note if name == chosen else "",
            other=_unfit(name, wanted) if name != chosen else "",
        )
        for name in order
    ]  # fmt: skip
    cards.card_radio(t("Recipe"), shown, value=chosen, key="recipe_cards")


def _unfit(recipe: str, spec) -> str:
    """Why a recipe would take other data than a person chose; nothing where nobody chose any."""
    reason = recipes.get(recipe).misfit(spec) if spec and not spec.problem else ""
    if not reason:
        return ""
    told_ = told(reason)
    return t("not for {recipe}{hint}: it {reason}", recipe=spec.name, hint="", reason=told_)


def _how_long(name: str, dataset: str, images, speed) -> str:
    """'readable in 30 s, full run 2 min' from a speed measured here, else the one of two cores."""
    recipe, found = recipes.get(name), speed.of(recipes.config(name, dataset, images))
    num_steps = recipe.defaults.get("num_steps")
    if found is None:
        full = text.counted(num_steps, "step") if num_steps else t("no fixed length")
        shape = tuple(images.image_shape) if images else ()
        seconds = recipe.typical_seconds if speeds.timed(recipe, shape) else 0
        return (
            t("{full}, about {seconds} on two cores", full=full, seconds=text.about(seconds))
            if seconds
            else full
        )
    words = []
    if readable_steps := recipe.readable(dataset):
        words.append(
            t(
                "readable in {readable_steps}",
                readable_steps=text.about(readable_steps / found.steps_per_second),
            )
        )
    if num_steps:
        words.append(
            t("full run {num_steps}", num_steps=text.about(num_steps / found.steps_per_second))
        )
    return ", ".join(words) or t("{n:.0f} steps/s", n=found.steps_per_second)


def _data_cards(lab, datasets) -> None:
    _section(t("Data"), t("what they learn from"))
    chosen = forms.draft()
    shown = [
        cards.Card(
            spec.name, spec.name, _content(spec), foot=_source(spec),
            image=cards.sample_address(spec.name) or _own_picture(lab, spec),
            tag=t("default") if spec.name == start.DATASET else "", warning=_first(spec.warning),
            misfit=_why_not(chosen["recipe"], spec),
        )
        for spec in datasets
    ]  # fmt: skip
    own = {spec.name for spec in datasets if spec.source == "file"}
    # what fits the recipe comes first, and of it one's own
    shown.sort(key=lambda card: (bool(card.misfit), card.name not in own))
    cards.card_radio(t("Data"), shown, value=chosen["dataset"], key="data_cards")
    _own_data(lab, datasets)


def _own_picture(lab, spec) -> str:
    picture = (
        lab.picture(spec.name) if spec.source in ("file", "download") and spec.available else b""
    )
    return cards.data_address(picture) if picture else ""


def _own_data(lab, datasets) -> None:
    """The way to bring pictures of one's own, and in full what is wrong with what is there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="own_data"):
        if st.button(
            t("Add your own images"), key="sm_own_images", icon=":material/add:",
            help=t("Drop a folder, a zip or files on the Data page"),
        ):  # fmt: skip
            open_page(DATA)
        where = text.said(f"`{lab.data_dir}`")
        st.caption(t("Sets of your own are `.npz` files in {where}", where=where), width="stretch")
    refused = [(s.name, s.problem) for s in (*datasets, *lab.unread()) if s.problem]
    doubtful = [(s.name, s.warning) for s in datasets if s.warning]
    for key, found, label in (
        ("data_doubtful", doubtful, t("Look at these first: {doubtful}", doubtful=len(doubtful))),
        (
            "data_refused",
            refused,
            t("Cannot be used: {refused} in that folder", refused=len(refused)),
        ),
    ):
        if found:
            with st.expander(label, key=key):
                for name, why in found:
                    st.markdown(f"**{text.plain(name)}**: {text.said(why)}")


def _first(words: str) -> str:
    """The first sentence: a card has room for no more."""
    return re.split(r"(?<=\.) ", words, maxsplit=1)[0]


def _why_not(recipe: str, spec) -> str:
    if spec.problem:
        return _first(spec.problem)
    reason = recipes.get(recipe).misfit(spec)
    if not reason:
        return ""
    best = recipes.fitting(spec)[:1]
    hint = t(", pick {best}", best=best[0]) if best else ""
    return t("not for {recipe}{hint}: it {reason}", recipe=recipe, hint=hint, reason=told(reason))


def _content(spec) -> str:
    if not spec.image_shape:
        return t("Cannot be used.")
    classes = text.counted(spec.num_classes, "class") if spec.num_classes else t("no labels")
    classes = "" if spec.kind == "points" else f", {classes}"
    summary = f"{t(spec.summary)} " if spec.summary else ""
    return t(
        "{title}. {summary}{amount} to learn from{classes}.",
        title=t(spec.title),
        summary=summary,
        amount=told(spec.amount),
        classes=classes,
    )


def _source(spec) -> str:
    size = f"{spec.image_shape[0]} × {spec.image_shape[1]}, " if len(spec.image_shape) == 3 else ""
    if spec.download_bytes:
        once = t(
            "{size}downloads {download_bytes} once",
            size=size,
            download_bytes=text.size(spec.download_bytes),
        )
        return f"{once}. {t('Licence: {licence}', licence=t(spec.licence))}"
    return size + t(KINDS.get(spec.source, KINDS["file"]))
