"""Starting a run with one press: the default preset and the quick starts on the home page."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from gan_core.storage import access
from pages.ui.shared import parts, speeds, text
from pages.ui.shared.state import STYLE, TRAIN, get_lab, open_page
from pages.ui.train import forms

DATASET = str(SETTINGS["dataset"].default)
WORDS = {
    "pixel_faces": "Faces in colour",
    "edges_to_digits": "Edges to digits",
    "digits_and_paper": "Digits and paper",
}


def train_now(key: str = "train_now") -> None:
    """The button that starts the default preset at once and opens its page; viewers have none."""
    if access.may_change() and st.button(
        "Train now", key=key, type="primary", icon=":material/play_arrow:",
        help=f"Train {recipes.DEFAULT} on {DATASET} and watch it",
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
        config = get_lab().store.get(run_id).config
        of_pictures = "style" in parts.of(config.get("recipe", ""))
        if not of_pictures:
            forms.load(config)
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
    length = text.counted(config.num_steps, "step") if config.num_steps else "until you stop it"
    here = f"about {text.about(seconds)} here" if seconds else "a few minutes on two cores"
    return (
        f"Trains `{recipes.DEFAULT}` on `{DATASET}`: 5,000 handwritten digits that come with the "
        f"app. {length[0].upper() + length[1:]}, {here}; nothing is downloaded."
    )
