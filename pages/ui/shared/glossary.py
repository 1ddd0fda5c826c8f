"""Every word that needs explaining, from the file that the components read too."""

from __future__ import annotations

import functools
import json
import sys

from gan_core.storage.assets import COMPONENTS
from pages.ui.shared import text
from pages.ui.shared.language import t

FILE = COMPONENTS / "shared/terms.js"
ROLES = ("generator", "fake", "discriminator", "real")  # each with its colour and line
HEAD = """# Glossary

For whoever meets a word of the field or of the app.

The words that pages explain under the pointer and below each page, made from
`assets/components/shared/terms.js` by `python -m pages.ui.shared.glossary > docs/glossary.md`.
"""
_LINES = {"generator": "g", "fake": "fake", "discriminator": "d", "real": "real"}  # CSS classes


@functools.cache
def terms() -> dict[str, tuple[str, str]]:
    """Key of a word -> (name, one sentence)."""
    module = FILE.read_text("utf-8")
    found = json.loads(module[module.index("export default ") + 15 : module.rindex(";")])
    return {key: (name, sentence) for key, (name, sentence) in found.items()}


def say(key: str) -> str:
    """The sentence of a word, for the help of a field; KeyError where there is none."""
    return t(terms()[key][1])


def fold(language: str, switch: str = "") -> str:
    """The four colours as one line that unfolds to all words: HTML, without any page run.

    Args:
        language: of the session, in which the words are told.
        switch: links that stand at its end.
    """
    return f'<div class="gs-foot">{_folded(language)}{switch}</div>'


@functools.cache
def _folded(language: str) -> str:
    keys = "".join(f"<span>{_line(key)}{_name(key)}</span>" for key in ROLES)
    rows = [f"<dt>{_line(key)}{_name(key)}</dt><dd>{_sentence(key)}</dd>" for key in terms()]
    return (
        f'<details class="gs-words"><summary>{keys}<span class="gs-more">{t("Words")}</span></summary>'
        f"<dl>{''.join(rows)}</dl></details>"
    )


def page() -> str:
    """All words as docs/glossary.md: `python -m pages.ui.shared.glossary > docs/glossary.md`."""
    rows = "\n".join(
        f"| {name} | {sentence} |" for name, sentence in sorted(terms().values(), key=_first)
    )
    return f"{HEAD}\n| word | what it means |\n|---|---|\n{rows}\n"


def _first(word: tuple[str, str]) -> str:
    return word[0].casefold()


def _line(key: str) -> str:
    return f'<i class="gs-{_LINES[key]}"></i>' if key in ROLES else ""


def _name(key: str) -> str:
    return text.escaped(t(terms()[key][0]))


def _sentence(key: str) -> str:
    return text.escaped(t(terms()[key][1]))


if __name__ == "__main__":
    sys.stdout.write(page())
