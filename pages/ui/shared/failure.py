"""What a visitor sees of a bug: what it was and where in our code, not where that lies on the disk.

The whole error stands in the program's log.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import streamlit as st

import gan_core
from pages.ui.shared import text
from pages.ui.shared.language import t

# In a wheel the pages lie inside gan_core: they are asked first.
OWN = (Path(__file__).parents[2], Path(gan_core.__file__).parent)
FRAMES = 3  # of our own code, the last ones


def show(error: Exception) -> bool:
    """Say it in place of what failed; True: nothing else needs to be shown."""
    name = type(error).__name__
    places = " → ".join(f"`{place}`" for place in own_places(error))
    at = t(" at {places}", places=places) if places else ""
    st.error(
        t(
            "This part of the page failed: **{name}**{at}. Training goes on, and so does "
            "the rest. The window that GANscope was started in shows the whole error.",
            name=text.plain(name),
            at=at,
        ),
        icon=":material/bug_report:",
    )
    return True


def own_places(error: Exception) -> list[str]:
    """File and line of the last calls in our own code: `pages/ui/train/quality.py:76`."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(_own_name(Path(frame.filename)), frame.lineno) for frame in frames]
    return [f"{name}:{line}" for name, line in places if name][-FRAMES:]


def _own_name(path: Path) -> str:
    """`pages/...` or `gan_core/...`; "" for code of others, also where it is installed beside ours."""
    folder = next((folder for folder in OWN if path.is_relative_to(folder)), None)
    return path.relative_to(folder.parent).as_posix() if folder else ""
