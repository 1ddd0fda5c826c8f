"""Cards to choose a recipe or data set by, and the small pictures on cards and rows."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from gan_core.runs.pictures import read_grid
from gan_core.storage import images
from gan_core.storage.assets import ASSETS, COMPONENTS
from gan_core.web.details import grid_header, sample_time

_SOURCE = COMPONENTS / "train"
_card_radio = st.components.v2.component(
    "card_radio",
    html='<div class="cards" role="radiogroup"></div>',
    css=(_SOURCE / "card_radio.css").read_text("utf-8"),
    js=(_SOURCE / "card_radio.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Card:
    """One choice; what stands in back-ticks is shown as code.

    Attributes:
        image: a data address, or empty.
        warning: what to know before choosing it.
        misfit: why it cannot be chosen.
        other: why it does not go with what else is chosen; that changes with it.
    """

    name: str
    title: str
    summary: str
    foot: str = ""
    image: str = ""
    tag: str = ""
    warning: str = ""
    misfit: str = ""
    other: str = ""


def picked(key: str) -> str | None:
    """The card that was clicked since the last page run, or None; ask before drawing."""
    pick = (st.session_state.get(key) or {}).get("pick")
    if not pick or pick == st.session_state.get(f"{key}_seen"):
        return None
    st.session_state[f"{key}_seen"] = pick
    return str(pick[0])


def card_radio(label: str, cards: list[Card], *, value: str, key: str) -> None:
    """Draw the cards with `value` chosen; the answer comes through `picked` on the next run."""
    data = {"label": label, "options": [asdict(card) for card in cards], "value": value}
    _card_radio(key=key, data=data, default={"pick": None}, on_pick_change=_nothing)


def _nothing() -> None:
    """The page run itself reads the choice."""


def sample_path(name: str) -> str | None:
    """Where the picture of a recipe or data set lies, if the app has one."""
    path = ASSETS / "samples" / f"{name}.png"
    return str(path) if path.exists() else None


@cache
def sample_strip(name: str, count: int) -> bytes | None:
    """The first so many squares of the same picture, as PNG; None without one."""
    path = sample_path(name)
    if path is None:
        return None
    pixels = images.from_png(Path(path).read_bytes())
    return images.png(pixels[:, : count * pixels.shape[0]])


@cache
def sample_address(name: str) -> str:
    """The same picture as a data address for a component; empty without one."""
    path = sample_path(name)
    return data_address(Path(path).read_bytes()) if path else ""


def data_address(png: bytes) -> str:
    """PNG bytes as a `data:` address."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def crop(pixels: np.ndarray, image_shape: tuple[int, ...], *, rows: int, columns: int) -> bytes:
    """The first rows and columns of a sample grid, as PNG; a smaller plot where it shows points."""
    if len(image_shape) != 3:
        return images.png(_shrink(pixels, 10 if rows == 1 else 2))
    height, width, _ = image_shape
    return images.png(pixels[: rows * height, : columns * width])


def _shrink(pixels: np.ndarray, factor: int) -> np.ndarray:
    """Each block of factor x factor pixels as its brightest one, so that no point is lost."""
    rows, columns = pixels.shape[0] // factor, pixels.shape[1] // factor
    cut = pixels[: rows * factor, : columns * factor]
    return cut.reshape(rows, factor, columns, factor, pixels.shape[2]).max(axis=(1, 3))


@st.cache_data(max_entries=512, show_spinner=False)
def thumbnail(
    _run,
    run_path: str,
    step: int,
    written: float | None,
    image_shape: tuple[int, ...],
    rows: int,
    columns: int,
):
    """A corner of a run's grid at a step, kept as long as the grid is the one `written` then."""
    header = grid_header(_run)
    if header and not header.get("points"):
        image_shape = (*header["tile"], 1)  # large images are smaller in a grid
    return crop(read_grid(_run, step), image_shape, rows=rows, columns=columns)


def newest_thumbnail(run, image_shape: tuple[int, ...], *, rows: int = 1, columns: int = 3):
    """A corner of the newest grid of a run as PNG bytes; None before the first."""
    steps = run.sample_steps()
    if not steps:
        return None
    written = sample_time(run, steps[-1])
    return thumbnail(run, str(run.path), steps[-1], written, tuple(image_shape), rows, columns)
