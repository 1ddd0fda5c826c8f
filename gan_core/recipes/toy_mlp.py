"""Toy MLP: two tiny perceptrons on 2-D points; real training in seconds, for tests and teaching.

Eight modes on a ring, as in Metz et al., 2017, https://arxiv.org/abs/1611.02163
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms import regularizers
    from gan_core.algorithms.parts import Parts
    from gan_core.networks import mlp

    hidden = [2 * config.width] * 2
    penalties = {
        "real": {"r1": (regularizers.r1, config.r1_gamma)},
        "fake": {"r2": (regularizers.r2, config.r2_gamma)},
        "between": {"gradient_penalty": (regularizers.gradient_penalty, config.gp_weight)},
    }
    return Parts(
        generator=lambda: mlp.build_generator(
            spec.image_shape, config.latent_dim, hidden=hidden, seed=config.seed, images=False
        ),
        discriminator=lambda: mlp.build_discriminator(
            spec.image_shape, hidden=hidden, seed=config.seed
        ),
        regularizers=penalties[config.penalty_at],
    )


def _sizes(config, spec):
    hidden = [2 * config.width] * 2
    return sizes.Sizes(
        sizes.mlp_generator(spec.image_shape, config.latent_dim, hidden=hidden),
        sizes.mlp_discriminator(spec.image_shape, hidden=hidden),
    )


RECIPE = Recipe(
    title="Toy MLP",
    summary="Two tiny perceptrons on 2-D points. Trains in seconds.",
    paper="https://arxiv.org/abs/1611.02163",
    needs="points",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 2000,
        "batch_size": 256,
        "latent_dim": 2,
        "g_lr": 2e-3,
        "d_lr": 2e-3,
        "ema_half_life": 100,
        "r1_gamma": 0.1,
    },
    expect="ring, two cores: all eight modes within 1,500 steps on seeds 1, 2 and 3.",
    ms_per_step=3,
    readable_steps=1000,
    quick_starts={"ring": 8},
)
