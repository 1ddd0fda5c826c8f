"""Home before the first run: what this is, one button, what it will look like, the four colours."""

from __future__ import annotations

import streamlit as st

from gan_core import recipes
from gan_core.storage import access
from pages.ui.shared import cards, start, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import EXPLORE, LEARN, open_page

LEAD = N_(
    "Two networks play against each other on this machine: one makes images out of noise, the "
    "other tells them from real ones. You see both learn, live, and can turn a knob, go back, "
    "and look inside at any moment."
)
FILM = (
    (0, N_("noise")),
    (120, N_("strokes")),
    (520, N_("digits")),
    (2340, N_("cleaner digits")),
)  # step, what is seen
OTHERS = {  # data set -> icon, help
    "pixel_faces": ("face", N_("Train on 5,000 small faces that come with the app")),
    "edges_to_digits": (
        "brush",
        N_("Train a translator: within a minute a line that you draw becomes a digit"),
    ),
}
ROLES = (  # name, CSS class, half a sentence
    (N_("Generator"), "g", N_("makes images from random numbers, called z.")),
    (N_("Fake"), "fake", N_("is an image that the generator made.")),
    (N_("Discriminator"), "d", N_("judges every image: real or fake?")),
    (N_("Real"), "real", N_("is an image from your data.")),
)


def show() -> None:
    """The whole page."""
    with st.container(key="hero"):
        st.title(t("Train a generative adversarial network and watch it learn."), anchor=False)
        st.markdown(t(LEAD))
        with st.container(horizontal=True, key="hero_actions"):
            start.train_now()
            if st.button(
                t("Explore a trained one"),
                key="explore",
                icon=":material/grid_view:",
                help=t("A generator that comes with the app"),
            ):
                open_page(EXPLORE)
            _others()
        if access.may_change():
            st.caption(start.small_print())
        _learn()
    _film()
    _roles()


def _learn() -> None:
    """For whom the two networks are news."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="hero_learn"):
        st.markdown(t("New to this?"), width="content")
        if st.button(
            t("Learn shows it on points, in two minutes."),
            key="learn",
            type="tertiary",
            icon=":material/arrow_forward:",
        ):
            open_page(LEARN)


def _others() -> None:
    """The quick starts that come next: colour, and a second kind of wonder."""
    if not access.may_change():
        return
    starts = {data: recipe for recipe, data in reversed(recipes.quick_starts())}
    for data, (icon, help_text) in OTHERS.items():
        if data in starts and st.button(
            t(start.WORDS[data]), key=f"sm_{data}", icon=f":material/{icon}:", help=t(help_text)
        ):
            start.start(starts[data], data)


def _film() -> None:
    """Four moments of one real run; nothing where the pictures were not made yet."""
    found = [cards.sample_path(f"film_{step}") for step, _ in FILM]
    paths = [path for path in found if path]
    if len(paths) < len(FILM):
        return
    _section(
        N_("What you will see"),
        N_("25 fakes of one run on two cores, from the same 25 z each time"),
    )
    with st.container(key="first_film"):
        for column, path, (step, what) in zip(st.columns(4), paths, FILM, strict=True):
            with column:
                st.image(
                    path, output_format="PNG", width=280, alt=t("25 fakes: {what}", what=t(what))
                )
                st.markdown(f"**{_after(step)}** :gray[{t(what)}]")


def _after(step: int) -> str:
    """How long training takes to a step, by the recipe's own pace: '5 s', '2 min'."""
    return (
        text.about(step * recipes.get(recipes.DEFAULT).ms_per_step / 1000)
        if step
        else t("{n} s", n=0)
    )


def _roles() -> None:
    _section(
        N_("Four things, four colours, on every page"),
        N_("dashed is the generator's side, solid is the data's side"),
    )
    for column, (name, role, words) in zip(st.columns(4), ROLES, strict=True):
        key = f'<i class="gs-{role}" aria-hidden="true"></i>'
        column.html(f'<div class="gs-role"><b>{key}{t(name)}</b><p>{t(words)}</p></div>')


def _section(title: str, caption: str) -> None:
    key = f"section_{title.split(' ', 1)[0].lower()}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=key):
        st.header(t(title), width="content", anchor=False)
        st.caption(t(caption), width="stretch")
