"""MLP GAN: two multi-layer perceptrons on flattened images, as in the PyTorch tutorials.

Goodfellow et al., 2014, https://arxiv.org/abs/1406.2661; settings of yunjey/pytorch-tutorial
(latent 64, 256 hidden units, batch 100, Adam 2e-4 with its default memory), with one more hidden
layer in the discriminator.
"""

from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms.parts import Parts
    from gan_core.models import mlp

    hidden = 8 * config.width
    return Parts(
        generator=lambda: mlp.build_generator(
            spec.image_shape, config.latent_dim, hidden=[hidden] * 2, seed=config.seed
        ),
        discriminator=lambda: mlp.build_discriminator(
            spec.image_shape, hidden=[hidden] * 3, seed=config.seed
        ),
    )


RECIPE = Recipe(
    title="MLP GAN",
    summary="The PyTorch tutorial: no convolutions, soft edges. Two small perceptrons.",
    paper="https://arxiv.org/abs/1406.2661",
    needs="images",
    build=build,
    defaults={
        "num_steps": 40_000, "batch_size": 100, "latent_dim": 64, "width": 32,
        "g_lr": 2e-4, "d_lr": 2e-4, "beta_1": 0.9, "ema_half_life": 0,
    },
    readable_steps=8000,
    memory_per_image=2.0,
)  # fmt: skip
