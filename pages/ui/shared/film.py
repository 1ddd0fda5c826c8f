"""The film of a run's samples: GIF or MP4, which frames, how large; made here while it trains on."""

from __future__ import annotations

import io

import streamlit as st
from PIL import Image

from gan_core.errors import GanError
from gan_core.export import film
from pages.ui.shared import numbers, text
from pages.ui.shared.language import t
from pages.ui.shared.state import get_lab

MB = 1_000_000
LAST_STEP = 2**53  # beyond every step that is written
ASKED = "film_asked"  # of this session: {"run"}, with "kind", "data" and "made" or "problem" later
MIME = {"gif": "image/gif", "mp4": "video/mp4"}


def button(run_id: str, *, key: str, ready: bool) -> None:
    """The popover with everything that can be chosen; `ready` once there are two sample grids."""
    if not ready:
        st.button(
            t("Film"),
            key=key,
            icon=":material/movie:",
            disabled=True,
            help=t("There is no film before the first step"),
        )
        return
    with st.popover(
        t("Film"), key=key, icon=":material/movie:", help=t("The samples so far, as a film")
    ):
        st.fragment(_form)(run_id)


def _form(run_id: str) -> None:
    kind = st.segmented_control(
        t("Film"),
        list(MIME),
        default="gif",
        key="film_kind",
        required=True,
        format_func=str.upper,
        label_visibility="collapsed",
        help=t("A GIF plays everywhere and keeps grey pixels exactly; an MP4 is smaller"),
    )
    wanted = _wanted()
    if wanted is None:
        numbers.show_disabled(t("Make film"), "film_make")
        return
    try:
        stored = film.stored_steps(get_lab().store.get(run_id), wanted["first"], wanted["last"])
    except GanError as error:
        st.error(text.said(error))
        return
    shown = len(film.film_frames(stored, wanted["frames"]))
    st.caption(
        t(
            "{shown:,} of the {stored:,} sample grids from step {first:,} to "
            "{last:,}, dense early and sparse late.",
            shown=shown,
            stored=len(stored),
            first=stored[0],
            last=stored[-1],
        )
    )
    st.button(
        t("Make film"), key="film_make", type="primary", help=t("Training goes on meanwhile"),
        on_click=_ask, args=(run_id,),
    )  # fmt: skip
    asked = st.session_state.get(ASKED, {})
    if asked.get("run") == run_id:
        _make(asked, kind, wanted)
        _show(asked)


def _wanted() -> dict | None:
    """The fields, in rows of two; as arguments of film.gif and film.mp4. None: one is of no use."""
    fields = _part() | _size()
    label = _label()
    if not numbers.usable(*fields.values()):
        return None
    wanted = {name: field.value for name, field in fields.items()}
    most = round((wanted["max_bytes"] or 0) * MB)
    return wanted | {"max_bytes": most, "label": label}


def _part() -> dict[str, numbers.Typed]:
    """Which steps."""
    left, right = st.columns(2, gap="small")
    fields = {
        "first": (left, t("From step"), t("the first"), t("Begin here")),
        "last": (right, t("To step"), t("the newest"), t("End here")),
    }
    return {
        name: numbers.field(
            *(place, label, None, 0, LAST_STEP),
            key=f"film_{name}",
            placeholder=empty,
            help=help_,
        )
        for name, (place, label, empty, help_) in fields.items()
    }


def _size() -> dict[str, numbers.Typed]:
    """How long and how large."""
    left, right = st.columns(2, gap="small")  # rows of two: they are read in order where they stack
    frames = numbers.field(
        *(left, t("Frames, at most"), 60, 2, film.MOST_FRAMES),
        key="film_frames",
        help=t("Fewer where fewer sample grids are stored"),
    )
    seconds = numbers.field(
        *(right, t("Seconds"), 8, 1, film.MOST_SECONDS),
        whole=False,
        key="film_seconds",
        help=t("The last frame stays a little longer"),
    )
    left, right = st.columns(2, gap="small")
    scale = numbers.field(
        *(left, t("Scale"), 2, 1, film.MOST_SCALE),
        key="film_scale",
        help=t("Pixels of the film for each pixel of the images"),
    )
    limit = numbers.field(
        *(right, t("Limit, MB"), film.LIMIT / MB, 0.1, 100),
        whole=False,
        key="film_limit",
        help=t("Made smaller until it fits"),
    )
    return {"frames": frames, "seconds": seconds, "scale": scale, "max_bytes": limit}


def _label() -> bool:
    return st.checkbox(
        t("Write the step below"),
        True,
        key="film_label",
        help=t("In a strip under the images, of every frame"),
    )


def _ask(run_id: str) -> None:
    """Asked for until it is made: another page run may take the place of the one that makes it."""
    st.session_state[ASKED] = {"run": run_id}


def _make(asked: dict, kind: str, wanted: dict) -> None:
    """What came of it goes into `asked`; nothing that Streamlit could stop at lies between."""
    if "data" in asked or "problem" in asked:
        return
    try:
        data, made = get_lab().film(asked["run"], kind, **wanted)
        asked.update(kind=kind, data=data, made=made)
    except GanError as error:
        asked["problem"] = text.said(error)


def _show(asked: dict) -> None:
    """The film that was made last, to look at and to save, or why there is none."""
    if "problem" in asked:
        st.error(asked["problem"])
        return
    run_id, kind, data, made = (asked[name] for name in ("run", "kind", "data", "made"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            t("Save"),
            data=data,
            file_name=f"{run_id}.{kind}",
            mime=MIME[kind],
            key="film_save",
            on_click="ignore",
            help=t("Download this film"),
        )
        st.caption(
            t(
                "{kind}, {steps:,} frames, step {steps_2:,} to {steps_3:,}, {bytes:.2g} MB. {note}",
                kind=kind.upper(),
                steps=len(made.steps),
                steps_2=made.steps[0],
                steps_3=made.steps[-1],
                bytes=made.bytes / MB,
                note=made.note,
            )
        )
    if kind == "mp4":
        st.video(data, loop=True)
    else:
        with Image.open(io.BytesIO(data)) as picture:
            width = picture.width // made.scale
        st.image(data, width=width, alt=t("the film"))
