"""The Lab: the public API, and the only place that joins all below it."""

from typing import TYPE_CHECKING

from gan_core import shown

if TYPE_CHECKING:
    from gan_core.lab.lab import Lab as Lab
else:
    __getattr__, __all__ = shown(__name__, {"Lab": "lab"})
