"""The house keeps its shape: imports point one way, pages and registries open without TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GAN_CORE, PAGES = ROOT / "gan_core", ROOT / "pages"
HEAVY = {"tensorflow", "keras"}


def imports(path, *, top_level_only=False):
    """Names of imported modules in a file."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def files(folder):
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("path", files(GAN_CORE), ids=lambda p: str(p.relative_to(ROOT)))
def test_gan_core_never_imports_the_ui(path):
    assert not {n for n in imports(path) if n.split(".")[0] in {"streamlit", "pages"}}


@pytest.mark.parametrize("path", files(PAGES), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_never_import_tensorflow(path):
    assert not {n for n in imports(path) if n.split(".")[0] in HEAVY}


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        (
            "algorithms",
            ("gan_core.models", "gan_core.recipes", "gan_core.training", "gan_core.run"),
        ),
        ("models", ("gan_core.algorithms", "gan_core.recipes", "gan_core.losses", "gan_core.run")),
        ("data", ("gan_core.algorithms", "gan_core.training", "gan_core.recipes", "gan_core.run")),
        ("recipes", ("gan_core.training", "gan_core.lab", "gan_core.run")),
        ("training", ("gan_core.lab", "gan_core.cli", "gan_core.web")),
        ("web", ("gan_core.cli",)),
    ],
)
def test_arrows_point_down(folder, forbidden):
    for path in files(GAN_CORE / folder):
        bad = {n for n in imports(path) for f in forbidden if n == f or n.startswith(f + ".")}
        assert not bad, f"{path.relative_to(ROOT)} imports {bad}"


@pytest.mark.parametrize(
    "names",
    ["config, lab, recipes, runs", "cli", "web"],
)
def test_opens_without_tensorflow(names):
    code = (
        f"import sys; from gan_core import {names}; from gan_core import recipes\n"
        "from gan_core.cli import build_parser; build_parser()\n"
        "[recipes.get(n) for n in recipes.names()]\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=ROOT)


def test_importing_the_package_imports_nothing():
    code = (
        "import sys; before = set(sys.modules); import gan_core\n"
        "assert set(sys.modules) - before == {'gan_core'}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
