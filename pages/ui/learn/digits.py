"""Chapters that train on digits: the short runs that the component asks for."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes, tasks
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

DATASET = SETTINGS["dataset"].default
SHORT = {"latent_dim": 2, "num_steps": 300, "checkpoint_every": 15}
WIDER = (4, 8, 16, 64)  # numbers of z that can be tried instead
CRITIC = {"width": 16, "num_steps": 400, "checkpoint_every": 400}  # what a small D sees
GENTLE = "hinge"  # a D of this loss changes gently from image to image: its slopes can be looked at
CHAPTERS = ("digits", "sees")


def quickest(loss: str = "") -> str:
    """The recipe whose images can be read soonest, of those with a loss where one is named."""
    named = [n for n in _of_images() if loss in ("", recipes.get(n).defaults.get("loss"))]
    return min(named, key=_seconds)


def _seconds(name: str) -> float:
    recipe = recipes.get(name)
    return recipe.ms_per_step * recipe.readable_steps / 1000


def _of_images() -> list[str]:
    found = {name: recipes.get(name) for name in recipes.names()}
    return [n for n, r in found.items() if r.needs == "images" and tasks.get(r.task).takes_z]


def start(chapter: str = "digits", more: object = 0) -> None:
    """Start (or queue) the run of a chapter; a problem is kept in words for the component.

    Args:
        more: numbers of z, one of WIDER, in place of the two of the map; anything else: those two.
    """
    lab = get_lab()
    wider = next((n for n in WIDER if n == more and chapter == "digits"), 0)
    recipe, settings = (quickest(GENTLE), CRITIC) if chapter == "sees" else (quickest(), SHORT)
    if wider:
        settings = settings | {"latent_dim": wider}
    found = st.session_state[_key(chapter)] = {"run": "", "problem": "", "more": wider}
    try:
        found["run"] = lab.start(lab.make_config(recipe, DATASET, **settings), who="page")
    except GanError as error:
        found["problem"] = text.unmarked(error)


def known() -> dict:
    """What the component follows, by chapter: id of the run that was started, and what went wrong."""
    none = {"run": "", "problem": "", "more": 0}
    return {chapter: st.session_state.get(_key(chapter), none) for chapter in CHAPTERS}


def _key(chapter: str) -> str:
    return f"learn_run_{chapter}"
