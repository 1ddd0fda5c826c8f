"""The catalogues of the app's languages: found in the code, kept by hand, packed for pages and browser.

    python tools/languages.py update   # after texts changed: .pot from the code, then into every .po
    python tools/languages.py pack     # after translating: .mo for the pages, .json for the components

Two domains. `ganscope`: what pages and components say, wherever `t`, `tn`, `N_` and `NN_` stand. `engine`:
what gan_core says of settings, recipes, metrics, data and runs, which pages translate where they show it;
a text with numbers in it becomes a template with a name for each gap. docs/languages.md says more.
"""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from engine_texts import texts_of_engine  # noqa: E402 (found where this file is)

FOLDER = ROOT / "assets" / "languages"
COMPONENTS = ROOT / "assets" / "components"
LANGUAGES = ("ko",)
KEYWORDS = {"t": 1, "tn": 2, "N_": 1, "NN_": 2}  # name: texts
HEAD = ("msg", '"Language:', '"Plural-Forms', '"MIME', '"Content')  # no dates, no names
TERMS = COMPONENTS / "shared" / "terms.js"


def catalogue(domain: str) -> Catalog:
    """The template of a domain, from the code as it is."""
    made = Catalog(project="GANscope", version="", charset="utf-8", fuzzy=False)
    found = _of_app() if domain == "ganscope" else texts_of_engine()
    for text, path in found:
        flags = ("python-brace-format",) if "{" in str(text) else ()
        made.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)], flags=flags)
    return made


def _of_app() -> Iterator[tuple[str | tuple[str, str], Path]]:
    for path in sorted(ROOT.glob("pages/**/*.py")):
        for text in marked(path.read_text("utf-8")):
            yield text, path
    for path in sorted(COMPONENTS.rglob("*.js")):
        for text in marked_js(path.read_text("utf-8")):
            yield text, path
    module = TERMS.read_text("utf-8")
    for pair in json.loads(
        module[module.index("export default ") + 15 : module.rindex(";")]
    ).values():
        for text in pair:
            yield text, TERMS


def marked(source: str) -> Iterator[str | tuple[str, str]]:
    """The texts of a module of pages, also those inside f-strings, which Babel passes over."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS:
            count = KEYWORDS[node.func.id]
            found = [getattr(each, "value", None) for each in node.args[:count]]
            if len(found) == count and all(isinstance(each, str) for each in found):
                yield tuple(found) if count > 1 else found[0]


def marked_js(source: str) -> Iterator[str | tuple[str, str]]:
    """The same of a component, also those that stand among the values of another text."""
    text = r'("(?:[^"\\\n]|\\.)*")'
    for one, many in re.findall(rf"\btn?\(\s*{text}(?:,\s+{text})?", source):
        yield (json.loads(one), json.loads(many)) if many else json.loads(one)


# ---- files ----


def write_pot(domain: str) -> None:
    _write(FOLDER / f"{domain}.pot", catalogue(domain))


def _write(path: Path, made: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    options = {"width": 110, "include_lineno": False, "sort_by_file": True, "ignore_obsolete": True}
    pofile.write_po(buffer, made, **options)
    head, _, rest = buffer.getvalue().decode().partition("\n\n")
    lines = [line for line in head.splitlines() if line.startswith(HEAD)]
    path.write_text("\n".join([*lines, "", rest]), "utf-8")


def read(path: Path, language: str | None = None) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language, project="GANscope", fuzzy=False)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language)


def po(domain: str, language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def update() -> None:
    for domain in ("ganscope", "engine"):
        write_pot(domain)
        for language in LANGUAGES:
            kept = read(po(domain, language), language)
            kept.update(read(FOLDER / f"{domain}.pot"), no_fuzzy_matching=True)
            kept.obsolete.clear()
            _write(po(domain, language), kept)


def pack() -> None:
    for language in LANGUAGES:
        for domain in ("ganscope", "engine"):
            with po(domain, language).with_suffix(".mo").open("wb") as file:
                write_mo(file, read(po(domain, language), language))
        path = COMPONENTS / "shared" / "languages" / f"{language}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(packed(language), "utf-8")


def packed(language: str) -> str:
    """What a browser needs: the texts of components, and all that the engine says."""
    own = read(po("ganscope", language), language)
    engine = read(po("engine", language), language)
    texts = {
        _first(m.id): _first(m.string)
        for m in own
        if m.id and any(path.startswith("assets/") for path, _ in m.locations)
    }
    found = {"texts": texts, "engine": {m.id: m.string for m in engine if m.id}}
    known = {part: {k: v for k, v in both.items() if v} for part, both in found.items()}
    return json.dumps(known, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


if __name__ == "__main__":
    {"update": update, "pack": pack}[sys.argv[1] if len(sys.argv) == 2 else "update"]()
