"""What the app says of itself: the About text of its menu, and the titles of tabs."""

from __future__ import annotations

import functools

from gan_core import __version__
from gan_core.errors import GanError
from pages.ui.shared import text
from pages.ui.shared.state import get_lab, selected_run_id

SHORTCUTS = (  # keys, what they do, where
    ("Alt+Shift+P", "Pause or resume", "Train"),
    ("Alt+Shift+K", "Write a checkpoint", "Train"),
    ("Ctrl+Z", "The view before; in Draw, the last stroke", "Explore"),
    ("Ctrl+Shift+Z", "The view after", "Explore"),
    ("← → ↑ ↓, Enter", "Choose an image, go there", "grids and strips"),
    ("← →, Shift, Home, End", "Move a slider, by more, to its ends", "sliders"),
    ("+ −, Shift+arrows", "Zoom and move the map", "Explore"),
    ("R", "Draw the page anew", "everywhere"),
)


@functools.cache
def words() -> str:
    """Version, where the work is done, and the list of shortcuts, as Markdown."""
    rows = "\n".join(f"| {keys} | {what} | {where} |" for keys, what, where in SHORTCUTS)
    return (
        f"**GANscope {__version__}**: train generative adversarial networks and watch them learn. "
        "Everything stays on the machine that it runs on.\n\n"
        "Light or dark: at the top of this menu.\n\n"
        f"| Keys | What | Where |\n|---|---|---|\n{rows}"
    )


def tab_title(page: str) -> str:
    """'00012 2,340 of 6,000 - GANscope' where the page is about a run, else 'Compare - GANscope'."""
    run_id = selected_run_id() if page in ("Train", "Explore") else None
    if run_id is None or not run_id[:5].isdigit():
        return "GANscope" if page == "Home" else f"{page} - GANscope"
    if page == "Explore":
        return f"Explore {text.short_id(run_id)} - GANscope"
    try:
        status = get_lab().store.get(run_id).status()
    except GanError:
        return f"{page} - GANscope"
    return f"{text.short_id(run_id)} {text.steps(status.step, status.num_steps)} - GANscope"
