"""FastCUT: one direction between two sides, in less than half the arithmetic of CycleGAN.

Park et al., 2020, https://arxiv.org/abs/2007.15651, with the small networks of fast_cyclegan: instead of a
way back, patches of the output must tell what stood at their place in the input.
"""

from gan_core.recipes._base import Recipe
from gan_core.recipes._translators import small_patch, small_resnet

UNITS = 64  # of the heads


def build(config, spec):
    from gan_core.algorithms.contrastive import Contrastive
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, projection, resnet
    from gan_core.networks.translators import Start

    channels = spec.image_shape[-1]
    generator, discriminator = small_resnet(config, spec), small_patch(config, spec)

    def start(stream):
        return Start(config.seed, stream, normal=False)

    def heads():
        encoder = resnet.encoder(networks["generator"]())
        widths = [output.shape[-1] for output in encoder.outputs]
        return projection.build(widths, units=UNITS, start=start(2))

    networks = {
        "generator": lambda: resnet.build(channels, channels, start=start(0), **generator),
        "discriminator": lambda: patch.build({"image": channels}, start=start(1), **discriminator),
        "projection": heads,
    }
    return TranslationParts(networks=networks, make=Contrastive.of)


RECIPE = Recipe(
    title="FastCUT",
    summary="Small. From one side to the other only, by comparing patches: quicker than CycleGAN.",
    paper="https://arxiv.org/abs/2007.15651",
    needs="sides",
    build=build,
    defaults={
        "num_steps": 3000, "batch_size": 8, "width": 16, "loss": "least_squares", "g_lr": 1e-3,
        "d_lr": 5e-4, "ema_half_life": 50, "gan_weight": 1.0, "nce_weight": 10.0, "jitter": "auto",
    },
    expect="",
    ms_per_step=40,
    readable_steps=150,
    size_multiple=4,
    min_size=16,
    task="translation",
)  # fmt: skip
