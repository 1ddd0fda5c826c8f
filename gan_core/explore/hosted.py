"""Generators that lie on the internet and are opened in one press: a catalogue (assets/hosted.json).

An entry has the address of a `model.json`, `.keras` or `.h5` file, the SHA-256 of what is fetched, what
z was drawn from, and a card; the schema: docs/hosted.md. It is fetched by the same guard as an address
that somebody types, and read by the same reader.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan_core.errors import ConfigError
from gan_core.explore.foreign import importing
from gan_core.explore.foreign.fetch import Refused
from gan_core.explore.library import PRIORS, Library
from gan_core.storage import access, files
from gan_core.storage.assets import ASSETS

CATALOGUE = ASSETS / "hosted.json"
FORMAT = 1
CARD = ("recipe", "data", "data_licence", "origin", "licence")
_SHA256 = re.compile(r"[0-9a-f]{64}|")


@dataclass(frozen=True)
class Hosted:
    """A generator that is fetched.

    Attributes:
        title: what people call it.
        address: https:// of its file, or of its `model.json`.
        sha256: of all bytes that are fetched, in their order; "": not known, nothing is compared.
        prior: "normal" or "uniform", what z was drawn from in training.
        card: texts by name, of CARD.
    """

    title: str
    address: str
    prior: str
    sha256: str = ""
    card: dict[str, str] = field(default_factory=dict)


def listed(path: Path = CATALOGUE) -> list[Hosted]:
    """All entries, in the order of the file.

    Raises:
        ConfigError: an entry is none; the text says which and why.
    """
    found = files.read_json(path)
    files.check_format(found.get("format"), FORMAT, f"The catalogue {path.name}")
    return [_checked(number, entry) for number, entry in enumerate(found["generators"], 1)]


def _checked(number: int, entry: dict[str, Any]) -> Hosted:
    """An entry of the file."""
    names = ("title", "address", "sha256", "prior")
    texts = {name: str(entry.get(name, "")) for name in names}
    card = entry.get("card") or {}
    wrong = {
        "title": not 1 <= len(texts["title"]) <= 100,
        "address": not texts["address"].startswith("https://"),
        "sha256": not _SHA256.fullmatch(texts["sha256"]),
        "prior": texts["prior"] not in PRIORS,
        "card": not (isinstance(card, dict) and set(card) <= {*CARD}),
    }
    if bad := [name for name, is_wrong in wrong.items() if is_wrong]:
        received = str(entry.get(bad[0]))[:80]
        raise ConfigError(
            f"Entry {number} of the catalogue has a wrong `{bad[0]}` (docs/hosted.md). "
            f"Received: `{received}`."
        )
    return Hosted(**texts, card={name: str(text) for name, text in card.items()})


@access.for_trainers
def open_hosted(library: Library, entry: Hosted, **limits) -> str:
    """Fetch it and keep it with the opened generators; returns its id there.

    Args:
        limits: as for fetch.fetch.

    Raises:
        Refused: no connection, an address that is none of the open internet, or another file than
            the catalogue says.
        Unfit: what came is no generator that can be read.
    """
    digest = hashlib.sha256()
    found = importing.from_url(entry.address, seen=digest.update, **limits)
    if entry.sha256 and digest.hexdigest() != entry.sha256:
        raise Refused(
            f"What `{entry.address[:120]}` gives is not what the catalogue names: its SHA-256 is "
            f"{digest.hexdigest()[:12]}…, not {entry.sha256[:12]}…. It was not opened."
        )
    return library.add(
        found.plan, found.arrays, title=entry.title, origin=entry.address, prior=entry.prior
    )
