"""SN-GAN: hinge loss and a spectrally normalised discriminator.

Miyato et al., 2018, https://arxiv.org/abs/1802.05957
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe
from gan_core.recipes._small import small_parts


def build(config, spec):
    return small_parts(config, spec, spectral=True)


RECIPE = Recipe(
    title="SN-GAN, hinge",
    summary="Hinge loss, spectral normalisation in the discriminator.",
    paper="https://arxiv.org/abs/1802.05957",
    needs="images",
    build=build,
    sizes=lambda config, spec: sizes.small(config, spec, spectral=True),
    defaults={
        "num_steps": 8000,
        "loss": "hinge",
        "g_lr": 1e-3,
        "d_lr": 2e-3,
        "beta_1": 0.0,
        "augment": "auto",
    },
    expect="mnist_5k, one core: fd_judge_2k 40 after 1 min (1,300 steps; real images 1.5), 22 after "
    "3,000 steps.",
    ms_per_step=33,
    readable_steps=1500,
    size_multiple=4,
    min_size=8,
    quick_starts={"mnist_5k": 7},
)
