"""Whose a number is: the four roles, their words and their colours in both themes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """Whose a number is, and how its line looks: the generator's side is warm and dashed.

    Attributes:
        word, short: what its line is called in a chart, and where there is little room.
        light, dark: colours of the two themes; .streamlit/config.toml and shell.css hold the same.
    """

    word: str
    short: str
    light: str
    dark: str
    dashed: bool = False


ROLES = {
    "g": Role("generator", "G", "#A83A06", "#F47A45", dashed=True),
    "d": Role("discriminator", "D", "#1F4FC4", "#6F9BFF"),
    "fake": Role("fake", "fake", "#B58000", "#F6CE5E", dashed=True),
    "real": Role("real", "real", "#0B8C82", "#45D6C4"),
}
NOBODY = Role("", "", "#59626A", "#98A4AC")  # of a number without a side: muted
PLAIN = {  # (light, dark) of what is nobody's
    "ink": ("#14181C", "#E6EAEC"),
    "muted": ("#59626A", "#98A4AC"),
    "axis": ("#8A939A", "#5C6770"),
    "grid": ("#E9ECEA", "#1B2227"),
}


def role_of(name: str) -> Role:
    """The role of that name; NOBODY for ""."""
    return ROLES[name] if name else NOBODY


def colour_of(role: str, *, dark: bool = False) -> str:
    """#RRGGBB of a role, or of "ink", "muted", "axis" and "grid"; KeyError for others."""
    if role in PLAIN:
        return PLAIN[role][dark]
    return ROLES[role].dark if dark else ROLES[role].light
