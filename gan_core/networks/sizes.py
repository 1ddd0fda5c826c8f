"""How large the networks of a recipe are, counted without TensorFlow from what builds them.

The layers are those of the modules beside it; a test counts the same in Keras's own models.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ACGAN_BLOCKS = ((32, 2), (64, 1), (128, 2), (256, 1))  # of networks.acgan, which imports TensorFlow
SMALL_SIDE = 32  # pixels; up to here `small_levels` counts (docs/colour.md)


@dataclass
class Network:
    """What the layers of one network hold.

    Attributes:
        parameters: numbers in its variables, trained or not.
        outputs: numbers that its layers put out for one image.
    """

    parameters: int = 0
    outputs: int = 0

    def layer(self, parameters: int, outputs: int) -> None:
        """One more layer."""
        self.parameters += parameters
        self.outputs += outputs

    def dense(self, inputs: int, units: int, *, bias: bool = True) -> None:
        self.layer(inputs * units + units * bias, units)

    def conv(self, kernel: int, inputs: int, channels: int, pixels: int, *, bias=True) -> None:
        """A convolution, transposed or not, to `pixels` positions."""
        self.layer(kernel * kernel * inputs * channels + channels * bias, pixels * channels)

    def norm(self, channels: int, outputs: int, classes: int = 0) -> None:
        """Batch normalisation over `channels`; with classes a gain and an offset of each class."""
        if classes:  # moments; two matrices of rows, reshaped for images; product and sum
            rows = 2 * channels * (1 if outputs == channels else 2)
            self.layer(2 * channels + 2 * classes * channels, 3 * outputs + rows)
        else:
            self.layer(4 * channels, outputs)


@dataclass(frozen=True)
class Sizes:
    """Generator and discriminator of a recipe at some settings, on some data.

    Attributes:
        heads: numbers counted with the generator that pictures do not need: not averaged, not shown.
        extra: numbers besides the networks that a checkpoint holds: pools of past images, say.
        smaller: settings that make a run need less.
    """

    generator: Network
    discriminator: Network
    heads: int = 0
    extra: int = 0
    smaller: tuple[str, ...] = ("batch_size", "width", "latent_dim")

    @property
    def parameters(self) -> int:
        """Numbers of all networks."""
        return self.generator.parameters + self.discriminator.parameters

    @property
    def shown(self) -> int:
        """Numbers of the networks that small weights hold."""
        return self.generator.parameters - self.heads

    @property
    def outputs(self) -> int:
        """What layers put out in a step, for one image: once in G and, for real and fake, twice in D."""
        return self.generator.outputs + 2 * self.discriminator.outputs


@dataclass(frozen=True)
class SmallLayers:
    """Layers of the small recipes: what networks.dcgan builds G and D of."""

    base: int
    blocks: list[tuple[int, int]]
    skips: dict[int, int]
    channels: list[int]


def small_layers(config, shape, depth: float) -> SmallLayers:
    """Two levels have 2 w and w channels; more have 4 w at the smallest map and half as many at each next.

    But never fewer than w / 2. From four levels on a map excites the one that is eight times as large.
    D mirrors G, `depth` times as wide, and may go on to smaller maps of as many channels.
    """
    levels = min(config.levels, most_levels(shape, config.small_levels))
    parts = [max(2.0 ** (min(levels - 1, 2) - i), 0.5) for i in range(levels)]
    g, d = config.width, max(round(depth * config.width), 1)
    widths = [max(round(g * part), 1) for part in parts]
    channels = [max(round(d * part), 1) for part in reversed(parts)]
    return SmallLayers(
        base=widths[0],
        blocks=[(channels, 2) for channels in widths[1:]],
        skips={i: i - 2 for i in range(2, levels - 1)},
        channels=channels + channels[-1:] * more_levels(shape, levels, config.d_levels),
    )


def more_levels(shape, levels: int, most: int) -> int:
    """How many of `most` further halvings of D, behind so many, end in maps of 4 pixels a side or more."""
    shortest, more = min(shape[:2]), 0
    while more < most and -(-shortest // 2 ** (levels + more + 1)) >= 4:
        more += 1
    return more


def most_levels(shape, small: int = 2) -> int:
    """Halvings that leave whole sides of 4 pixels or more, at least two; up to SMALL_SIDE pixels `small`."""
    levels, sides = 2, shape[:2]
    most = small if max(sides) <= SMALL_SIDE else max(sides)
    while levels < most and all(
        side % 2 ** (levels + 1) == 0 and side >> (levels + 1) >= 4 for side in sides
    ):
        levels += 1
    return levels


def dcgan_generator(
    shape, latent: int, *, base: int, blocks: list[tuple[int, int]], kernel: int,
    classes: int = 0, norm: bool = True, skips: dict[int, int] | None = None,
) -> Network:  # fmt: skip
    """networks.dcgan.build_generator; the arguments are its own."""
    net, (height, width, colours) = Network(outputs=latent + classes), shape
    net.outputs += (latent + classes) * bool(classes)  # joined
    factor = 2 * math.prod(stride for _, stride in blocks)
    height, width, channels = height // factor, width // factor, base
    pixels = height * width
    units = pixels * base
    net.dense(latent + classes, units, bias=not norm)
    _activate(net, units, units, classes, norm)
    net.outputs += units  # reshaped
    maps = [(height, width, base)]
    for number, (filters, stride) in enumerate(blocks):
        height, width = height * stride, width * stride
        pixels = height * width
        net.conv(kernel, channels, filters, pixels, bias=not norm)
        _activate(net, filters, pixels * filters, classes, norm)
        channels = filters
        if skips and number in skips:
            _excite(net, maps[skips[number]], filters, pixels)
        maps.append((height, width, filters))
    net.conv(kernel, channels, colours, 4 * pixels, bias=not norm)
    return net


def _excite(net: Network, low: tuple[int, int, int], filters: int, pixels: int) -> None:
    net.layer((math.prod(low) + 1) * filters, filters)
    net.conv(1, filters, filters, 1)
    net.outputs += pixels * filters  # times the gate


def _activate(net: Network, channels: int, outputs: int, classes: int, norm: bool) -> None:
    if norm:
        net.norm(channels, outputs, classes)
    net.outputs += outputs


def dcgan_discriminator(
    shape, *, channels: list[int], kernel: int, classes: int = 0, dropout: float = 0.0,
    spectral: bool = False,
) -> Network:  # fmt: skip
    """networks.dcgan.build_discriminator; the arguments are its own."""
    height, width, inputs = shape
    net = Network(outputs=height * width * inputs + classes)
    for filters in channels:
        height, width = -(-height // 2), -(-width // 2)
        net.conv(kernel, inputs, filters, height * width)
        net.parameters += filters * spectral  # the vector of the power method
        net.outputs += height * width * filters * (1 + bool(dropout))
        inputs = filters
    features = height * width * inputs
    net.outputs += features  # flattened
    net.dense(features, 1)
    net.parameters += spectral
    if classes:
        net.dense(features, classes, bias=False)
        net.layer(classes * spectral, 2)  # the projection and the sum
    return net


def mlp_generator(shape, latent: int, *, hidden: list[int]) -> Network:
    """networks.mlp.build_generator."""
    net, inputs = Network(outputs=latent), latent
    for units in [*hidden, math.prod(shape)]:
        net.dense(inputs, units)
        inputs = units
    net.outputs += inputs  # reshaped
    return net


def mlp_discriminator(shape, *, hidden: list[int], dropout: float = 0.0) -> Network:
    """networks.mlp.build_discriminator."""
    inputs = math.prod(shape)
    net = Network(outputs=2 * inputs)  # the image, flattened
    for units in hidden:
        net.dense(inputs, units)
        net.outputs += units * (1 + bool(dropout))
        inputs = units
    net.dense(inputs, 1)
    return net


def small(config, spec, *, classes: bool = False, depth=0.5, norm=True, spectral=False) -> Sizes:
    """The networks of recipes/_small.py; the arguments are those of `small_parts`."""
    k = spec.num_classes if classes else 0
    plan = small_layers(config, spec.image_shape, depth)
    return Sizes(
        dcgan_generator(
            spec.image_shape, config.latent_dim, base=plan.base, blocks=plan.blocks,
            skips=plan.skips, kernel=4, classes=k, norm=norm,
        ),
        dcgan_discriminator(
            spec.image_shape, channels=plan.channels, kernel=4, classes=k, spectral=spectral
        ),
    )  # fmt: skip


def painting(config, spec, *, values: int, network: int = 0) -> Sizes:
    """A picture that is trained itself, as a pyramid, and a frozen network that looks at it.

    Args:
        values: numbers that a step computes for each pixel.
        network: parameters of what looks at it.
    """
    height, width, colours = spec.image_shape
    factor = config.picture_size / max(height, width)
    pixels = round(height * factor) * round(width * factor)
    picture = Network(parameters=pixels * colours * 4 // 3, outputs=pixels * values)
    return Sizes(picture, Network(parameters=network), smaller=("picture_size",))


def acgan(config, spec) -> Sizes:
    """The networks of networks/acgan.py."""
    height, width, colours = spec.image_shape
    k, z, w = spec.num_classes, config.latent_dim, config.width
    net = Network(outputs=z + k)
    net.dense(k, z, bias=False)
    net.outputs += z  # times the embedding
    start = (height // 4 - 4) * (width // 4 - 4)
    net.dense(z, start * 4 * w)
    net.outputs += start * 4 * w  # reshaped
    quarter, half = height * width // 16, height * width // 4
    for inputs, channels, pixels in ((4 * w, 2 * w, quarter), (2 * w, w, half)):
        net.conv(5, inputs, channels, pixels)
        net.norm(channels, pixels * channels)
    net.conv(5, w, colours, height * width)
    return Sizes(net, _acgan_discriminator(spec.image_shape, k))


def _acgan_discriminator(shape, classes: int) -> Network:
    height, width, inputs = shape
    net = Network(outputs=height * width * inputs)
    for channels, stride in ACGAN_BLOCKS:
        height, width = -(-height // stride), -(-width // stride)
        net.conv(3, inputs, channels, height * width)
        net.outputs += 2 * height * width * channels  # leaky ReLU and dropout
        inputs = channels
    features = height * width * inputs
    net.outputs += features  # flattened
    net.dense(features, 1)
    net.dense(features, classes)
    return net
