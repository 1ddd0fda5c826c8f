"""What the app says of itself: the About text of its menu, and the titles of tabs."""

from __future__ import annotations

import functools

from gan_core import __version__
from gan_core.errors import GanError
from pages.ui.shared import language, text
from pages.ui.shared.language import N_, t
from pages.ui.shared.state import get_lab, selected_run_id

SHORTCUTS = (  # keys, what they do, where
    ("Alt+Shift+P", N_("Pause or resume"), N_("Train")),
    ("Alt+Shift+K", N_("Write a checkpoint"), N_("Train")),
    ("Ctrl+Z", N_("The view before; in Draw, the last stroke"), N_("Explore")),
    ("Ctrl+Shift+Z", N_("The view after"), N_("Explore")),
    ("← → ↑ ↓, Enter", N_("Choose an image, go there"), N_("grids and strips")),
    ("← →, Shift, Home, End", N_("Move a slider, by more, to its ends"), N_("sliders")),
    ("+ −, Shift+arrows", N_("Zoom and move the map"), N_("Explore")),
    ("R", N_("Draw the page anew"), N_("everywhere")),
)


def words() -> str:
    """Version, where the work is done, and the list of shortcuts, as Markdown."""
    return _words(language.code())


@functools.cache
def _words(code: str) -> str:
    """The same; `code` is the session's language, which `t` asks for itself."""
    rows = "\n".join(f"| {keys} | {t(what)} | {t(where)} |" for keys, what, where in SHORTCUTS)
    return t(
        "**GANscope {version}**: train generative adversarial networks and watch them "
        "learn. Everything stays on the machine that it runs on.\n\nLight or dark: at "
        "the top of this menu.\n\n| Keys | What | Where |\n|---|---|---|\n{rows}",
        version=__version__,
        rows=rows,
    )


def tab_title(page: str) -> str:
    """'00012 2,340 of 6,000 - GANscope' where the page is about a run, else 'Compare - GANscope'.

    Args:
        page: its title in English.
    """
    run_id = selected_run_id() if page in ("Train", "Explore") else None
    if run_id is None or not run_id[:5].isdigit():
        return "GANscope" if page == "Home" else f"{t(page)} - GANscope"
    if page == "Explore":
        return f"{t(page)} {text.short_id(run_id)} - GANscope"
    try:
        status = get_lab().store.get(run_id).status()
    except GanError:
        return f"{t(page)} - GANscope"
    return f"{text.short_id(run_id)} {text.steps(status.step, status.num_steps)} - GANscope"
