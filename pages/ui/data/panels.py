"""The parts of the Data page: they read our routes and follow the hand."""

from __future__ import annotations

from pages.ui.shared.component import register

PARTS = ("list", "one", "desk")
_PARTS = {
    name: register(f"data/{name}", "shared/well", "data/data", f"data/{name}") for name in PARTS
}


def part(name: str, given: dict, **options) -> None:
    """One part; `options` as a component takes them."""
    _PARTS[name](key=f"data_{name}", data=given, **options)
