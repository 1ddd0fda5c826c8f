"""Networks without a run, by their id: those that come with the app, and those opened from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gan_core.explore import library, translator_sources
from gan_core.explore.library import Library
from gan_core.explore.sources import LibrarySource
from gan_core.explore.translator_sources import BundledTranslator
from gan_core.export.web import style


def is_id(name: str) -> bool:
    """Whether it names such a network and not a run."""
    return name == style.NAME or library.is_id(name) or translator_sources.is_bundled(name)


def open_network(name: str, root: Path, data_dir: Path):
    """A TrainedGenerator or a Translator; imports TensorFlow. Or the InstantStyle.

    Raises:
        RunError: there is none of this name.
    """
    if name == style.NAME:
        return style.InstantStyle()
    from gan_core.startup import runtime

    runtime.start()
    if translator_sources.is_bundled(name):
        return BundledTranslator(name, data_dir).open()
    source = LibrarySource(Library(root), name, data_dir)
    step, _ = source.find(None)
    return source.build(step, source.arrays(step))


def card_of(name: str, root: Path, data_dir: Path) -> dict[str, Any]:
    """What it says of itself; RunError where there is none of this name."""
    if name == style.NAME:
        return {}
    if translator_sources.is_bundled(name):
        return BundledTranslator(name, data_dir).card
    return Library(root).card(name)
