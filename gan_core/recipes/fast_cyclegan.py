"""Fast CycleGAN: two small generators that learn each other's way back within a minute or two.

Ours, after Zhu et al., 2017, https://arxiv.org/abs/1703.10593: few channels, instance normalisation with
gains and offsets, batches of 8, high rates, averaged weights.
"""

from gan_core.recipes._base import Recipe
from gan_core.recipes._translators import patch_downs


def build(config, spec):
    from gan_core.algorithms.cyclegan import CycleGAN
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, resnet
    from gan_core.networks.translators import Start

    channels, small = spec.image_shape[-1], min(spec.image_shape[:2]) < 48

    def generator(name, stream):
        return resnet.build(
            channels,
            channels,
            width=config.width,
            downs=1 if small else 2,
            blocks=3 if small else 4,
            ends=5,
            up=4,
            start=Start(config.seed, stream, normal=False),
            name=name,
        )

    def discriminator(name, stream):
        return patch.build(
            {"image": channels},
            width=2 * config.width,
            downs=patch_downs(spec.image_shape),
            start=Start(config.seed, stream, normal=False),
            name=name,
        )

    builders = {"g_ab": generator, "g_ba": generator, "d_a": discriminator, "d_b": discriminator}
    return TranslationParts(
        networks={
            name: lambda name=name, stream=stream, make=make: make(name, stream)
            for stream, (name, make) in enumerate(builders.items())
        },
        make=CycleGAN.of,
    )  # fmt: skip


RECIPE = Recipe(
    title="Fast CycleGAN",
    summary="Small, ours. Learns from two sides without pairs to turn each into the other.",
    paper="https://arxiv.org/abs/1703.10593",
    needs="sides",
    build=build,
    defaults={
        "num_steps": 2000, "batch_size": 8, "width": 16, "loss": "least_squares", "g_lr": 1e-3,
        "d_lr": 5e-4, "ema_half_life": 50, "gan_weight": 1.0, "cycle_weight": 10.0,
        "identity_weight": 5.0, "pool_size": 50, "jitter": "auto",
    },
    expect="",
    ms_per_step=85,
    readable_steps=100,
    size_multiple=4,
    min_size=16,
    task="translation",
)  # fmt: skip
