"""What settings are called and in which groups they are asked; the names in files stay as they are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import NamedTuple

from gan_core.config import READING_ORDER, SETTINGS


class Group(NamedTuple):
    """Settings under one heading, in reading order."""

    title: str
    names: tuple[str, ...]


def label(name: str) -> str:
    """A setting in words: 'Learning rate of G'; one of another version loses its underscores."""
    if name in SETTINGS:
        return SETTINGS[name].label
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def grouped(names: Iterable[str]) -> list[Group]:
    """The settings by group, in reading order; none is left out."""
    wanted = set(names)
    found = [setting for setting in READING_ORDER if setting.name in wanted]
    return [
        Group(title, tuple(setting.name for setting in group))
        for title, group in itertools.groupby(found, key=lambda setting: setting.group)
    ]
