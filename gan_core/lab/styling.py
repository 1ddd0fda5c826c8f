"""Pictures painted at once: no run, and nothing is stored."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from gan_core.explore.studio import Studio
from gan_core.lab.vgg19 import Vgg19


class Styling:
    """The part of the Lab that paints one picture in the manner of others."""

    @functools.cached_property
    def studio(self) -> Studio:
        """Pictures by name, and what was made of them, for the Style page."""
        return Studio(self)

    def stylise(
        self,
        content: np.ndarray,
        styles: Sequence[np.ndarray],
        weights: Sequence[float] | None = None,
        strength: float = 1.0,
        keep_colours: bool = False,
    ) -> np.ndarray:
        """The content painted in a mix of styles, at once: uint8 [H, W, 3]; without TensorFlow.

        Raises:
            ConfigError: see algorithms.instant_style.stylise.
        """
        from gan_core.algorithms.instant_style import stylise

        return stylise(content, styles, weights, strength, keep_colours)

    @functools.cached_property
    def vgg19(self) -> Vgg19:
        """The file that `style_vgg19` needs, and its download."""
        return Vgg19()
