"""The plane: a GAN on points that trains in the browser. Nothing of it asks the server."""

from __future__ import annotations

from pages.ui.shared.component import register

_PLANE = register("learn/learn", "learn/learn")


def show() -> None:
    """The whole page: loop, plane, what happens now, settings."""
    _PLANE(key="learn_plane", data={})
