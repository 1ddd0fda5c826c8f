"""One HTML file that draws by itself: page, network, weights and card, and nothing from outside.

Its policy (https://www.w3.org/TR/CSP3/) lets this one script and this one style sheet run, by their
SHA-256, and nothing be fetched. Names and texts of the card are data: the page sets them as text.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

from gan_core.export.web import pack
from gan_core.storage.assets import ASSETS, COMPONENTS

FOLDER = ASSETS / "web_page"
_IMPORT = re.compile(r'^import \{\s([^}]+?),?\s\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) )(\w+)", re.MULTILINE)
# What only a reader of the source needs: comments that stand by themselves, types with them, and what
# lines are moved in by.
_COMMENT = re.compile(r"^[ ]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/[ ]*)\n", re.MULTILINE)
_INDENT = re.compile(r"^[ ]+", re.MULTILINE)


def built(card: dict[str, Any], plans: list[dict], entries: list[dict], weights: bytes) -> bytes:
    """The file.

    Args:
        card: what the page says of itself and needs to know, as JSON; its `kind` names the module that
            begins: "generator", "translator" or "style".
        plans: a network each (network.plan_of), of which a translator has one for each direction.
        entries, weights: from pack.packed.
    """
    script, style = _script(card["kind"]), (FOLDER / "page.css").read_text(encoding="utf-8")
    data = pack.carried({"plans": plans, "entries": entries}, weights)
    parts = {
        "title": html.escape(card["title"]),
        "style": style,
        "style_hash": _source_hash(style),
        "script": script,
        "script_hash": _source_hash(script),
        "card": _json(card),
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": str(len(data)),
        "weights": pack.text(data),
    }
    page = (FOLDER / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: parts[found[1]], page).encode()


def _json(value: Any) -> str:
    """JSON that no script element ends at: `<` is written as an escape."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@functools.cache
def _script(kind: str) -> str:
    """All modules that a kind of page needs in one, those that others need first."""
    found: dict[Path, str] = {}
    _gather(FOLDER / f"{kind}.js", found)
    return "\n".join(found.values())


def _gather(path: Path, found: dict[Path, str]) -> None:
    source = path.read_text(encoding="utf-8")
    for needed in _IMPORT.finditer(source):
        other = (path.parent / needed[2]).resolve()
        if other not in found:
            _gather(other, found)
    found[path.resolve()] = _closed(path, source)


def _closed(path: Path, source: str) -> str:
    """A module as a function that is called at once: what it needs comes in, what it shows comes out."""
    names = [found[2] for found in _EXPORT.finditer(source)]
    taken = _IMPORT.sub(lambda f: f"const {{ {f[1]} }} = {_name(path.parent / f[2])};\n", source)
    body = _INDENT.sub("", _COMMENT.sub("", _EXPORT.sub(r"\1\2", taken)))
    return f"const {_name(path)} = (() => {{\n{body}\nreturn {{ {', '.join(names)} }};\n}})();"


def _name(path: Path) -> str:
    own = path.resolve()
    base = COMPONENTS if own.is_relative_to(COMPONENTS.resolve()) else FOLDER
    return "$" + re.sub(r"\W", "_", own.relative_to(base.resolve()).as_posix().removesuffix(".js"))
