"""Many pictures through a translator: dropped files or a zip in, a zip out; a fragment of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath

import streamlit as st

from gan_core.errors import GanError
from gan_core.explore.translator_sources import BundledTranslator, is_bundled
from gan_core.explore.translators import side_names
from gan_core.export import translations
from gan_core.storage import access, picture_files
from pages.ui.shared import text
from pages.ui.shared.state import get_lab

TYPES = [suffix.removeprefix(".") for suffix in picture_files.SUFFIXES] + ["zip"]
MADE = "translate_made"  # (what was asked, name of the zip, its bytes, pictures, what was skipped)


@st.fragment
def panel(name: str) -> None:
    """Translate files that are dropped here, with progress, and offer the result."""
    with st.container(border=True, height="stretch", key="translate_many"):
        st.markdown("**Translate many**")
        given = st.file_uploader(
            "Pictures, or a zip of them", type=TYPES, accept_multiple_files=True,
            key=f"many_{name}", help="They stay on this machine. Each may have its own size.",
        )  # fmt: skip
        towards = _towards(_ways(name))
        asked = (name, towards, *(file.file_id for file in given))
        label = f"Translate {text.counted(len(given), 'file')}" if given else "Translate"
        if st.button(label, key="many_go", type="primary", disabled=not given):
            _translate(asked, name, towards, given)
        _result(asked)


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
        "Direction", list(ways), default=next(iter(ways)), key="many_way", required=True,
        format_func=ways.__getitem__,
    )  # fmt: skip


def _translate(asked: tuple, name: str, towards: str, given) -> None:
    st.session_state.pop(MADE, None)
    bar = st.progress(0.0, "Reading")

    def told(done: int, total: int) -> None:
        bar.progress(done / total, f"{done:,} of {total:,}")

    try:
        with access.in_turn(), tempfile.TemporaryDirectory() as folder:
            found = picture_files.found(_kept(Path(folder), given))
            translator = _opened(name, towards)
            results = translations.translated(translator, found, towards=towards, progress=told)
            facts = {
                "made_by": "GANscope",
                "run": name,
                "step": translator.step,
                "towards": towards,
            }
            out = Path(folder) / "out.zip"
            made = translations.write(out, results, facts)
            title = f"{name}_{translator.step}_{towards}.zip"
            st.session_state[MADE] = (asked, title, out.read_bytes(), made.count, made.skipped)
    except GanError as error:
        st.error(text.said(error))
    finally:
        bar.empty()


def _opened(name: str, towards: str):
    """The translator of a run at its newest step, or one that comes with the app."""
    lab = get_lab()
    if not is_bundled(name):
        return lab.open_translator(name, towards=towards)
    return BundledTranslator(name, lab.data_dir).open().facing(towards)


def _kept(folder: Path, given) -> Path:
    """What was dropped as a file or folder of this machine; names are only names."""
    if len(given) == 1 and given[0].name.lower().endswith(".zip"):
        path = folder / "in.zip"
        path.write_bytes(given[0].getvalue())
        return path
    into = folder / "in"
    into.mkdir()
    for number, file in enumerate(given):
        stem = PurePosixPath(picture_files.safe_name(file.name)).name
        (into / f"{number:04d}_{stem[-80:]}").write_bytes(file.getvalue())
    return into


def _result(asked: tuple) -> None:
    made = st.session_state.get(MADE)
    if not made or made[0] != asked:
        return
    _, title, data, count, skipped = made
    st.download_button(
        f"Download {text.counted(count, 'picture')}", data, title, "application/zip",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    if skipped:
        said = [f"{text.plain(name)}: {text.plain(why)}" for name, why in list(skipped.items())[:5]]
        more = len(skipped) - len(said)
        st.caption("Left out: " + "; ".join(said) + (f"; and {more} more." if more else "."))
