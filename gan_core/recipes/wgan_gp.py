"""WGAN-GP: a Wasserstein critic kept 1-Lipschitz by a gradient penalty; no D accuracy exists.

Gulrajani et al., 2017, https://arxiv.org/abs/1704.00028
"""

from gan_core.recipes._base import Recipe
from gan_core.recipes._small import small_parts


def build(config, spec):
    from gan_core.algorithms import regularizers

    penalty = (regularizers.gradient_penalty, config.gp_weight)
    return small_parts(config, spec, regularizers={"gradient_penalty": penalty})


RECIPE = Recipe(
    title="WGAN-GP",
    summary="Wasserstein loss with a gradient penalty, five D steps for each G step.",
    paper="https://arxiv.org/abs/1704.00028",
    needs="images",
    build=build,
    defaults={
        "num_steps": 8000,
        "loss": "wasserstein",
        "n_critic": 5,
        "g_lr": 5e-4,
        "d_lr": 5e-4,
        "beta_1": 0.0,
        "beta_2": 0.9,
        "gp_weight": 10.0,
        "augment": "auto",
    },
    expect="mnist_5k, one core: fd_judge_2k 88 after 1 min (350 steps of five D updates; real images "
    "1.5), 54 after 2 min.",
    ms_per_step=121,
    readable_steps=1500,
    size_multiple=4,
    min_size=8,
)
