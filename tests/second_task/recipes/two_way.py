"""Two-way translation: even digits into odd ones and back, each judged by its discriminator."""

from gan_core.networks.sizes import Network, Sizes
from gan_core.recipes._base import Recipe

POOLED = 4  # batches in a pool of past fakes


def build(config, spec):
    from tests.second_task.algorithm import Blueprint

    return Blueprint(config, spec)


def _sizes(config, spec):
    """Of both generators together, of both discriminators, and of a pool of fakes of each kind."""
    (height, width, channels), w = spec.image_shape, 2 * config.width
    generators, discriminators = Network(), Network()
    for _ in range(2):
        for layer in ((channels, w), (w, w), (w, channels)):
            generators.conv(3, *layer, height * width)
        discriminators.conv(4, channels, w, height * width // 4)
        discriminators.dense(height * width // 4 * w, 1)
    pools = 2 * POOLED * config.batch_size * height * width * channels
    return Sizes(generators, discriminators, extra=pools, smaller=("batch_size", "width"))


RECIPE = Recipe(
    title="Two-way translation",
    summary="Even digits into odd ones and back.",
    paper="https://arxiv.org/abs/1703.10593",
    needs="labels",
    build=build,
    sizes=_sizes,
    defaults={"num_steps": 2000, "loss": "least_squares", "g_lr": 1e-3, "d_lr": 1e-3},
    size_multiple=2,
    task="swapping",
)
