"""Networks that float16 would make too large for a page: their kernels in steps as fine as fit."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.export.web import pack

if TYPE_CHECKING:
    import keras

# A page grows rather than that more is lost; in levels of 255.
COARSEST = 0.5  # the root mean square error that is expected of images
OFF = 3  # of the worst pixel of the images that are compared, so that those of others are off by 4
FINEST = 0.005  # an expected error below which nothing is gained
FINER = 0.84  # of an error, for the next try where a pixel is off by more: a quarter of a bit
NEAR = 0.005  # of a page's size, how much smaller it may be than it may be
ROUNDS = 6
FELT, CHECKED = 256, 50  # images whose way through the network is seen, and that are compared
LARGE = 64 * 64  # pixels; of larger images there are fewer
TEXT = pack.DIGITS / pack.GROUP  # characters a byte


@dataclass(frozen=True)
class Network:
    """One of the networks of a page.

    Attributes:
        arrays: by key, as its plan says.
        prefix: of these keys: network.variables has them without.
        pixels: of an image.
        inputs: (how many, seed) -> rows of each input, for images as people see them.
    """

    model: keras.Model
    arrays: dict[str, np.ndarray]
    prefix: str
    pixels: int
    inputs: Callable[[int, int], list[np.ndarray]]

    @functools.cached_property
    def kernels(self):
        """What its images feel of its large kernels; takes seconds."""
        from gan_core.export.web.steps import Kernels

        share = LARGE / max(self.pixels, LARGE)
        felt, checked = (max(round(count * share), 2) for count in (FELT, CHECKED))
        return Kernels(self.model, self.inputs(felt, 1), self.inputs(checked, 2))

    def multiples(self, error: float) -> dict[str, tuple[np.ndarray, float]]:
        """By key of an array (whole numbers, their step), of large kernels alone."""
        return {self.prefix + key: found for key, found in self.kernels.multiples(error).items()}

    def off(self, multiples: Mapping[str, tuple[np.ndarray, float]]) -> int:
        """Levels of 255 by which the worst pixel of the compared images is off with what a page reads."""
        read = {
            key: numbers * np.float32(step)
            for key, (numbers, step) in multiples.items()
            if key in self.arrays
        }
        for key in self.arrays.keys() - read.keys():
            read[key] = self.arrays[key].astype(pack.floats_of(self.arrays[key]))
        return self.kernels.off({key.removeprefix(self.prefix): a for key, a in read.items()})


@dataclass(frozen=True)
class Packed:
    """Weights on their way into a page.

    Attributes:
        entries, weights: from pack.packed.
        compared: images that were compared with those of unchanged weights; 0 for float16.
        off: levels of 255 by which their worst pixel is off.
    """

    entries: list[dict[str, Any]]
    weights: bytes
    compared: int = 0
    off: int = 0


def packed(networks: list[Network]) -> Packed:
    """All weights in float16."""
    return _packed(networks, {})


def _packed(networks: list[Network], multiples: Mapping[str, tuple[np.ndarray, float]]) -> Packed:
    arrays = {key: array for net in networks for key, array in net.arrays.items()}
    return Packed(*pack.packed(arrays, multiples))


def _multiples(networks: list[Network], error: float) -> dict[str, tuple[np.ndarray, float]]:
    return {key: found for net in networks for key, found in net.multiples(error).items()}


def fitted(networks: list[Network], size: Callable[[Packed], int], most: int) -> Packed:
    """As fine as a page of `most` bytes may be, but never coarser than COARSEST and OFF allow.

    Args:
        size: bytes of the page with these weights.
    """
    if not sum(net.kernels.count for net in networks):
        return packed(networks)
    error = _error_of(lambda e: size(_packed(networks, _multiples(networks, e))), most, networks)
    while True:
        multiples = _multiples(networks, error)
        off = max(net.off(multiples) for net in networks)
        if off <= OFF or error < FINEST:
            compared = sum(net.kernels.compared for net in networks)
            return replace(_packed(networks, multiples), compared=compared, off=off)
        error *= FINER


def _error_of(size: Callable[[float], int], most: int, networks: list[Network]) -> float:
    """Halving it takes a bit more for each number of a kernel."""
    bit = TEXT / 8 * sum(net.kernels.count for net in networks)
    error = COARSEST
    for _ in range(ROUNDS):
        over = size(error) - most
        if -NEAR * most <= over <= 0 or (over > 0 and error == COARSEST):
            return error
        error = min(error * 2 ** ((over + NEAR / 2 * most) / bit), COARSEST)
    return error
