"""Pictures painted at once: no run, and nothing is stored."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gan_core.explore.studio import Studio
from gan_core.storage import access


@dataclass(frozen=True)
class Vgg19:
    """The file of VGG19's weights: whether it is here, how much of it is, and the ways to get it."""

    is_here: bool
    megabytes_here: float
    megabytes: int
    ways_out: str


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

    def vgg19(self) -> Vgg19:
        """What is known of the file that `style_vgg19` needs."""
        from gan_core.networks import vgg19_file as file

        return Vgg19(file.is_here(), file.megabytes_here(), file.MEGABYTES, file.ways_out())

    @access.for_trainers
    def download_vgg19(self) -> None:
        """Fetch it; only after somebody has said so. Imports TensorFlow.

        Raises:
            DataError: it cannot be downloaded, or it is damaged; nothing of it stays.
        """
        from gan_core.networks import vgg19_file

        vgg19_file.download()
