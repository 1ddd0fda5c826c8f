"""Fast DCGAN: the networks and settings of `fast_gan` without classes, for data without labels.

Ours; Radford et al., 2016, https://arxiv.org/abs/1511.06434.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe
from gan_core.recipes._small import slope_penalty, small_parts
from gan_core.recipes.fast_gan import FEW_IN_COLOUR, IN_COLOUR, SETTINGS


def build(config, spec):
    from gan_core.algorithms import updates

    return small_parts(config, spec, depth=1.0, update=updates.reusing, **slope_penalty(config))


RECIPE = Recipe(
    title="Fast DCGAN",
    summary="The small networks of fast_gan without classes. Works on any images.",
    paper="https://arxiv.org/abs/1511.06434",
    needs="images",
    build=build,
    sizes=lambda config, spec: sizes.small(config, spec, depth=1.0),
    defaults={"num_steps": 6000, **SETTINGS, "d_lr": 5e-4},
    in_colour={**IN_COLOUR, "d_lr": 1e-3},
    few_in_colour=FEW_IN_COLOUR,
    expect="mnist_5k: digits after 300 steps; fd_judge_6k 17 after 600 steps, 9 after 1,200, 5 after 2,400.",
    ms_per_step=50,
    readable_steps=300,
    size_multiple=4,
    min_size=8,
)
