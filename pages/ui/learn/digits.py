"""Chapters that train on digits: the short runs that the component asks for."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.config import SETTINGS
from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

DATASET = SETTINGS["dataset"].default
SHORT = {"latent_dim": 2, "num_steps": 2500, "checkpoint_every": 50}
CRITIC = {"width": 16, "num_steps": 400, "checkpoint_every": 400}  # what a small D sees
GENTLE = "hinge"  # a D of this loss changes gently from image to image: its slopes can be looked at
CHAPTERS = ("digits", "sees")


def quickest(loss: str = "") -> str:
    """The recipe that makes images with the shortest step, of those with a loss where one is named."""
    named = [n for n in _of_images() if loss in ("", recipes.get(n).defaults.get("loss"))]
    return min(named, key=lambda name: recipes.get(name).ms_per_step)


def _of_images() -> list[str]:
    found = {name: recipes.get(name) for name in recipes.names()}
    return [n for n, r in found.items() if r.needs == "images" and r.task == "synthesis"]


def start(chapter: str = "digits") -> None:
    """Start (or queue) the run of a chapter; a problem is kept in words for the component."""
    lab = get_lab()
    recipe, settings = (quickest(GENTLE), CRITIC) if chapter == "sees" else (quickest(), SHORT)
    found = st.session_state[_key(chapter)] = {"run": "", "problem": ""}
    try:
        found["run"] = lab.start(lab.make_config(recipe, DATASET, **settings), who="page")
    except GanError as error:
        found["problem"] = text.unmarked(error)


def known() -> dict:
    """What the component follows, by chapter: id of the run that was started, and what went wrong."""
    none = {"run": "", "problem": ""}
    return {chapter: st.session_state.get(_key(chapter), none) for chapter in CHAPTERS}


def _key(chapter: str) -> str:
    return f"learn_run_{chapter}"
