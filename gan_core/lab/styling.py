"""Pictures painted at once: no run, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


class Styling:
    """The part of the Lab that paints one picture in the manner of others."""

    def stylise(
        self,
        content: np.ndarray,
        styles: Sequence[np.ndarray],
        weights: Sequence[float] | None = None,
        strength: float = 1.0,
        keep_colours: bool = False,
    ) -> np.ndarray:
        """The content painted in a mix of styles, at once: uint8 [H, W, 3]; imports TensorFlow.

        Raises:
            ConfigError: see algorithms.instant_style.stylise.
        """
        from gan_core.algorithms.instant_style import stylise

        return stylise(content, styles, weights, strength, keep_colours)

    def warm_style(self) -> None:
        """Get ready for `stylise` in the background, so that its first answer comes at once."""
        from gan_core.algorithms.instant_style import warm

        warm()
