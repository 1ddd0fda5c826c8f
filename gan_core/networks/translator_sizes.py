"""How large the networks of translators are, counted without TensorFlow from what builds them.

The arguments are those of the builders in unet.py, patch.py, resnet.py and projection.py; a test counts
the same in Keras's own models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gan_core.networks.sizes import Network

RESIZED = 3  # as in translators.py, which imports Keras


@dataclass
class _Map:
    """Where a network under construction has got to: its sizes so far, and the map there."""

    net: Network
    height: int
    width: int
    channels: int

    def repeat(self, times: int = 1, border: int = 0) -> None:
        """Layers without variables that put out the map again, perhaps with a border."""
        pixels = (self.height + border) * (self.width + border)
        self.net.outputs += times * pixels * self.channels

    def layer(self, filters: int, kernel: int, *, norm=True, affine=True, less: int = 0) -> None:
        """A convolution that keeps the size, or loses places of each side, and its normalisation."""
        self.height, self.width = self.height - less, self.width - less
        self.net.conv(kernel, self.channels, filters, self.height * self.width, bias=not norm)
        self.channels = filters
        if norm:
            self.net.parameters += 2 * filters * affine
            self.repeat()

    def down(self, filters: int, kernel: int, **how) -> None:
        """The same with half the sides."""
        self.height, self.width = -(-self.height // 2), -(-self.width // 2)
        self.layer(filters, kernel, **how)

    def up(self, filters: int, kernel: int, *, upsampling: str, **how) -> None:
        """The same with twice the sides."""
        self.height, self.width = 2 * self.height, 2 * self.width
        resized = upsampling == "resize"
        self.repeat(int(resized))
        self.layer(filters, RESIZED if resized else kernel, **how)


def _begin(shape) -> _Map:
    at = _Map(Network(), *shape)
    at.repeat()  # the images that go in
    return at


def unet(
    shape,
    outputs: int,
    *,
    widths: Sequence[int],
    blocks: int = 0,
    dropout: float = 0.0,
    upsampling: str = "transposed",
) -> Network:
    """Of unet.build."""
    at, last = _begin(shape), len(widths) - 1
    for i, filters in enumerate(widths):
        at.down(filters, 4, norm=0 < i < last or (i == last and blocks > 0))
        at.repeat()
    for _ in range(blocks):
        at.layer(widths[-1], 3)
        at.repeat()
        at.layer(widths[-1], 3)
        at.repeat(2)
    for depth, i in enumerate(reversed(range(last))):
        at.up(widths[i], 4, upsampling=upsampling)
        at.repeat(1 + bool(dropout and depth < 3))
        at.channels *= 2  # joined with the shortcut
        at.repeat()
    at.up(outputs, 4, upsampling=upsampling, norm=False)
    return at.net


def patch(
    shape, channels: Sequence[int], *, width: int, downs: int, affine: bool = True, exact=False
) -> Network:
    """Of patch.build, whose images have so many channels each."""
    at = _begin((*shape[:2], sum(channels)))
    at.repeat(int(len(channels) > 1))
    for i in range(downs):
        at.down(width * min(2**i, 8), 4, norm=i > 0, affine=affine)
        at.repeat()
    for filters, norm in ((width * min(2**downs, 8), True), (1, False)):
        at.repeat(int(exact), border=2)
        at.layer(filters, 4, norm=norm, affine=affine, less=int(exact))
        at.repeat(int(norm))
    return at.net


def resnet(
    shape, outputs: int, *, width: int, downs: int, blocks: int, ends: int = 7, up: int = 3,
    affine: bool = True, upsampling: str = "transposed",
) -> Network:  # fmt: skip
    """Of resnet.build."""
    at = _begin(shape)
    at.repeat(border=ends - 1)
    at.layer(width, ends, affine=affine)
    at.repeat()
    for i in range(downs):
        at.down(width * 2 ** (i + 1), 3, affine=affine)
        at.repeat()
    for _ in range(blocks):
        for _ in range(2):
            at.repeat(border=2)
            at.layer(at.channels, 3, affine=affine)
            at.repeat()
    for i in reversed(range(downs)):
        at.up(width * 2**i, up, upsampling=upsampling, affine=affine)
        at.repeat()
    at.repeat(border=ends - 1)
    at.layer(outputs, ends, norm=False)
    return at.net


def projection(channels: Sequence[int], *, units: int, places: int) -> Network:
    """Of projection.build, asked at so many places of each map."""
    net = Network()
    for inputs in channels:
        net.outputs += places * inputs
        net.layer((inputs + 1) * units, places * units)
        net.layer((units + 1) * units, 2 * places * units)
    return net


def together(*parts: tuple[Network, int]) -> Network:
    """Of networks, and how often a step passes each image through them."""
    return Network(
        sum(net.parameters for net, _ in parts), sum(net.outputs * n for net, n in parts)
    )
