"""Residual generators of CycleGAN: reflected edges, a few halvings, blocks at one size, and up again.

Zhu et al., 2017, https://arxiv.org/abs/1703.10593, section 7.2; Johnson et al., 2016.
"""

from __future__ import annotations

import keras
from keras import layers

from gan_core.networks.fast_layers import WideConv
from gan_core.networks.translators import Start, convolution, doubled


def build(
    inputs: int,
    outputs: int,
    *,
    width: int,
    downs: int,
    blocks: int,
    start: Start,
    ends: int = 7,
    up: int = 3,
    affine: bool = True,
    upsampling: str = "transposed",
    name: str = "generator",
):
    """Images [B, H, W, inputs] -> [B, H, W, outputs] in [-1, 1]; H and W multiples of 2^downs.

    Instance normalisation and ReLU behind every layer but the last.

    Args:
        width: channels at the full size; they double with every halving.
        ends, up: sides of the first and last kernel, and of those that double the size.
        affine: normalisation with gains and offsets.
        upsampling: of networks.translators.doubled.
    """

    def layer(x, filters, kernel, named=None, **how):
        return layers.ReLU(name=named)(convolution(x, start, filters, kernel, affine=affine, **how))

    image = keras.Input((None, None, inputs), name="image")
    x = layer(_reflected(image, ends), width, ends, padding="valid")
    for i in range(downs):
        x = layer(x, width * 2 ** (i + 1), 3, strides=2, named=f"down_{i}")
    for i in range(blocks):
        y = layer(_reflected(x, 3), x.shape[-1], 3, kind=WideConv, padding="valid")
        how = {"kind": WideConv, "affine": affine, "padding": "valid"}
        y = convolution(_reflected(y, 3), start, x.shape[-1], 3, **how)
        x = layers.Add(name=f"block_{i}")([x, y])
    for i in reversed(range(downs)):
        way = {"kind": layers.Conv2DTranspose, "upsampling": upsampling, "affine": affine}
        x = layers.ReLU()(doubled(x, start, width * 2**i, up, **way))
    last = {"padding": "valid", "norm": False, "activation": "tanh"}
    return keras.Model(
        image, convolution(_reflected(x, ends), start, outputs, ends, **last), name=name
    )


def encoder(generator: keras.Model, *, made: bool = False) -> keras.Model:
    """Its own first half: images -> the image, each halving, and the blocks at the front and middle.

    Args:
        made: the generator's images come last.
    """
    steps = [layer.name for layer in generator.layers]
    blocks = [name for name in steps if name.startswith("block_")]
    names = [name for name in steps if name.startswith("down_")] + [
        blocks[0],
        blocks[len(blocks) // 2],
    ]
    maps = [generator.get_layer(name).output for name in dict.fromkeys(names)]
    maps = [generator.inputs[0], *maps] + ([generator.outputs[0]] if made else [])
    return keras.Model(generator.inputs, maps)


def _reflected(x, kernel: int):
    """The map with its mirror image beyond the edges, as much as a kernel reaches over."""
    sides = [kernel // 2, kernel // 2]
    return keras.ops.pad(x, [[0, 0], sides, sides, [0, 0]], mode="reflect")
