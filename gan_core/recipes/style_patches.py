"""Style by patches: the picture is pulled towards the style's distribution of patches; no network.

After Elnekave & Weiss, 2022, https://arxiv.org/abs/2203.11862, with ranks from histograms, a pyramid that
is trained from coarse to fine, and a content loss on the edges of brightness. Needs no download.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe

VALUES = 240  # that a step computes for each pixel: patches' answers, ranks, levels, gradients


def build(config, spec):
    import functools

    from gan_core.algorithms.neural_style import OPPONENT, Blueprint
    from gan_core.algorithms.patch_statistics import PatchStatistics, levels_of

    statistics = functools.partial(PatchStatistics, seed=config.seed, levels=levels_of(config))
    return Blueprint(statistics, colours=OPPONENT)


def _sizes(config, spec):
    return sizes.painting(config, spec, values=VALUES)


RECIPE = Recipe(
    title="Style, by patches",
    summary="One picture in the manner of another, step by step, without any network.",
    paper="https://arxiv.org/abs/2203.11862",
    needs="content_style",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 400, "batch_size": 1, "content_weight": 0.15, "style_weight": 1.0,
        "tv_weight": 0.04, "picture_lr": 0.03, "beta_1": 0.9, "beta_2": 0.99, "lr_half_steps": 60,
        "coarse_steps": 120, "start_from": "content", "picture_size": 256, "picture_levels": 4,
        "patch_levels": "1,2,3",
    },
    expect="256 pixels, two cores: the style's colours after 5 s, its texture after 20 s.",
    ms_per_step=45,
    readable_steps=150,
    task="stylisation",
)  # fmt: skip
