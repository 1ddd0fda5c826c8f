"""What the recipes of translators share: how large networks are for the size of their images.

Each function gives arguments of a builder of gan_core.networks, which `translator_sizes` takes, too.
"""

from __future__ import annotations

import math

from gan_core.networks import translator_sizes
from gan_core.networks.sizes import Sizes

SMALLER = ("batch_size", "width")  # settings that make a run need less
SMALL = 48  # pixels of the smaller side below which two halvings are the most


def _halvings(shape) -> int:
    """How often both sides can be halved evenly."""
    both = shape[0] | shape[1]
    return (both & -both).bit_length() - 1


def unet(config, spec) -> dict:
    """Of Pix2Pix: eight halvings at 256 pixels, as many as there can be below; channels to 8 w."""
    depth = min(_halvings(spec.image_shape), 8)
    widths = [config.width * min(2**i, 8) for i in range(depth)]
    return {"widths": widths, "dropout": 0.5, "upsampling": config.upsampling}


def small_unet(config, spec) -> dict:
    """Two halvings and a block below 48 pixels, halvings to some eight pixels above; channels to 4 w."""
    side = min(spec.image_shape[:2])
    depth = min(_halvings(spec.image_shape), 2 if side < SMALL else side.bit_length() - 3)
    widths = [config.width * min(2**i, 4) for i in range(depth)]
    return {"widths": widths, "blocks": int(depth == 2), "upsampling": config.upsampling}


def resnet(config, spec) -> dict:
    """Of CycleGAN: nine blocks from 256 pixels on, six below."""
    blocks = 9 if min(spec.image_shape[:2]) >= 256 else 6
    how = {"affine": False, "upsampling": config.upsampling}
    return {"width": config.width, "downs": 2, "blocks": blocks, **how}


def small_resnet(config, spec) -> dict:
    """One halving and three blocks below 48 pixels, two and four above."""
    downs, blocks = (1, 3) if min(spec.image_shape[:2]) < SMALL else (2, 4)
    how = {"ends": 5, "up": 4, "upsampling": config.upsampling}
    return {"width": config.width, "downs": downs, "blocks": blocks, **how}


def small_patch(width: int, spec) -> dict:
    """A field of 16 pixels below 48, of 34 above."""
    return {"width": width, "downs": 1 if min(spec.image_shape[:2]) < SMALL else 2}


def pair_parts(
    config, spec, *, generator: dict, discriminator: dict, normal: bool, together: bool = False
):
    """A U-Net and a PatchGAN with these arguments, for Pix2Pix.

    Args:
        normal: how weights start, as networks.translators.Start has it.
        together: both learn from one pass, as algorithms.translation.TranslationParts has it.
    """
    from gan_core.algorithms.pix2pix import Pix2Pix
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, unet
    from gan_core.networks.translators import Start

    inputs, targets = spec.image_shape[-1], spec.target_shape[-1]

    def start(stream):
        return Start(config.seed, stream, normal=normal)

    return TranslationParts(
        networks={
            "generator": lambda: unet.build(inputs, targets, start=start(0), **generator),
            "discriminator": lambda: patch.build(
                {"input": inputs, "target": targets}, start=start(1), **discriminator
            ),
        },
        make=Pix2Pix.of,
        together=together,
    )


def pair_sizes(spec, *, generator: dict, discriminator: dict) -> Sizes:
    """Of the networks of `pair_parts`."""
    channels = [spec.image_shape[-1], spec.target_shape[-1]]
    return Sizes(
        translator_sizes.unet(spec.image_shape, channels[1], **generator),
        translator_sizes.patch(spec.image_shape, channels, **discriminator),
        smaller=SMALLER,
    )


def cycle_parts(config, spec, *, generator: dict, discriminator: dict, normal: bool):
    """Two residual generators and two PatchGANs with these arguments, for CycleGAN."""
    from gan_core.algorithms.cyclegan import CycleGAN
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, resnet
    from gan_core.networks.translators import Start

    channels = spec.image_shape[-1]

    def generators(name, start):
        return resnet.build(channels, channels, start=start, name=name, **generator)

    def discriminators(name, start):
        return patch.build({"image": channels}, start=start, name=name, **discriminator)

    def builder(stream, name):
        build = generators if name[0] == "g" else discriminators
        return lambda: build(name, Start(config.seed, stream, normal=normal))

    names = ("g_ab", "g_ba", "d_a", "d_b")
    return TranslationParts(
        networks={name: builder(stream, name) for stream, name in enumerate(names)},
        make=CycleGAN.of,
    )


def cycle_sizes(config, spec, *, generator: dict, discriminator: dict) -> Sizes:
    """Of the networks of `cycle_parts`: a step takes each through fake, identity and the way back.

    Beside them are pools of past fakes of both sides.
    """
    shape, channels = spec.image_shape, spec.image_shape[-1]
    one = translator_sizes.resnet(shape, channels, **generator)
    judge = translator_sizes.patch(shape, [channels], **discriminator)
    both, judges = (translator_sizes.together((n, k), (n, k)) for n, k in ((one, 3), (judge, 1)))
    pools = config.pool_size * (math.prod(spec.image_shape) + math.prod(spec.target_shape))
    return Sizes(both, judges, extra=pools, smaller=SMALLER)
