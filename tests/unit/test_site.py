"""The documentation as a site: every page is in it, says for whom it is, and its commands are ours."""

import re
import shlex
from pathlib import Path

import pytest

from gan_core import cli
from gan_core.cli import commands_table
from tools import make_library_page

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
TOLD = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:ganscope|python -m gan_core) (.*)$")
INLINE = re.compile(r"`(?:python -m gan_core|ganscope) ([^`]*)`")
STANDING_FOR = {"N": "1", "WHAT": "start", "PATH": "a", "...": ""}  # words of a page for a value
PICTURES = 1_500_000  # bytes, all together


def test_the_site_holds_every_page():
    nav = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")[2]
    listed = re.findall(r"[\w/]+\.md", nav)
    assert sorted(listed) == sorted({*PAGES, "contributing.md", "changelog.md"})


@pytest.mark.parametrize("name", [n for n in PAGES if not re.match(r"decisions/\d", n)])
def test_a_page_says_for_whom_it_is(name):
    """Of the decisions their list does."""
    lines = PAGES[name].read_text("utf-8").splitlines()
    assert lines[0].startswith("# ") and lines[2].startswith("For "), name


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("commands.md", commands_table.text, "gan_core.cli.commands_table"),
        ("library.md", make_library_page.text, "tools.make_library_page"),
    ],
)
def test_pages_made_from_the_code_are_as_it_is(name, text, command):
    assert PAGES[name].read_text("utf-8") == text(), f"python -m {command} > docs/{name}"


def commands(text):
    """The words of every command in the blocks and sentences of a page."""
    lines = text.replace("\\\n", " ").splitlines()
    found = [m[1].partition("  #")[0] for line in lines if (m := TOLD.match(line.strip()))]
    return [*found, *INLINE.findall(text)]


@pytest.fixture(scope="module")
def parser():
    return cli.build_parser()


ASKED = {name: commands(path.read_text("utf-8")) for name, path in PAGES.items()}


@pytest.mark.parametrize("name", [n for n, told in ASKED.items() if told and n != "commands.md"])
def test_commands_can_be_read(name, parser):
    (known,) = [a.choices for a in parser._actions if a.dest == "command"]
    for told in ASKED[name]:
        words = [STANDING_FOR.get(word, word) for word in shlex.split(told.partition(" | ")[0])]
        words = [word for word in words if word]
        named = all(word.isupper() for word in words[1:]) or "…" in words
        if named or words[0].startswith("--"):  # the app, or a command without all it needs
            assert not words or words[0] in known or words[0].startswith("--"), f"{name}: {told}"
            continue
        try:
            parser.parse_args(words)
        except SystemExit as left:
            assert not left.code, f"{name}: {told}"


def test_pictures_are_small_and_can_be_made_again():
    made = (ROOT / "tools" / "make_docs_pictures.py").read_text("utf-8")
    kept = sorted((DOCS / "pictures").glob("*.webp"))
    shown = "".join(path.read_text("utf-8") for path in PAGES.values())
    assert {path.stem for path in kept} == {*re.findall(r'keep\(page, "(\w+)"', made)}
    assert all(path.name in shown for path in kept)
    assert sum(path.stat().st_size for path in (DOCS / "pictures").iterdir()) <= PICTURES


def test_each_of_the_ten_questions_has_a_page():
    rows = re.findall(r"^\| [^|]+\? .*?\]\(([\w/]+\.md)\)", PAGES["questions.md"].read_text(), re.M)
    assert len(rows) == len({*rows}) == 10


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as CI builds it."""
    pytest.importorskip("material", reason="mkdocs-material is not installed (extra `docs`)")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return folder


LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?(?:https?:)?//"
    r"|<link\b(?![^>]*rel=\"?canonical)[^>]*\bhref=\"?(?:https?:)?//|url\(['\"]?https?:"
)


def test_the_site_loads_nothing_from_elsewhere(site):
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > len(PAGES)
    for page in pages:
        assert not LOADED.search(page.read_text("utf-8")), page
    assert (site / "search" / "search_index.js").exists()


def test_links_of_the_repository_lead_to_pages_of_the_site(site):
    links = re.findall(r'href="([^"]*)', (site / "contributing.html").read_text("utf-8"))
    assert "architecture.html" in links and not [x for x in links if x.startswith("docs/")]
    assert 'href="../contributing.html"' in (site / "howto" / "loss.html").read_text("utf-8")
