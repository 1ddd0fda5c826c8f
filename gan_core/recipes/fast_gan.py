"""Fast GAN: small class-conditional networks and settings that reach readable digits in seconds.

Ours. Strided 4 x 4 kernels without overlap artefacts, a projection discriminator
(Miyato & Koyama, 2018, https://arxiv.org/abs/1802.05637) that goes on to maps of 4 pixels, a generator whose
normalisation knows the class, no momentum, high rates that shrink, averaged weights, and fakes that serve
both networks. Instance noise (Sønderby et al., 2017, https://arxiv.org/abs/1610.04490) keeps quality from
stalling after minutes.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe
from gan_core.recipes._small import slope_penalty, small_parts

SETTINGS = {
    "levels": 7,
    "small_levels": 2,
    "d_levels": 1,
    "g_lr": 4e-3,
    "d_lr": 1e-3,
    "beta_1": 0.0,
    "lr_half_steps": 1500,
    "ema_ramp": 0,
    "instance_noise": 0.3,
    "augment": "auto",
    "r1_gamma": 0.0,
    "r1_every": 0,
}
# A penalty on D's slope in place of noise, and a D that sees larger parts: docs/colour.md.
IN_COLOUR = {
    "small_levels": 3,
    "g_lr": 2e-3,
    "lr_half_steps": 300,
    "instance_noise": 0.0,
    "r1_gamma": 20.0,
    "r1_every": 8,
}
# What D sees of few images is changed, and is learned more slowly.
FEW_IN_COLOUR = {"lr_half_steps": 1000}


def build(config, spec):
    from gan_core.algorithms import updates

    return small_parts(
        config, spec, classes=True, depth=1.0, update=updates.reusing, **slope_penalty(config)
    )


RECIPE = Recipe(
    title="Fast GAN",
    summary="Small and class-conditional, ours. Needs labels. The quickest to digits.",
    paper="https://arxiv.org/abs/1802.05637",
    needs="labels",
    build=build,
    sizes=lambda config, spec: sizes.small(config, spec, classes=True, depth=1.0),
    defaults={"num_steps": 6000, "noise_steps": 600, **SETTINGS},
    in_colour={
        **IN_COLOUR,
        "instance_noise": 0.15,  # D gets too sure late
        "noise_steps": 3000,
        "ema_half_life": 320,  # an average that remembers less at first and more later
        "ema_ramp": 600,
    },
    few_in_colour=FEW_IN_COLOUR,
    expect="mnist_5k: readable digits after 100 to 200 steps; fd_judge_6k 3 after 600 steps, 1.8 after "
    "1,200, 1.3 after 2,400, asked-against-seen class accuracy 0.99.",
    ms_per_step=53,
    readable_steps=200,
    size_multiple=4,
    min_size=8,
    quick_starts={"mnist_5k": 1, "pixel_faces": 2, "fashion_mnist": 5},
)
