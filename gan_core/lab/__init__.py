"""The Lab: the public API, and the only place that joins all below it."""

from gan_core import shown

__getattr__, __all__ = shown(__name__, {"Lab": "lab"})
