"""U-Net generators: down to a small map and up again, with a shortcut at every size.

Isola et al., 2017, https://arxiv.org/abs/1611.07004, section 6.1.1; Ronneberger et al., 2015,
https://arxiv.org/abs/1505.04597.
"""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from gan_core.networks.fast_layers import ByteDropout, ImageConvTranspose
from gan_core.networks.few_places import DoublingConv, HalvingConv
from gan_core.networks.translators import Start, convolution, doubled

KERNEL = 4
INNER = 3  # ups from the innermost on that drop features, in the paper


def build(
    inputs: int,
    outputs: int,
    *,
    widths: Sequence[int],
    start: Start,
    blocks: int = 0,
    dropout: float = 0.0,
    slope: float = 0.2,
    inner_norm: bool = False,
    upsampling: str = "transposed",
    name: str = "generator",
):
    """Images [B, H, W, inputs] -> [B, H, W, outputs] in [-1, 1]; H and W multiples of 2^len(widths).

    Instance normalisation behind every layer but the first, the last and, without `blocks`, the
    innermost, whose map may be a single place.

    Args:
        widths: channels of each halving of the sides.
        blocks: residual blocks of two 3 x 3 convolutions between down and up.
        dropout: share of features dropped in the three innermost ups while training.
        slope: of the leaky ReLUs.
        upsampling: of networks.translators.doubled.
        inner_norm: normalise the innermost map, too; one of a single place becomes its offsets.
    """
    image = keras.Input((None, None, inputs), name="image")
    x, shortcuts, last = image, [], len(widths) - 1
    for i, filters in enumerate(widths):
        norm = 0 < i < last or (i == last and (blocks > 0 or inner_norm))
        x = convolution(x, start, filters, KERNEL, kind=HalvingConv, strides=2, norm=norm)
        x = layers.LeakyReLU(negative_slope=slope)(x)
        shortcuts.append(x)
    for _ in range(blocks):
        x = _residual(x, start, widths[-1])
    for depth, i in enumerate(reversed(range(last))):
        x = doubled(x, start, widths[i], KERNEL, kind=DoublingConv, upsampling=upsampling)
        if dropout and depth < INNER:
            x = ByteDropout(dropout, seed=start.seed())(x)
        x = layers.Concatenate()([layers.ReLU()(x), shortcuts[i]])
    end = {"kind": ImageConvTranspose, "norm": False, "activation": "tanh"}
    made = doubled(x, start, outputs, KERNEL, upsampling=upsampling, **end)
    return keras.Model(image, made, name=name)


def _residual(x, start: Start, filters: int):
    """ReLU(x + what two convolutions make of it)."""
    y = layers.ReLU()(convolution(x, start, filters, 3))
    return layers.ReLU()(layers.Add()([x, convolution(y, start, filters, 3)]))
