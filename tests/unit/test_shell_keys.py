"""A key that assets/shell.css styles stands for one thing, or the style of one reaches another."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = (ROOT / "assets" / "shell.css").read_text("utf-8")
SAME = {  # of several modules, and one thing on each page
    "bulk",  # the line below the table of runs, which are deleted or not
    "page_head",
    "sm_new",  # the button New run
}


def keys() -> dict[str, set[str]]:
    """The modules of pages by the keys that they give, as far as these are written out."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "pages").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            for word in call.keywords if isinstance(call, ast.Call) else ():
                if word.arg == "key" and isinstance(word.value, ast.Constant):
                    name = path.relative_to(ROOT).as_posix()
                    found.setdefault(word.value.value, set()).add(name)
    return found


def test_what_the_shell_styles_has_a_key_of_its_own():
    styled = set(re.findall(r"\.st-key-(\w+)", SHELL))
    many = {name: paths for name, paths in keys().items() if name in styled and len(paths) > 1}
    assert {name: many[name] for name in many.keys() - SAME} == {}
    assert many.keys() >= SAME, "no reason to be in the list any more"
