"""Data sets in the words of the Data page."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, urlencode

from gan_core.data.base import DatasetSpec
from gan_core.storage.assets import ASSETS
from pages.ui.shared import start, text
from pages.ui.shared.language import N_, t, told

TAGS = {"pairs": N_("pairs"), "sides": N_("two sides"), "points": N_("points")}
COLOURS = {1: N_("grey"), 3: N_("colour")}


def card(spec: DatasetSpec, num_runs: int, data_dir) -> dict:
    """What the list shows of a set."""
    size = file_bytes(spec, data_dir)
    return {
        "name": spec.name,
        "tag": t("default") if spec.name == start.DATASET else t(TAGS.get(spec.kind, "")),
        "kind": spec.kind,
        "section": section(spec),
        "words": words(spec),
        "facts": " · ".join(filter(None, (*facts(spec), _runs(num_runs)))),
        "image": picture(spec),
        "problem": told(spec.problem),
        "warning": told(spec.warning),
        "download": spec.download_bytes,
        "terms": t("Licence: {licence}", licence=t(spec.licence)) if spec.download_bytes else "",
        "bytes": size,
    }


def section(spec: DatasetSpec) -> str:
    """Where it stands: "yours", "app" or "download"."""
    if spec.source == "file":
        return "yours"
    return "download" if spec.source == "download" or spec.download_bytes else "app"


def words(spec: DatasetSpec) -> str:
    """A sentence or two: what it holds."""
    if spec.problem:
        return t("Cannot be used.")
    title = "" if spec.title == spec.name else f"{t(spec.title)}."
    return " ".join(filter(None, (title, t(spec.summary), f"{_amount(spec)}.")))


def _amount(spec: DatasetSpec) -> str:
    held_out = spec.num_held_out + spec.num_held_out_b
    return t(
        "{amount} to learn from, {held_out:,} held out", amount=told(spec.amount), held_out=held_out
    )


def shape(spec: DatasetSpec) -> str:
    """`28 × 28 grey`, `32 × 32 colour`; of pairs what goes in and what comes out where they differ."""
    if spec.kind == "points":
        return t("made as needed")
    own, other = (_shape(s) for s in (spec.image_shape, spec.target_shape))
    if not other or own == other:
        return own
    same = spec.image_shape[:2] == spec.target_shape[:2]
    second = t(COLOURS.get(spec.target_shape[2], "")) if same else other
    if spec.kind == "pairs":
        return t("{own} to {other}", own=own, other=second)
    return t("{own} and {other}", own=own, other=second)


def _shape(image_shape: tuple[int, ...]) -> str:
    if len(image_shape) != 3:
        return ""
    height, width, channels = image_shape
    return f"{height} × {width} {t(COLOURS.get(channels, ''))}".strip()


def facts(spec: DatasetSpec) -> list[str]:
    """Its shape and what else is told in a word or two."""
    if spec.problem:
        return []
    kind = {"pairs": t("pairs"), "sides": t("A and B")}.get(spec.kind, "")
    if spec.kind == "images" and spec.num_classes:
        kind = text.counted(spec.num_classes, "class")
    size = (
        t("{download_bytes} to download", download_bytes=text.size(spec.download_bytes))
        if spec.download_bytes
        else ""
    )
    return [fact for fact in (shape(spec), kind, size) if fact]


def _runs(count: int) -> str:
    return text.counted(count, "run") if count else ""


def picture(spec: DatasetSpec) -> str:
    """Where the browser finds a few of its images, below the app; it changes with them."""
    bundled = (ASSETS / "samples" / f"{spec.name}.png").is_file()
    if spec.problem or not (bundled or (spec.source == "file" and spec.available)):
        return ""
    return f"api/data/sets/{quote(spec.name)}/card.png?{urlencode({'v': version(spec)})}"


def version(spec: DatasetSpec) -> str:
    """Of its images, as the routes take it."""
    return spec.digest or spec.source


def file_bytes(spec: DatasetSpec, data_dir) -> int:
    """Of its file on this machine; 0 without one of its own."""
    folder = ASSETS if spec.source == "bundled" else Path(data_dir)
    try:
        return os.stat(folder / f"{spec.name}.npz").st_size
    except OSError:
        return 0


def space(cards: list[dict], free: int) -> str:
    """How many sets are on this machine, and what they take."""
    here = [c for c in cards if not c["download"] and not c["problem"]]
    taken = text.size(sum(c["bytes"] for c in cards))
    return t(
        "What networks learn from. {here} of {cards} sets are on this machine, "
        "{taken}; {free} free.",
        here=len(here),
        cards=len(cards),
        taken=taken,
        free=text.size(free),
    )
