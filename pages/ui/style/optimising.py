"""Optimise: the run that is started from the Style page, and VGG19's file, fetched when somebody says so."""

from __future__ import annotations

import threading
import time

import streamlit as st

from gan_core import recipes
from gan_core.errors import ConfigError, GanError
from gan_core.storage import access
from pages.ui.shared import text
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page
from pages.ui.style import panels

KEY = "style_optimise"
STARTED = "style_started"
WISHED = (
    "num_steps", "content_weight", "style_weight", "tv_weight", "start_from", "picture_size",
)  # fmt: skip


def panel(given: dict) -> None:
    """The panel; a press on Start starts a run, which then is watched on Train."""
    with st.container(border=True, gap=None, key="style_panel_settings"):
        panels.part("settings", given)
        panels.part(
            "optimise",
            given | {"engines": _engines()},
            on_start_change=_start,
            on_download_change=_nothing,
        )
    if st.session_state[KEY].get("download"):
        _download()


def go_on() -> None:
    """Leave for the run that was started by the last press, if one was."""
    run_id = st.session_state.pop(STARTED, None)
    if run_id:
        open_page(TRAIN, run_id)


def _engines() -> dict[str, dict]:
    """By recipe: its words and defaults, and whether it can be used here."""
    vgg19 = get_lab().vgg19()
    return {
        name: {
            "title": recipe.title,
            "about": f"{recipe.summary} {recipe.expect}".strip(),
            "here": vgg19.is_here or "style_layers" not in recipe.defaults,  # layers of VGG19
            "missing": vgg19.ways_out,
            "defaults": {k: v for k, v in recipe.defaults.items() if k in WISHED},
        }
        for name, recipe in _recipes().items()
    }


def _recipes() -> dict:
    """The recipes that paint a picture, the quickest first."""
    found = {name: recipes.get(name) for name in recipes.names()}
    painting = [(n, r) for n, r in found.items() if r.task == "stylisation"]
    return dict(sorted(painting, key=lambda item: item[1].ms_per_step))


def _start() -> None:
    asked = st.session_state[KEY].get("start")
    if asked:
        st.session_state[STARTED] = attempt(_started, asked)


def _started(asked: dict) -> str:
    if asked.get("recipe") not in _recipes():
        raise ConfigError(f"No recipe of style is called `{str(asked.get('recipe'))[:40]}`.")
    settings = {k: v for k, v in dict(asked.get("settings") or {}).items() if k in WISHED}
    content, style = str(asked.get("content")), str(asked.get("style"))
    return get_lab().studio.optimise(asked["recipe"], content, style, settings)


def _download() -> None:
    """Fetch VGG19's weights with progress; what goes wrong is said with the ways out."""
    if attempt(access.require_trainer) is None:  # here: the thread is nobody's
        return
    bar, problem = st.progress(0.0, "Asking for VGG19's weights"), []

    def fetch():
        try:
            get_lab().download_vgg19()
        except GanError as error:
            problem.append(error)

    thread = threading.Thread(target=fetch, name="vgg19", daemon=True)
    thread.start()
    while thread.is_alive():
        time.sleep(0.2)
        file = get_lab().vgg19()
        share = min(1.0, file.megabytes_here / file.megabytes)
        bar.progress(share, f"{file.megabytes_here:.0f} of {file.megabytes} MB of VGG19")
    bar.empty()
    if problem:
        st.error(text.said(problem[0]))
    else:
        st.rerun()


def _nothing() -> None:
    """The page run itself is what was asked for."""
