"""docs/parts_of_pages.md names every page part, route and component there is, and nothing else."""

import importlib
import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "parts_of_pages.md").read_text("utf-8")
HEAD = ["feature", "page part", "route", "component", "test"]
NAMED = re.compile(r"`([^`]+)`")


def tables() -> list[list[list[str]]]:
    """Every table of the page as rows of cells, without the line below its head."""
    found = [block for block in TEXT.split("\n\n") if block.startswith("|")]
    return [
        [[cell.strip() for cell in line.strip("|\n").split("|")] for line in block.splitlines()]
        for block in found
    ]


def column(name: str) -> list[str]:
    """All that stands in backticks in the column of this name."""
    rows = [row for table in tables() if table[0] == HEAD for row in table[2:]]
    assert all(len(row) == len(HEAD) for row in rows)
    return [each for row in rows for each in NAMED.findall(row[HEAD.index(name)])]


def there(folder: str, pattern: str) -> set[str]:
    """Files below a folder by their path in it."""
    paths = (ROOT / folder).rglob(pattern)
    return {p.relative_to(ROOT / folder).as_posix() for p in paths if p.name != "__init__.py"}


def routes() -> dict[str, set[str]]:
    """The addresses that each module of routes makes."""
    found = {}
    for path in sorted((ROOT / "gan_core" / "web").glob("*routes.py")):
        module = importlib.import_module(f"gan_core.web.{path.stem}")
        makers = [m for n, m in inspect.getmembers(module) if re.fullmatch(r"make_\w*routes", n)]
        plotly = version("plotly")
        made = [route.path for maker in makers for route in maker(lambda: None)]
        found[module.__name__] = {p.replace(f"-{plotly}.", "-{version}.") for p in made}
    return found


@pytest.mark.parametrize(
    ("name", "folder", "pattern"),
    [("page part", "pages/ui", "*.py"), ("component", "assets/components", "*.js")],
)
def test_every_part_has_its_row_and_every_row_its_part(name, folder, pattern):
    named, found = set(column(name)), there(folder, pattern)
    assert named == found, f"docs/parts_of_pages.md: {sorted(named ^ found)}"


def test_every_test_that_is_named_exists():
    missing = [name for name in column("test") if not (ROOT / "tests" / name).is_file()]
    assert not missing


def test_every_feature_has_a_test_and_a_place():
    for table in tables():
        if table[0] == HEAD:
            for feature, part, route, component, test in table[2:]:
                assert test, feature
                assert part or route or component, feature


def test_every_route_has_its_row_and_every_row_its_route():
    assert set(column("route")) == set().union(*routes().values())


def test_routes_are_in_the_modules_that_the_page_says():
    told = next(table for table in tables() if table[0] == ["addresses", "module"])[2:]
    prefixes = {
        module.strip("`"): [p.removesuffix("…") for p in NAMED.findall(addresses)]
        for addresses, module in told
    }
    assert set(prefixes) == {module for module, paths in routes().items() if paths}
    for module, paths in routes().items():
        for path in paths:
            assert any(
                path == p or (p.endswith("/") and path.startswith(p)) for p in prefixes[module]
            )
