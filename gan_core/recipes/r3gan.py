"""R3GAN: a relativistic loss with gradient penalties at real and at fake images, no normalisation.

Huang et al., 2024, "The GAN is dead; long live the GAN!", https://arxiv.org/abs/2501.05441
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe
from gan_core.recipes._small import small_parts


def build(config, spec):
    from gan_core.algorithms import regularizers

    penalties = {
        "r1": (regularizers.r1, config.r1_gamma),
        "r2": (regularizers.r2, config.r2_gamma),
    }
    return small_parts(config, spec, norm=False, regularizers=penalties)


RECIPE = Recipe(
    title="R3GAN",
    summary="Relativistic loss with two gradient penalties. The most stable.",
    paper="https://arxiv.org/abs/2501.05441",
    needs="images",
    build=build,
    sizes=lambda config, spec: sizes.small(config, spec, norm=False),
    defaults={
        "num_steps": 8000,
        "loss": "relativistic",
        "g_lr": 1e-3,
        "d_lr": 1e-3,
        "beta_1": 0.0,
        "beta_2": 0.99,
        "r1_gamma": 1.0,
        "r2_gamma": 1.0,
        "augment": "auto",
    },
    expect="mnist_5k, one core: fd_judge_2k 53 after 1 min (900 steps; real images 1.5), 32 after 2 "
    "min, 22 after 3,000 steps.",
    ms_per_step=42,
    readable_steps=1500,
    size_multiple=4,
    min_size=8,
    quick_starts={"mnist_5k": 6},
)
