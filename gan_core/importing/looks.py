"""What is seen of one picture at a look: size, colour, and a small copy by which near copies are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from gan_core.importing.base import Decoded

SIDE = 28  # of the shorter side of what is looked at, at least
SMALL = 24  # pixels a side of the small copy
GREY = 2  # levels by which R, G and B may differ in a grey picture, as JPEG makes them
FLAT = 4  # levels between the darkest and the brightest pixel of a picture of one colour


@dataclass(frozen=True)
class Look:
    """One picture at a look.

    Attributes:
        size: (width, height) as people see it.
        did: keys of base.DID.
        grey: whether R, G and B are the same everywhere.
        flat: whether all of it is one colour.
        small: uint8 [SMALL, SMALL, 3].
    """

    size: tuple[int, int]
    did: tuple[str, ...]
    grey: bool
    flat: bool
    small: np.ndarray


def look(found: Decoded) -> Look:
    """A look at a decoded picture."""
    pixels = found.pixels
    colour = pixels if pixels.shape[2] == 3 else pixels.repeat(3, 2)
    small = Image.fromarray(colour).resize((SMALL, SMALL), Image.Resampling.BOX)
    return Look(
        size=found.size,
        did=found.did,
        grey=is_grey(pixels),
        flat=bool(np.ptp(pixels.reshape(-1, pixels.shape[2]), axis=0).max() <= FLAT),
        small=np.asarray(small),
    )


def is_grey(pixels: np.ndarray) -> bool:
    """Whether uint8 [H, W, C] has no colour."""
    if pixels.shape[2] == 1:
        return True
    return bool(np.ptp(pixels.astype(np.int16), axis=2).max() <= GREY)
