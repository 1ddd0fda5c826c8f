"""What a data set may be called: its name is a file's, a run's and a command's."""

from __future__ import annotations

import re

RULE = "the letters a to z, digits, _ and -, up to 64"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def is_name(text: str) -> bool:
    """Whether a data set may be called so."""
    return bool(_NAME.fullmatch(text))


def plain(stem: str) -> str:
    """A name like this one that can be used."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", stem).strip("_-")[:64] or "my_data"
