"""Many pictures through a translator: dropped files or a zip in, a zip out; fragments of their own."""

from __future__ import annotations

import functools

import streamlit as st

from gan_core.explore.translator_sources import BundledTranslator, is_bundled
from gan_core.explore.translators import side_names
from gan_core.export.many import Many
from gan_core.storage import picture_files
from pages.ui.shared import text
from pages.ui.shared.language import N_, t, told
from pages.ui.shared.state import get_lab

TYPES = [suffix.removeprefix(".") for suffix in picture_files.SUFFIXES] + ["zip"]
JOB = "translate_many_job"  # (what was asked, the gan_core.export.many.Many)
EVERY = 0.5  # seconds between two looks at it
FORMATS = {"png": N_("PNG"), "side_by_side": N_("Side by side"), "gif": N_("GIF")}


@st.fragment
def panel(name: str) -> None:
    """Translate files that are dropped here, with progress, and offer the result."""
    with st.container(border=True, height="stretch", key="translate_many"):
        st.markdown(t("**Translate many**"))
        given = st.file_uploader(
            t("Pictures, or a zip of them"),
            type=TYPES,
            accept_multiple_files=True,
            key=f"many_{name}",
            help=t("They stay on this machine. Each may have its own size."),
        )
        towards = _towards(_ways(name))
        asked = (name, towards, *(file.file_id for file in given))
        job = _job(asked)
        working = job is not None and job.state == "working"
        label = (
            t("Translate {files}", files=text.counted(len(given), "file"))
            if given
            else t("Translate")
        )
        if st.button(label, key="many_go", type="primary", disabled=not given or working):
            _start(asked, given)
        if job is not None:
            st.fragment(_progress, run_every=EVERY if working else None)(job, asked, working)


def _job(asked: tuple) -> Many | None:
    """The job of this translator, direction and these files; another one is ended."""
    known = st.session_state.get(JOB)
    if known is None:
        return None
    if known[0] != asked:
        known[1].cancel()
        del st.session_state[JOB]
        return None
    return known[1]


def _start(asked: tuple, given) -> None:
    name, towards, *_ = asked
    files = [(file.name, file.getvalue()) for file in given]
    opened = functools.partial(_opened, get_lab(), name, towards)
    facts = {"made_by": "GANscope", "run": name}
    st.session_state[JOB] = (asked, Many(opened, files, towards=towards, facts=facts).start())
    st.rerun()


def _progress(job: Many, asked: tuple, watched: bool) -> None:
    """How far it is; while it works also a way to end it, and what there is so far.

    Args:
        watched: it worked when the page was drawn, which asks again and again since.
    """
    working = job.state == "working"
    if working:
        st.progress(job.seen / max(job.total, 1), text.steps(job.seen, job.total))
    elif job.state == "failed":
        st.error(text.said(job.problem))
    elif job.state == "cancelled":
        st.caption(t("Cancelled after {seen:,} of {total:,}.", seen=job.seen, total=job.total))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if job.count:
            _download(job, asked, so_far=working)
        if working and st.button(t("Cancel"), key="many_cancel", icon=":material/close:"):
            job.cancel()
    _left_out(job)
    if watched and not working:
        st.rerun()  # a job that has ended is asked no more


def _download(job: Many, asked: tuple, *, so_far: bool) -> None:
    name, towards, *_ = asked
    kind = st.segmented_control(
        t("As"),
        list(FORMATS),
        default="png",
        key="many_as",
        required=True,
        format_func=lambda kind: t(FORMATS[kind]),
        help=t(
            "PNG: the outputs. Side by side: input and output. GIF: the input becomes the output."
        ),
    )
    label = t("Download {pictures}", pictures=text.counted(job.count, "picture"))
    st.download_button(
        t("Download so far") if so_far else label,
        functools.partial(job.packed, kind),
        f"{name}_{towards}{'' if kind == 'png' else f'_{kind}'}.zip",
        "application/zip",
        key="many_download",
        icon=":material/download:",
        on_click="ignore",
    )


def _left_out(job: Many) -> None:
    skipped = list(job.skipped.items())
    if skipped and job.state != "failed":
        said = [f"{text.plain(name)}: {text.plain(told(why))}" for name, why in skipped[:5]]
        more = len(skipped) - len(said)
        st.caption(
            t("Left out: ")
            + "; ".join(said)
            + (t("; and {more} more.", more=more) if more else ".")
        )


def _ways(name: str) -> dict[str, str]:
    """Way -> its words, "edges → digits"."""
    lab = get_lab()
    source = BundledTranslator(name, lab.data_dir) if is_bundled(name) else None
    dataset = source.dataset if source else lab.store.get(name).config["dataset"]
    ways = source.ways if source else lab.ways(name)
    first, second = side_names(dataset, "pairs" if "target" in ways else "sides")
    words = {"a": f"{second} → {first}"}
    return {way: words.get(way, f"{first} → {second}") for way in ways}


def _towards(ways: dict[str, str]) -> str:
    if len(ways) == 1:
        return next(iter(ways))
    return st.segmented_control(
        t("Direction"),
        list(ways),
        default=next(iter(ways)),
        key="many_way",
        required=True,
        format_func=ways.__getitem__,
    )


def _opened(lab, name: str, towards: str):
    """The translator of a run at its newest step, or one that comes with the app."""
    if not is_bundled(name):
        return lab.open_translator(name, towards=towards)
    return BundledTranslator(name, lab.data_dir).open().facing(towards)
