"""What is known of a set that was imported: a small JSON file beside its .npz, `<name>.card.json`.

    {"format": 1, "title", "licence", "origin", "kept_at", "version", "form", "fit", "size", "grey",
     "ground", "held_out", "counts": {...}, "left_out": {reason: count}, "digest"}

It counts only while `digest` is that of the .npz, and like any file of the folder it may be a stranger's:
what is not as expected is as if it were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gan_core.data.record import MAX_TEXT
from gan_core.errors import RunError
from gan_core.storage import files

FORMAT = 1
ENDING = ".card.json"
MOST_BYTES = 1 << 20
MOST_REASONS = 40


@dataclass(frozen=True)
class Card:
    """A card that can be relied on.

    Attributes:
        title, licence: texts, never empty.
        origin: where the pictures came from, in words; may be "".
        kept_at: Unix time in seconds.
        version: of the program that kept it.
        form: what it was made from: "folder", "zip", ...
        fit, size, grey, held_out: of the plan; size 0 kept arrays as they were.
        counts: of rows by split; left_out: of pictures by reason.
        ground: what shows through transparent pictures; those of earlier versions lie on white.
    """

    title: str
    licence: str
    origin: str
    kept_at: float
    version: str
    form: str
    fit: str
    size: int
    grey: bool
    held_out: float
    counts: dict[str, int]
    left_out: dict[str, int]
    ground: str = "white"


def path_of(npz: Path) -> Path:
    """Where the card of a data set's file lies."""
    return npz.with_name(npz.stem + ENDING)


def read(npz: Path, digest: str) -> Card | None:
    """The card of a file with this digest, kept until it changes; None where none can be relied on."""
    path = path_of(npz)
    try:
        state = path.stat()
    except OSError:
        return None
    return _read(path, state.st_mtime_ns, state.st_size, digest)


@lru_cache(maxsize=256)
def _read(path: Path, _mtime_ns: int, size: int, digest: str) -> Card | None:
    if size > MOST_BYTES:
        return None
    try:
        found = files.read_json(path)
    except RunError:
        return None
    return _checked(found) if _fits(found, digest) else None


def write(npz: Path, card: Card, digest: str) -> None:
    """Put the card of a file in its place, in one step."""
    files.write_json(path_of(npz), {"format": FORMAT} | vars(card) | {"digest": digest})


def is_one(path: Path) -> bool:
    """Whether a file is a card, of whatever set."""
    try:
        found = files.read_json(path) if path.stat().st_size <= MOST_BYTES else None
    except (OSError, RunError):
        return False
    return isinstance(found, dict) and _fits(found, str(found.get("digest") or ""))


def _fits(found: Any, digest: str) -> bool:
    whole = isinstance(found, dict) and found.get("format") == FORMAT
    return whole and bool(digest) and found.get("digest") == digest


def _checked(found: dict[str, Any]) -> Card | None:
    found = {"ground": "white"} | found
    kept: dict[str, Any] = {name: found.get(name) for name in Card.__dataclass_fields__}
    if not all(good(kept[name]) for name, good in _RULES.items()):
        return None
    return Card(**kept)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TEXT and value.isprintable()


def _is_some_text(value: Any) -> bool:
    return _is_text(value) and bool(value.strip())


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _are_counts(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) <= MOST_REASONS
        and all(
            _is_text(k) and isinstance(n, int) and _is_number(n, 0, 1e12) for k, n in value.items()
        )
    )


_RULES = {
    "title": _is_some_text,
    "licence": _is_some_text,
    "origin": _is_text,
    "kept_at": lambda value: _is_number(value, 0, 1e11),
    "version": _is_text,
    "form": _is_text,
    "fit": _is_text,
    "size": lambda value: isinstance(value, int) and _is_number(value, 0, 4096),
    "grey": lambda value: isinstance(value, bool),
    "held_out": lambda value: _is_number(value, 0, 1),
    "counts": _are_counts,
    "left_out": _are_counts,
    "ground": _is_text,
}
