"""What is written: links lead somewhere, and the README stays short."""

import re
from pathlib import Path

import pytest

from gan_core.cli import settings_table

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


def anchors(page):
    """Of its headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target, anchor in LINK.findall(page.read_text()):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name} links to {target}#{anchor}"


def test_the_readme_is_for_the_person_who_wants_to_use_it():
    assert len((ROOT / "README.md").read_bytes()) <= 10_000


def test_the_page_of_settings_is_made_from_them():
    page = ROOT / "docs" / "settings.md"
    made = "python -m gan_core.cli.settings_table > docs/settings.md"
    assert page.read_text("utf-8") == settings_table.text(), made
