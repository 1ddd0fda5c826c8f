"""What is checked of types stands in pyproject.toml: the strict rooms, and no `ignore` without a reason."""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]
CODE = [*sorted((ROOT / "gan_core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]
STRICT_ROOMS = ("storage", "runs", "tasks", "algorithms", "evaluation", "data")
STRICT_FILES = ("errors", "config", "setting")
FLAGS = (
    "disallow_any_generics",
    "disallow_untyped_calls",
    "disallow_untyped_defs",
    "warn_return_any",
)
IGNORE = re.compile(r"# type: ignore\b(?P<codes>\[[a-z, -]+\])?(?P<reason>.*)")


def strict() -> dict:
    """The part of the configuration that is for the strict rooms."""
    (found,) = (part for part in MYPY["overrides"] if part.get("disallow_untyped_defs"))
    return found


def test_the_strict_rooms_are_named():
    named = set(strict()["module"])
    assert {f"gan_core.{room}.*" for room in STRICT_ROOMS} <= named
    assert {f"gan_core.{name}" for name in STRICT_FILES} <= named
    assert all(strict()[flag] is True for flag in FLAGS)
    assert strict()["implicit_reexport"] is False


def test_what_is_named_is_there():
    for name in strict()["module"]:
        importlib.import_module(name.removesuffix(".*"))


def test_all_code_is_checked_and_nothing_of_it_is_left_out():
    assert MYPY["files"] == ["gan_core", "pages", "app.py"] and MYPY["check_untyped_defs"] is True
    assert not {"exclude", "disable_error_code", "ignore_errors"} & {
        *MYPY,
        *(key for part in MYPY["overrides"] for key in part),
    }


def test_every_ignore_says_of_what_and_why():
    found = 0
    for path in [*CODE, ROOT / "app.py"]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if match := IGNORE.search(line):
                found += 1
                said = match["reason"].strip().removeprefix("#").strip()
                assert match["codes"] and len(said.split()) >= 3, f"{path}:{number}: {line.strip()}"
    assert found < 10  # a checker that is told to look away checks little


def late_packages() -> list[Path]:
    """Packages that load what they show when it is asked for."""
    return [
        p for p in sorted((ROOT / "gan_core").glob("*/__init__.py")) if "shown(" in p.read_text()
    ]


@pytest.mark.parametrize("path", late_packages(), ids=lambda path: path.parent.name)
def test_checkers_are_told_of_the_names_that_come_late(path):
    """What stands under TYPE_CHECKING is what the package shows, from the same modules."""
    name = f"gan_core.{path.parent.name}"
    (branch,) = (
        node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.If)
    )
    told = {a.asname: (i.module, a.name) for i in branch.body for a in i.names}
    package = importlib.import_module(name)
    assert set(told) == set(package.__all__)
    for shown, (module, own) in told.items():
        assert getattr(importlib.import_module(module), own) is getattr(package, shown)
