"""The networks of a page that float16 would make too large: kernels in steps as fine as the page may be large."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gan_core.export.web import pack

if TYPE_CHECKING:
    import keras

COARSEST = 0.5  # levels of 255: the expected root mean square error of images; a page grows rather than this
OFF = 4  # levels of 255: the worst pixel of the images that are compared; a page grows rather than this
FINEST = 0.005  # levels of 255: an expected error below which nothing is gained
FINER = 0.84  # of an error, for the next try where a pixel is off by more: a quarter of a bit
NEAR = 0.005  # of a page's size, how much smaller it may be than it may be
ROUNDS = 6
FELT, CHECKED = 32, 50  # images whose gradients are taken, and that are compared
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

        felt, checked = (max(count * LARGE // max(self.pixels, LARGE), 2) for count in (FELT, CHECKED))
        return Kernels(self.model, self.inputs(felt, 1), self.inputs(checked, 2))

    def steps(self, error: float) -> dict[str, float]:
        """By key of an array what its numbers become multiples of; of small ones nothing."""
        return {self.prefix + key: step for key, step in self.kernels.steps(error).items()}

    def off(self, entries: dict[str, dict[str, Any]]) -> int:
        """Levels of 255 by which the worst pixel of the compared images is off with what a page reads."""
        read = {key: pack.as_read(array, entries[key]) for key, array in self.arrays.items()}
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


def packed(networks: list[Network], error: float = 0.0) -> Packed:
    """All weights, in float16 or for an expected root mean square error of so many levels."""
    arrays = {key: array for net in networks for key, array in net.arrays.items()}
    steps = {key: s for net in networks for key, s in net.steps(error).items()} if error else {}
    return Packed(*pack.packed(arrays, steps))


def fitted(networks: list[Network], size: Callable[[Packed], int], most: int) -> Packed:
    """As fine as a page of `most` bytes may be, but never coarser than COARSEST and OFF allow.

    Args:
        size: bytes of the page with these weights.
    """
    if not sum(net.kernels.count for net in networks):
        return packed(networks)
    error = _error_of(lambda e: size(packed(networks, e)), most, networks)
    while True:
        made = packed(networks, error)
        told = {entry["key"]: entry for entry in made.entries}
        off = max(net.off(told) for net in networks)
        if off <= OFF or error < FINEST:
            compared = sum(net.kernels.compared for net in networks)
            return replace(made, compared=compared, off=off)
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
