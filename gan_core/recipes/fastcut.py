"""FastCUT: one direction between two sides, in less than half the arithmetic of CycleGAN.

Park et al., 2020, https://arxiv.org/abs/2007.15651, with the small networks of fast_cyclegan: instead of a
way back, patches of the output must tell what stood at their place in the input. Smaller than the paper's:
64 places a map instead of 256 and heads of 64 units instead of 256, and patches weigh 2 instead of 10. Keys
get no gradient, negatives are of the same image, and what is compared are the image, each halving and two
blocks, as there.
"""

import functools

from gan_core.networks import translator_sizes
from gan_core.networks.sizes import Sizes
from gan_core.recipes import _translators as sized
from gan_core.recipes._base import Recipe

UNITS, PLACES = 64, 64  # of the heads; what of each map they compare


def build(config, spec):
    from gan_core.algorithms.contrastive import Contrastive
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, projection, resnet
    from gan_core.networks.translators import Start

    channels = spec.image_shape[-1]
    generator = sized.small_resnet(config, spec)
    discriminator = sized.small_patch(2 * config.width, spec)

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
    return TranslationParts(
        networks=networks, make=functools.partial(Contrastive.of, places=PLACES)
    )


def _sizes(config, spec):
    """Each image passes through G once, and its fake through the first half."""
    shape, (*_, channels), width = spec.image_shape, spec.image_shape, config.width
    one = translator_sizes.resnet(shape, channels, **sized.small_resnet(config, spec))
    judge = translator_sizes.patch(shape, [channels], **sized.small_patch(2 * width, spec))
    downs = sized.small_resnet(config, spec)["downs"]
    maps = [channels, *(width * 2**i for i in range(1, downs + 1)), *[width * 2**downs] * 2]
    heads = translator_sizes.projection(maps, units=UNITS, places=PLACES)
    both = translator_sizes.together((one, 2), (heads, 2))
    return Sizes(both, judge, heads=heads.parameters, smaller=sized.SMALLER)


RECIPE = Recipe(
    title="FastCUT",
    summary="Small. From one side to the other only, by comparing patches: quicker than CycleGAN.",
    paper="https://arxiv.org/abs/2007.15651",
    needs="sides",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 3000, "batch_size": 8, "width": 16, "loss": "least_squares", "g_lr": 1e-3,
        "d_lr": 5e-4, "ema_half_life": 50, "gan_weight": 1.0, "nce_weight": 2.0, "jitter": "auto",
        "upsampling": "transposed",
    },
    expect="It changes colour and texture, not light and dark nor small parts. Apples to lemons at 32 "
    "pixels with nce_weight=10: yellow pitted fruit of the apples' shape after 435 steps. "
    "digits_and_paper, 300 steps: paper and blue ink, but white strokes stay white (class kept 0.44). "
    "faces_and_glasses, 550 steps: no glasses, and colours drift. There take fast_cyclegan.",
    ms_per_step=45,
    readable_steps=300,
    size_multiple=4,
    min_size=16,
    task="translation",
)  # fmt: skip
