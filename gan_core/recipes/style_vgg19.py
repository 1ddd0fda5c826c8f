"""Style by VGG19: TensorFlow's tutorial of neural style transfer, to the letter.

Gatys et al., 2016, https://arxiv.org/abs/1508.06576, with the settings of
https://www.tensorflow.org/tutorials/generative/style_transfer: there the weights are divided by the
number of layers, as here. Needs the file of VGG19's weights (80 MB), see networks/vgg19_file.py.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe

VALUES = 1200  # that a step computes for each pixel: features and their gradients
EPSILON = 0.1  # of the tutorial's Adam


def build(config, spec):
    from gan_core.algorithms.gram_statistics import GramStatistics, features
    from gan_core.algorithms.neural_style import Blueprint

    asked = features(config)
    return Blueprint(
        lambda content, style: GramStatistics(asked, content, style), EPSILON, clipped=True
    )


def _sizes(config, spec):
    return sizes.painting(config, spec, values=VALUES, network=20_024_384)


RECIPE = Recipe(
    title="Style, by VGG19",
    summary="TensorFlow's tutorial: one picture in the manner of another, judged by a network.",
    paper="https://www.tensorflow.org/tutorials/generative/style_transfer",
    needs="content_style",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 1000, "batch_size": 1, "content_weight": 1e4, "style_weight": 1e-2,
        "tv_weight": 30.0, "picture_lr": 0.02, "beta_1": 0.99, "beta_2": 0.999, "coarse_steps": 0,
        "start_from": "content", "picture_size": 512, "picture_levels": 1,
        "style_layers": "block1_conv1,block2_conv1,block3_conv1,block4_conv1,block5_conv1",
        "content_layers": "block5_conv2",
    },
    ms_per_step=4000,
    task="stylisation",
)  # fmt: skip
