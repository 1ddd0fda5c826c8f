"""What is pure in the components' JavaScript, by Node's own test runner; and how its source is kept.

TypeScript and Biome check types, lint and format (tools/check_javascript.py, part of `.ci/run`): what
stands here needs neither.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import check_javascript

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests" / "js"
SOURCES = sorted(
    path
    for folder in ("assets", "tests", "tools")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".js", ".mjs", ".cjs")
)
SILENCED = re.compile(
    r"@ts-(?:ignore|nocheck|expect-error)\b(.*)|biome-ignore(?:-\w+)?\b[^:]*(:?.*)"
)
REASON = re.compile(r"\w{3,}[^<>]* \w{3,}")  # two words at least


@pytest.mark.skipif(
    not shutil.which("node"), reason="node is not installed: JavaScript is NOT tested"
)
def test_javascript():
    files = sorted(TESTS.glob("*.test.mjs"))
    command = ["node", "--test", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(re.search(r"# pass (\d+)", done.stdout).group(1)) > len(files)


def ids(path):
    return path.relative_to(ROOT).as_posix()


def test_what_an_object_holds_stands_as_fields():
    """A checker, and a reader, sees fields; what Object.assign puts into `this` neither does."""
    assert len(SOURCES) > 200
    put = [ids(p) for p in SOURCES if re.search(r"Object\.assign\(\s*this,", p.read_text("utf-8"))]
    assert put == []


def test_the_server_is_asked_in_one_place():
    """With its time-out, tries and words; texts come before that, and say why they fetch by themselves."""
    asks = re.compile(r"(?<![\w.])(?:window\.|globalThis\.)?fetch\(")
    components = sorted((ROOT / "assets" / "components").rglob("*.js"))
    found = [ids(path) for path in components if asks.search(path.read_text("utf-8"))]
    shared = "assets/components/shared/"
    assert found == [f"{shared}fetch.js", f"{shared}words.js"]


LOADED = re.compile(r"^(?:import|export)\b[^;]*?from \"(\.[^\"]+)\"|^import \"(\.[^\"]+)\"", re.M)


def loaded(path):
    """Modules that a module loads before it runs; those of types, in comments, are none."""
    return [(path.parent / (a or b)).resolve() for a, b in LOADED.findall(path.read_text("utf-8"))]


def in_circles(modules):
    """Those of {module: what it loads} that are in a circle, or load one that is."""
    left = dict(modules)
    while free := [m for m, found in left.items() if not any(n in left for n in found)]:
        for module in free:
            del left[module]
    return sorted(left)


def test_modules_of_the_page_load_each_other_in_no_circle():
    modules = {path: loaded(path) for path in sorted((ROOT / "assets").rglob("*.js"))}
    assert sum(map(len, modules.values())) > 500
    assert in_circles(modules) == []
    assert in_circles({"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": []}) == ["a", "b", "c"]


def test_a_checker_is_silenced_for_a_reason_that_stands_beside_it():
    found = [
        (ids(path), line.strip(), "".join(said))
        for path in SOURCES
        for line in path.read_text("utf-8").splitlines()
        for said in SILENCED.findall(line)
    ]
    assert [each for each in found if not REASON.search(each[2])] == []
    assert len([each for each in found if "@ts-" in each[1]]) == 0  # types are mended, not silenced


@pytest.mark.parametrize(
    ("line", "good"),
    [
        ("// @ts-ignore", False),
        ("// @ts-expect-error -", False),
        ("// @ts-ignore: Safari has no such method", True),
        ("// biome-ignore lint/style/x: <explanation>", False),
        ("// biome-ignore lint/style/x: read by nobody else", True),
        ("// biome-ignore-all lint", False),
    ],
)
def test_what_is_a_reason(line, good):
    found = ["".join(said) for said in SILENCED.findall(line)]
    assert found and all(bool(REASON.search(said)) is good for said in found)


def test_versions_are_exact_and_of_no_host():
    told = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert lock[""]["devDependencies"] == told["devDependencies"] and "dependencies" not in told
    for name, version in told["devDependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert lock[f"node_modules/{name}"]["version"] == version
    for name, each in lock.items():
        assert not name or re.fullmatch(r"sha512-\S+", each["integrity"]), name
        assert "resolved" not in each, name  # of whatever registry npm is told to use


def test_nothing_is_called_checked_that_was_not(monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert check_javascript.main([]) == check_javascript.WELL
    assert "NOT checked: Node and npm are not installed" in capsys.readouterr().err
    assert check_javascript.main(["--strict"]) == check_javascript.NOT_ASKED


def test_where_nothing_can_be_installed_it_is_said(tmp_path, monkeypatch, capsys):
    """npm's own failure, by an address where nobody answers."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(check_javascript, "ROOT", tmp_path)
    monkeypatch.setattr(check_javascript, "INSTALLED", tmp_path / "none")
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    assert check_javascript.main([]) == check_javascript.WELL
    assert "NOT checked: npm could not install: " in capsys.readouterr().err


def test_what_another_tree_has_installed_is_left_alone(tmp_path, monkeypatch):
    """`npm ci` begins by removing what is there, through a link, too."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (tmp_path / "node_modules").symlink_to(theirs)
    monkeypatch.setattr(check_javascript, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(check_javascript, "INSTALLED", tmp_path / "node_modules" / "lock")
    monkeypatch.setattr(check_javascript.subprocess, "run", None)  # nothing is called
    assert "a link" in check_javascript._installed("npm")
    (theirs / "lock").touch()
    assert check_javascript._installed("npm") == ""
