"""What the networks of translators share: how weights start, and a normalised convolution."""

from __future__ import annotations

import keras
from keras import layers

from gan_core.networks.instance_norm import InstanceNorm
from gan_core.networks.seeds import seeds

RESIZED = 3  # side of the kernel behind a map whose pixels were repeated


class Start:
    """Initial weights of one network, all from one seed.

    Args:
        stream: keeps the networks of a run apart.
        normal: kernels from N(0, 0.02) and gains from N(1, 0.02), as the papers; else Glorot and ones.
    """

    def __init__(self, seed: int, stream: int, *, normal: bool):
        self._seeds, self._normal = seeds(seed, stream), normal

    def kernel(self):
        """For a new layer."""
        if self._normal:
            return keras.initializers.RandomNormal(0.0, 0.02, seed=next(self._seeds))
        return keras.initializers.GlorotUniform(seed=next(self._seeds))

    def gain(self):
        """For a new normalisation."""
        if not self._normal:
            return None
        return keras.initializers.RandomNormal(1.0, 0.02, seed=next(self._seeds))

    def seed(self) -> int:
        """For anything else."""
        return next(self._seeds)


def convolution(
    x, start: Start, filters: int, kernel: int, *, kind=layers.Conv2D, norm=True, affine=True, **how
):
    """A convolution, by `kind`, and a normalisation behind it, which makes its bias superfluous."""
    how = {"padding": "same", "use_bias": not norm} | how
    x = kind(filters, kernel, kernel_initializer=start.kernel(), **how)(x)
    return InstanceNorm(affine=affine, gain=start.gain() if affine else None)(x) if norm else x


def doubled(x, start: Start, filters: int, kernel: int, *, upsampling: str, kind, **how):
    """A map of twice the sides, and a normalisation behind it.

    Args:
        kernel, kind: of the transposed convolution.
        upsampling: "transposed", or "resize": each pixel four times and a 3 x 3 convolution (Odena et al.,
            2016, https://distill.pub/2016/deconv-checkerboard).
    """
    if upsampling == "resize":
        return convolution(layers.UpSampling2D()(x), start, filters, RESIZED, **how)
    return convolution(x, start, filters, kernel, kind=kind, strides=2, **how)
