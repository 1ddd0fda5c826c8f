"""LSGAN: least squares instead of logarithms in both losses.

Mao et al., 2017, https://arxiv.org/abs/1611.04076
"""

from gan_core.recipes._base import Recipe
from gan_core.recipes._small import small_parts

RECIPE = Recipe(
    title="LSGAN",
    summary="Least squares instead of logarithms in both losses.",
    paper="https://arxiv.org/abs/1611.04076",
    needs="images",
    build=small_parts,
    defaults={
        "num_steps": 8000,
        "loss": "least_squares",
        "g_lr": 1e-3,
        "d_lr": 5e-4,
        "augment": "auto",
    },
    expect="mnist_5k, one core: fd_judge_2k 45 after 1 min (1,500 steps; real images 1.5), 32 after "
    "3,000 steps.",
    ms_per_step=31,
    readable_steps=1000,
    size_multiple=4,
    min_size=8,
)
