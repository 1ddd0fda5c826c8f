"""What a visitor sees of a bug: what it was and where in our code, not where that lies on the disk.

The whole error stands in the program's log.
"""

from __future__ import annotations

import traceback
from pathlib import Path

import streamlit as st

from pages.ui.shared import text

ROOT = Path(__file__).parents[3]
FRAMES = 3  # of our own code, the last ones


def show(error: Exception) -> bool:
    """Say it in place of what failed; True: nothing else needs to be shown."""
    name = type(error).__name__
    places = " → ".join(f"`{place}`" for place in own_places(error))
    at = f" at {places}" if places else ""
    st.error(
        f"This part of the page failed: **{text.plain(name)}**{at}. Training goes on, and so does "
        "the rest. The window that GANscope was started in shows the whole error.",
        icon=":material/bug_report:",
    )
    return True


def own_places(error: Exception) -> list[str]:
    """File and line of the last calls in our own code: `pages/ui/train/quality.py:76`."""
    frames = traceback.extract_tb(error.__traceback__)
    paths = [(Path(frame.filename), frame.lineno) for frame in frames]
    own = [(path.relative_to(ROOT), line) for path, line in paths if path.is_relative_to(ROOT)]
    return [f"{path.as_posix()}:{line}" for path, line in own[-FRAMES:]]
