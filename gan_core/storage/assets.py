"""What comes with the app: beside the package in a checkout, inside it where a wheel was installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _inside_or_beside(inside: str, beside: str) -> Path:
    """A file or folder in the package, or, where it has none, in the folder of the package."""
    found = _PACKAGE / inside
    return found if found.exists() else _PACKAGE.parent / beside


ASSETS = _inside_or_beside("assets", "assets")
COMPONENTS = ASSETS / "components"
IN_WHEEL = (_PACKAGE / "app" / "app.py").exists()
OPENS = "ganscope" if IN_WHEEL else "streamlit run app.py"  # what people type
APP = _inside_or_beside("app/app.py", "app.py")  # what `streamlit run` is given
