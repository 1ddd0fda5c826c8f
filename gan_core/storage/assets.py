"""The files that come with the app: beside the package in a checkout, inside it where it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _folder() -> Path:
    inside = _PACKAGE / "assets"
    return inside if inside.is_dir() else _PACKAGE.parent / "assets"


ASSETS = _folder()
COMPONENTS = ASSETS / "components"
