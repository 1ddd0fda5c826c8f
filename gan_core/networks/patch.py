"""PatchGAN discriminators: one score for each patch (Isola et al., 2017, section 3.3)."""

from __future__ import annotations

import keras
from keras import layers

from gan_core.networks.fast_layers import ImageConv, WideConv
from gan_core.networks.few_places import ScoreConv
from gan_core.networks.translators import Start, convolution

KERNEL = 4
CAP = 8  # times the width: most channels


def field(downs: int) -> int:
    """Sides of the patch that a score sees, in pixels: 16, 34 and 70 of 1, 2 and 3 halvings."""
    side = 1
    for stride in (1, 1, *[2] * downs):
        side = side * stride + KERNEL - stride
    return side


def build(
    channels: dict[str, int],
    *,
    width: int,
    downs: int,
    start: Start,
    affine: bool = True,
    exact: bool = False,
    slope: float = 0.2,
    name: str = "discriminator",
):
    """Images [B, H, W, C], of one size where there are several -> scores [B, h, w, 1].

    `downs` halvings, one more layer and the scores, all 4 x 4; normalised but for the first and last.

    Args:
        channels: of each image, by its name; they are joined.
        exact: the two last layers lose a place of each side as in the paper; else they keep the size.
        slope: of the leaky ReLUs.
    """
    images = [keras.Input((None, None, c), name=n) for n, c in channels.items()]
    x = layers.Concatenate()(images) if len(images) > 1 else images[0]
    for i in range(downs):
        kind = ImageConv if i == 0 else layers.Conv2D
        filters = width * min(2**i, CAP)
        x = convolution(x, start, filters, KERNEL, kind=kind, strides=2, norm=i > 0, affine=affine)
        x = layers.LeakyReLU(negative_slope=slope)(x)
    how = {"padding": "valid"} if exact else {}

    def pad(x):
        return layers.ZeroPadding2D(1)(x) if exact else x

    filters = width * min(2**downs, CAP)
    x = convolution(pad(x), start, filters, KERNEL, kind=WideConv, affine=affine, **how)
    x = layers.LeakyReLU(negative_slope=slope)(x)
    scores = convolution(pad(x), start, 1, KERNEL, kind=ScoreConv, norm=False, **how)
    return keras.Model(images, scores, name=name)
