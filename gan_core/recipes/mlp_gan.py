"""MLP GAN: two multi-layer perceptrons on flattened images, as in the PyTorch tutorials.

Goodfellow et al., 2014, https://arxiv.org/abs/1406.2661; sizes of yunjey/pytorch-tutorial
(latent 64, 256 hidden units, batch 100). The discriminator has a third hidden layer and dropout,
Adam's memory is 0.5 and its rates are 1e-3 and 5e-4: with the tutorial's own 0.9, 2e-4 for both and
no dropout, D learns 5,000 images by heart and wins (d_loss 0.01 at step 4,000, samples collapsed).
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms.parts import Parts
    from gan_core.networks import mlp

    hidden = 8 * config.width
    return Parts(
        generator=lambda: mlp.build_generator(
            spec.image_shape, config.latent_dim, hidden=[hidden] * 2, seed=config.seed
        ),
        discriminator=lambda: mlp.build_discriminator(
            spec.image_shape, hidden=[hidden] * 3, dropout=config.dropout, seed=config.seed
        ),
    )


def _sizes(config, spec):
    hidden = 8 * config.width
    return sizes.Sizes(
        sizes.mlp_generator(spec.image_shape, config.latent_dim, hidden=[hidden] * 2),
        sizes.mlp_discriminator(spec.image_shape, hidden=[hidden] * 3, dropout=config.dropout),
    )


RECIPE = Recipe(
    title="MLP GAN",
    summary="The PyTorch tutorial: no convolutions, soft edges. Two small perceptrons.",
    paper="https://arxiv.org/abs/1406.2661",
    needs="images",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 20_000,
        "batch_size": 100,
        "latent_dim": 64,
        "width": 32,
        "g_lr": 1e-3,
        "d_lr": 5e-4,
        "beta_1": 0.5,
        "ema_half_life": 0,
        "dropout": 0.3,
        "augment": "none",
    },
    expect="mnist_5k, one core: fd_judge_2k 64 after 1 min (3,000 steps; real images 1.5), with few "
    "forms of each digit (recall 0.44).",
    ms_per_step=14,
    readable_steps=4000,
)
