"""Fast Pix2Pix: a small U-Net and a small PatchGAN that turn inputs into targets within a minute.

Ours, after Isola et al., 2017, https://arxiv.org/abs/1611.07004: few channels, instance normalisation
(what it does in training and in use is the same), no dropout, high rates, averaged weights.
"""

from gan_core.recipes._base import Recipe
from gan_core.recipes._translators import patch_downs, small_widths


def build(config, spec):
    from gan_core.algorithms.pix2pix import Pix2Pix
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, unet
    from gan_core.networks.translators import Start

    inputs, targets = spec.image_shape[-1], spec.target_shape[-1]
    widths = small_widths(config.width, spec.image_shape)
    return TranslationParts(
        networks={
            "generator": lambda: unet.build(
                inputs, targets, widths=widths, blocks=int(len(widths) == 2),
                start=Start(config.seed, 0, normal=False),
            ),
            "discriminator": lambda: patch.build(
                {"input": inputs, "target": targets}, width=config.width,
                downs=patch_downs(spec.image_shape), start=Start(config.seed, 1, normal=False),
            ),
        },
        make=Pix2Pix.of,
    )  # fmt: skip


RECIPE = Recipe(
    title="Fast Pix2Pix",
    summary="Small, ours. Learns from pairs to turn an input into its target, within a minute.",
    paper="https://arxiv.org/abs/1611.07004",
    needs="pairs",
    build=build,
    defaults={
        "num_steps": 3000, "batch_size": 32, "width": 32, "g_lr": 2e-3, "d_lr": 1e-3,
        "ema_half_life": 50, "gan_weight": 1.0, "l1_weight": 100.0, "jitter": "auto",
    },
    expect="",
    ms_per_step=85,
    readable_steps=100,
    size_multiple=4,
    min_size=16,
    task="translation",
)  # fmt: skip
