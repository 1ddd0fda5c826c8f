"""The house keeps its shape: imports point one way, pages and registries open without TensorFlow."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tools import draw_layers

ROOT = Path(__file__).resolve().parents[2]
GAN_CORE, PAGES = ROOT / "gan_core", ROOT / "pages"
HEAVY = ("tensorflow", "keras")
DOCS = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def imports(path):
    """Names of everything a file imports: `from a import b` may bring in the module `a.b`, too."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    named = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    for node in (n for n in nodes if isinstance(n, ast.ImportFrom)):
        assert not node.level, f"{path} imports by a relative name"
        module = node.module
        named |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return named


def imports_any(path, forbidden):
    """Which imports of a file are of these packages or of modules in them."""
    return {n for n in imports(path) for f in forbidden if n == f or n.startswith(f + ".")}


@pytest.mark.parametrize(
    "line",
    [
        "import gan_core.lab",
        "import gan_core.lab as house",
        "from gan_core.lab import Lab",
        "from gan_core import errors, lab",
        "from gan_core import lab as house",
        "def late():\n    from gan_core import lab",
        "if True:\n    import gan_core.lab",
    ],
)
def test_every_form_of_a_wrong_import_is_seen(line, tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text(line + "\n")
    assert imports_any(planted, ("gan_core.lab",))
    assert not imports_any(planted, ("gan_core.la", "gan_core.training"))


def files(folder):
    return sorted(folder.rglob("*.py"))


def wrong(paths, look):
    """{file: what `look` finds in it}, of those in which it finds something."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := look(path))}


def test_gan_core_never_imports_the_ui():
    assert wrong(files(GAN_CORE), lambda path: imports_any(path, ("streamlit", "pages"))) == {}


def test_pages_never_import_tensorflow():
    assert wrong(files(PAGES), lambda path: imports_any(path, HEAVY)) == {}


def test_no_page_knows_a_recipe_by_name():
    """They ask what a recipe needs and says of itself: another one must not need another page."""
    from gan_core import recipes

    names = {*recipes.names()}

    def named(path):
        return names & set(re.findall(r"""["'`]([a-z0-9_]+)["'`]""", path.read_text("utf-8")))

    components = sorted((ROOT / "assets" / "components").rglob("*.js"))
    assert len(components) > 100
    assert wrong([*files(PAGES), *components], named) == {}


def tasks_compared(path):
    """Lines of a file on which something called `task`, or its `name`, is compared with a text."""
    found = []
    for node in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Compare)):
        sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
        if any(re.search(r"\btask(\.name)?$", side) for side in sides) and "'" in "".join(sides):
            found.append(node.lineno)
    return found


def test_no_page_asks_what_a_task_is_called(tmp_path):
    """They ask for its parts of pages and what it takes: another one must not need another page."""
    assert wrong(files(PAGES), tasks_compared) == {}
    planted = tmp_path / "planted.py"
    planted.write_text(
        "a = found.task == 'one'\nb = 'one' != task\nc = task.name in ('one', 'two')\n"
    )
    assert tasks_compared(planted) == [1, 2, 3]


def lint_imports(folder):
    """Exit code and words of import-linter, by the contracts in pyproject.toml."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_of_imports_are_kept():
    code, words = lint_imports(ROOT)
    assert code == 0, words


def test_the_picture_of_layers_is_that_of_the_contract():
    rows = draw_layers.layers()
    assert {room for row in rows for room in row} == {*draw_layers.ROOMS} - {draw_layers.PAGES}
    drawn = draw_layers.PICTURE.read_text("utf-8")
    assert drawn == draw_layers.picture(rows), "python -m tools.draw_layers"
    named = re.findall(r'class="name">(\w+)<', drawn)
    assert named == [room for row in rows for room in row]  # each once, the highest first
    assert ElementTree.fromstring(drawn).tag.endswith("svg") and "pictures/layers.svg" in DOCS


PLANTED = {
    "gan_core/storage/planted.py": "from gan_core.runs.run import Run",
    "gan_core/tasks/planted.py": "from gan_core import lab",
    "gan_core/runs/planted.py": "def late():\n    from gan_core.data import base",
    "pages/planted.py": "import tensorflow",
}


def lint_planted(folder, planted):
    """What import-linter says of a copy of the house with these texts in it, each at the end of a file."""
    for name in ("gan_core", "pages"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for place, text in planted.items():
        with open(folder / place, "a") as file:
            file.write(f"\n{text}\n")
    return lint_imports(folder)


def test_planted_wrong_imports_break_the_contracts(tmp_path):
    code, words = lint_planted(tmp_path, PLANTED)
    assert code == 1
    seen = {place for place in PLANTED if place[:-3].replace("/", ".") + " -> " in words}
    assert seen == {*PLANTED}, words


TYPES_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
CIRCLES = {  # room: what makes a circle in it, no arrow of which points to another room
    "gan_core.evaluation": {
        "gan_core/evaluation/planted.py": "from gan_core.evaluation import planted_too",
        "gan_core/evaluation/planted_too.py": TYPES_ONLY
        + "from gan_core.evaluation.planted import Thing",
    },
    "gan_core.importing": {
        "gan_core/importing/trees.py": "def late():\n    from gan_core.importing import archives",
    },
    "gan_core.runs": {"gan_core/runs/saved/planted.py": "from gan_core.runs.run import Run"},
    "gan_core.explore.foreign": {
        "gan_core/explore/foreign/values.py": "import gan_core.explore.foreign.build",
    },
    "pages.ui": {"pages/ui/shared/planted.py": "from pages.ui.train import new"},
}


def test_planted_circles_break_the_contracts(tmp_path):
    """Also between packages and files of one room, for types alone, or in a function."""
    code, words = lint_planted(tmp_path, {k: v for c in CIRCLES.values() for k, v in c.items()})
    assert code == 1
    seen = set(re.findall(r"No cycles are allowed in ([a-z_.]+)\.", words))
    assert seen == {*CIRCLES}, words


LIGHT = ("config", "lab", "recipes", "cli", "web", "runs.store", "doctor.report")
OPENS = """
import importlib, sys

def heavy():
    return {"tensorflow", "keras"} & set(sys.modules)

for name in sys.argv[1:]:
    importlib.import_module("gan_core." + name)
    assert not heavy(), name
from gan_core import recipes
from gan_core.cli import build_parser
build_parser()
[recipes.get(n) for n in recipes.names()]
assert not heavy(), "parser and recipes"
"""


def test_opens_without_tensorflow():
    subprocess.run([sys.executable, "-W", "ignore", "-c", OPENS, *LIGHT], check=True, cwd=ROOT)


def test_importing_the_package_imports_nothing():
    code = (
        "import sys; before = set(sys.modules); import gan_core\n"
        "assert set(sys.modules) - before == {'gan_core'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


PACKAGES = {  # "evaluation.measuring" -> its __init__.py
    ".".join(path.parent.relative_to(GAN_CORE).parts): path
    for path in GAN_CORE.rglob("__init__.py")
}
EAGER = {"recipes", "tasks", "cli", "evaluation.measuring"}  # DOCS says why


def own_names(path):
    """Names that a package holds itself; protocols say what is asked for, and are none of them."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef) and "Protocol" in map(ast.unparse, node.bases):
            continue
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            places = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name for place in places for name in ast.unparse(place).split(", ")}
    return {name for name in found if name[0] != "_"}


def loaded_with(path):
    """Modules of ours that a package imports at its top."""
    nodes = [n for n in ast.parse(path.read_text()).body if isinstance(n, ast.ImportFrom)]
    named = {f"{n.module}.{alias.name}" for n in nodes for alias in n.names}
    return {name for name in named if name.startswith("gan_core.")} - {"gan_core.shown"}


def test_a_package_holds_few_names_and_those_that_load_others_are_told():
    assert len(PACKAGES) > 30
    assert {n: own for n, path in PACKAGES.items() if len(own := own_names(path)) > 8} == {}
    assert {name for name, path in PACKAGES.items() if loaded_with(path)} == EAGER
    assert all(f"`{name}`" in DOCS for name in EAGER)


def test_no_package_opens_tensorflow():
    code = OPENS.partition("from gan_core import recipes")[0]
    names = [name for name in PACKAGES if name]
    command = [sys.executable, "-W", "ignore", "-c", code, *names]
    subprocess.run(command, check=True, cwd=ROOT)


def lines_that_run(path):
    """Of a script: without comments and what is empty."""
    text = re.sub(r"/\*(?:[^*]|\*(?!/))*\*/", "", path.read_text("utf-8"))
    return [
        line for line in text.splitlines() if line.strip() and not line.strip().startswith("//")
    ]


def test_files_that_are_long_are_told():
    python = [path for folder in (GAN_CORE, PAGES) for path in files(folder)]
    long = [path for path in python if len(path.read_text("utf-8").splitlines()) > 300]
    scripts = (ROOT / "assets").rglob("*.js")
    long += [path for path in scripts if len(lines_that_run(path)) > 400]
    places = [path.relative_to(ROOT).as_posix() for path in long]
    short = [place.removeprefix("gan_core/").removeprefix("assets/components/") for place in places]
    told = DOCS.partition("- Files of `gan_core` and `pages` end at")[2].partition("\n- ")[0]
    assert sorted(short) == sorted(re.findall(r"`([\w/]+\.(?:py|js))`", told))


def packages():
    """Packages of gan_core that show names of their modules."""
    return sorted(name for name, path in PACKAGES.items() if name and "shown(" in path.read_text())


@pytest.mark.parametrize("name", packages())
def test_a_package_shows_few_names_and_loads_them_late(name):
    package = importlib.import_module(f"gan_core.{name}")
    assert 0 < len(package.__all__) <= 8
    assert all(getattr(package, shown) is not None for shown in package.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing
    code = (
        f"import sys, gan_core.{name}; own = [m for m in sys.modules if m.startswith('gan_core.')]\n"
        f"assert own == ['gan_core.{name}'], own"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_nothing_else_lies_loose():
    loose = {path.stem for path in GAN_CORE.glob("*.py")}
    known = {
        "__init__",
        "__main__",
        "errors",
        "config",
        "setting",
        "types",
        "lab",
        "remedy",
        "metric_table",
    }
    assert loose <= known
