"""The house keeps its shape: imports point one way, pages and registries open without TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GAN_CORE, PAGES = ROOT / "gan_core", ROOT / "pages"
HEAVY = ("tensorflow", "keras")


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


@pytest.mark.parametrize("path", files(GAN_CORE), ids=lambda p: str(p.relative_to(ROOT)))
def test_gan_core_never_imports_the_ui(path):
    assert not imports_any(path, ("streamlit", "pages"))


@pytest.mark.parametrize("path", files(PAGES), ids=lambda p: str(p.relative_to(ROOT)))
def test_pages_never_import_tensorflow(path):
    assert not imports_any(path, HEAVY)


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        (
            "algorithms",
            ("gan_core.models", "gan_core.recipes", "gan_core.training", "gan_core.runs.run"),
        ),
        (
            "models",
            (
                "gan_core.algorithms",
                "gan_core.recipes",
                "gan_core.algorithms.losses",
                "gan_core.runs.run",
            ),
        ),
        (
            "data",
            ("gan_core.algorithms", "gan_core.training", "gan_core.recipes", "gan_core.runs.run"),
        ),
        ("recipes", ("gan_core.training", "gan_core.lab", "gan_core.runs.run")),
        ("training", ("gan_core.lab", "gan_core.cli", "gan_core.web")),
        ("web", ("gan_core.cli",)),
    ],
)
def test_arrows_point_down(folder, forbidden):
    for path in files(GAN_CORE / folder):
        bad = imports_any(path, forbidden)
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
