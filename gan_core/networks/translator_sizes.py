"""How large the networks of translators are, counted without TensorFlow from what builds them.

The arguments are those of the builders in unet.py, patch.py, resnet.py and projection.py; a test counts
the same in Keras's own models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gan_core.networks.sizes import Network


@dataclass
class _Map:
    """Where a network under construction has got to: its sizes so far, and the map there."""

    net: Network
    pixels: float
    channels: int

    def layer(
        self, channels: int, kernel: int, *, scale: float = 1.0, norm: bool = True,
        affine: bool = True, more: int = 1,
    ) -> None:  # fmt: skip
        """A convolution that multiplies the pixels, its normalisation, and so many maps behind it."""
        self.pixels *= scale
        outputs = int(self.pixels * channels)
        self.net.conv(kernel, self.channels, channels, int(self.pixels), bias=not norm)
        if norm:
            self.net.layer(2 * channels * affine, outputs)
        self.net.outputs += more * outputs
        self.channels = channels


def unet(
    shape, outputs: int, *, widths: Sequence[int], blocks: int = 0, dropout: float = 0.0
) -> Network:
    """Of unet.build."""
    height, width, channels = shape
    at = _Map(Network(outputs=height * width * channels), height * width, channels)
    last = len(widths) - 1
    for i, filters in enumerate(widths):
        at.layer(filters, 4, scale=1 / 4, norm=0 < i < last or (i == last and blocks > 0))
    for _ in range(blocks):
        at.layer(widths[-1], 3)
        at.layer(widths[-1], 3, more=2)
    for depth, i in enumerate(reversed(range(last))):
        at.layer(widths[i], 4, scale=4, more=1 + bool(dropout and depth < 3))
        at.channels *= 2  # joined with the shortcut
        at.net.outputs += int(at.pixels * at.channels)
    at.layer(outputs, 4, scale=4, norm=False, more=0)
    return at.net


def patch(
    shape, channels: Sequence[int], *, width: int, downs: int, affine: bool = True, exact=False
) -> Network:
    """Of patch.build, whose images have so many channels each."""
    height, across, joined = *shape[:2], sum(channels)
    net = Network(outputs=height * across * joined * (1 + (len(channels) > 1)))
    at = _Map(net, height * across, joined)
    for i in range(downs):
        height, across = -(-height // 2), -(-across // 2)
        at.pixels = height * across
        at.layer(width * min(2**i, 8), 4, norm=i > 0, affine=affine)
    for filters, norm in ((width * min(2**downs, 8), True), (1, False)):
        if exact:
            net.outputs += (height + 2) * (across + 2) * at.channels
            height, across = height - 1, across - 1
        at.pixels = height * across
        at.layer(filters, 4, norm=norm, affine=affine, more=int(norm))
    return net


def resnet(
    shape, outputs: int, *, width: int, downs: int, blocks: int, ends: int = 7, up: int = 3,
    affine: bool = True,
) -> Network:  # fmt: skip
    """Of resnet.build."""
    height, across, channels = shape
    at = _Map(Network(outputs=height * across * channels), height * across, channels)

    def reflected(kernel: int) -> None:
        factor = 2 ** (at.channels // width).bit_length() // 2 if at.channels >= width else 1
        rows, columns = height // max(factor, 1), across // max(factor, 1)
        at.net.outputs += (rows + kernel - 1) * (columns + kernel - 1) * at.channels

    reflected(ends)
    at.layer(width, ends, affine=affine)
    for i in range(downs):
        at.layer(width * 2 ** (i + 1), 3, scale=1 / 4, affine=affine)
    for _ in range(blocks):
        for _ in range(2):
            reflected(3)
            at.layer(at.channels, 3, affine=affine)
    for i in reversed(range(downs)):
        at.layer(width * 2**i, up, scale=4, affine=affine)
    reflected(ends)
    at.layer(outputs, ends, norm=False, more=0)
    return at.net


def projection(widths: Sequence[int], *, units: int, places: int) -> Network:
    """Of projection.build, asked at so many places of each map."""
    net = Network()
    for channels in widths:
        net.outputs += places * channels
        net.layer(channels * units + units, 2 * places * units)
        net.layer(units * units + units, 2 * places * units)
    return net


def together(*parts: tuple[Network, int]) -> Network:
    """Of networks and how often a step passes each image through them."""
    return Network(
        sum(net.parameters for net, _ in parts), sum(net.outputs * n for net, n in parts)
    )
