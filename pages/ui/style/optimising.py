"""Optimise: the run that is started from the Style page, and VGG19's file, fetched when somebody says so."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.errors import ConfigError
from gan_core.storage import access
from gan_core.tasks import stylisation
from pages.ui.shared import parts, text
from pages.ui.shared.language import t
from pages.ui.shared.state import TRAIN, attempt, get_lab, open_page
from pages.ui.style import panels

KEY = "style_optimise"
STARTED = "style_started"
EVERY = 0.5  # seconds between two looks at a download
WISHED = (
    "num_steps", "content_weight", "style_weight", "tv_weight", "start_from", "picture_size",
    *stylisation.LAYERS,
)  # fmt: skip


def panel(given: dict) -> None:
    """The panel; a press on Start starts a run, which then is watched on Train."""
    with st.container(border=True, gap=None, key="style_panel_settings"):
        panels.part("settings", given)
        panels.part(
            "optimise",
            given
            | {
                "engines": _engines(),
                "words": stylisation.WORDS,
                "coming": get_lab().vgg19.is_coming,
            },
            on_start_change=_start,
            on_download_change=_fetch_file,
        )
        _fetched()


def go_on() -> None:
    """Leave for the run that was started by the last press, if one was."""
    run_id = st.session_state.pop(STARTED, None)
    if run_id:
        open_page(TRAIN, run_id)


def _engines() -> dict[str, dict]:
    """By recipe: its words and defaults, and whether it can be used here."""
    vgg19 = get_lab().vgg19
    return {
        name: {
            "title": t(recipe.title),
            "about": f"{t(recipe.summary)} {t(recipe.expect)}".strip(),
            "here": vgg19.is_here or "style_layers" not in recipe.defaults,  # layers of VGG19
            "missing": vgg19.ways_out,
            "layers": stylisation.layers(recipe.defaults),
            "defaults": {k: v for k, v in recipe.defaults.items() if k in WISHED},
        }
        for name, recipe in _recipes().items()
    }


def _recipes() -> dict:
    """The recipes that paint a picture, the quickest first."""
    found = {name: recipes.get(name) for name in recipes.names() if "style" in parts.of(name)}
    return dict(sorted(found.items(), key=lambda item: item[1].ms_per_step))


def _start() -> None:
    asked = st.session_state[KEY].get("start")
    if asked:
        st.session_state[STARTED] = attempt(_started, asked)


def _started(asked: dict) -> str:
    if asked.get("recipe") not in _recipes():
        raise ConfigError(
            t("No recipe of style is called `{name}`.", name=str(asked.get("recipe"))[:40])
        )
    settings = {k: v for k, v in dict(asked.get("settings") or {}).items() if k in WISHED}
    content, style = str(asked.get("content")), str(asked.get("style"))
    return get_lab().studio.optimise(asked["recipe"], content, style, settings)


def _fetch_file() -> None:
    """Somebody has said so."""
    if st.session_state[KEY].get("download"):
        attempt(get_lab().vgg19.download)


def _fetched() -> None:
    """VGG19's file while it comes, or why it did not; both ways out are in the words."""
    vgg19 = get_lab().vgg19
    if vgg19.is_coming:
        st.fragment(_coming, run_every=EVERY)()
    elif vgg19.problem and not vgg19.is_here:
        st.error(text.said(vgg19.problem))


def _coming() -> None:
    """How much is here, and a way to end it; the page is drawn anew when it is over."""
    vgg19 = get_lab().vgg19
    if not vgg19.is_coming:
        st.rerun()
    share = min(1.0, vgg19.megabytes_here / vgg19.megabytes)
    st.progress(
        share,
        t(
            "{megabytes_here:.0f} of {megabytes} MB of VGG19",
            megabytes_here=vgg19.megabytes_here,
            megabytes=vgg19.megabytes,
        ),
    )
    if access.may_change() and st.button(
        t("Cancel"), key="vgg19_cancel", help=t("Nothing of it stays")
    ):
        vgg19.cancel()
        st.rerun()
