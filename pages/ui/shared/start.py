"""Starting a run with one press: the default preset and the quick starts on the home page."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from gan_core.storage import access
from gan_core.training import speeds
from pages.ui.shared import forms, parts, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import STYLE, TRAIN, get_lab, open_page

DATASET = str(SETTINGS["dataset"].default)
WORDS = {
    "pixel_faces": N_("Faces in colour"),
    "edges_to_digits": N_("Edges to digits"),
    "digits_and_paper": N_("Digits and paper"),
}


def train_now(key: str = "train_now") -> None:
    """The button that starts the default preset at once and opens its page; viewers have none."""
    if access.may_change() and st.button(
        t("Train now"), key=key, type="primary", icon=":material/play_arrow:",
        help=t("Train {recipe} on {data} and watch it", recipe=recipes.DEFAULT, data=DATASET),
    ):  # fmt: skip
        start(recipes.DEFAULT, DATASET)


def start(recipe: str, dataset: str) -> None:
    """Start (or queue) a run with the recipe's own settings and open it; errors in words."""
    lab = get_lab()
    try:
        run_id = lab.start(lab.make_config(recipe, dataset), who="page")
    except GanError as error:
        st.error(text.said(error))
        return
    open_page(TRAIN, run_id)


def clone(run_id: str) -> None:
    """Fill the form of a new run with a run's settings and open it; errors in words.

    A run of style goes to Style, where its pictures are chosen already.
    """
    try:
        run = get_lab().store.get(run_id)
        of_pictures = "style" in parts.of(run.config.get("recipe", ""))
        if not of_pictures:
            forms.load_run(run)
    except GanError as error:
        st.error(text.said(error))
        return
    open_page(STYLE if of_pictures else TRAIN, run_id if of_pictures else None)


def small_print() -> str:
    """What Train now trains, how long it takes here, and that nothing is downloaded."""
    lab = get_lab()
    config = recipes.config(recipes.DEFAULT, DATASET)
    found = speeds.Speeds(lab.store.summaries(), lab.datasets()).of(config)
    seconds = speeds.planned_seconds(config, found)
    length = text.counted(config.num_steps, "step") if config.num_steps else t("until you stop it")
    here = (
        t("about {seconds} here", seconds=text.about(seconds))
        if seconds
        else t("a few minutes on two cores")
    )
    return t(
        "Trains `{DEFAULT}` on `{DATASET}`: 5,000 handwritten digits that come with "
        "the app. {length}, {here}; nothing is downloaded.",
        DEFAULT=recipes.DEFAULT,
        DATASET=DATASET,
        length=length[0].upper() + length[1:],
        here=here,
    )
