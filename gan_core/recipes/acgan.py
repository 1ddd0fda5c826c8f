"""ACGAN: the generator is told the class and the discriminator must name it.

Odena et al., 2017, https://arxiv.org/abs/1610.09585; networks, settings and updates of the TensorFlow.js
example mnist-acgan: D learns from fakes that are drawn with moving batch statistics, then G from twice
as many fresh ones. Two things differ: an average of G's weights is shown, and moving batch statistics
follow within ten steps instead of a hundred.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms.labels import Auxiliary
    from gan_core.algorithms.parts import Parts
    from gan_core.networks import acgan

    return Parts(
        generator=lambda: acgan.build_generator(
            spec.image_shape,
            config.latent_dim,
            spec.num_classes,
            width=config.width,
            seed=config.seed,
        ),
        discriminator=lambda: acgan.build_discriminator(
            spec.image_shape, spec.num_classes, dropout=config.dropout, seed=config.seed
        ),
        labels=Auxiliary(),
        inference_fakes=True,
        g_batches=2,
        prior="uniform",
    )


RECIPE = Recipe(
    title="ACGAN",
    summary="The TensorFlow.js tutorial: D also names the class. Large and slow on a processor.",
    paper="https://arxiv.org/abs/1610.09585",
    needs="labels",
    build=build,
    sizes=sizes.acgan,
    defaults={
        "num_steps": 60_000,
        "batch_size": 100,
        "latent_dim": 100,
        "width": 96,
        "loss": "cross_entropy",
        "label_smoothing": 0.05,
        "g_lr": 2e-4,
        "d_lr": 2e-4,
        "ema_half_life": 30,
        "dropout": 0.3,
        "class_weight": 1.0,
        "augment": "none",
    },
    expect="MNIST, two cores: all ten digits after 750 steps (1.3 epochs), alike within a class until "
    "some 1,500; the tutorial trains 100 epochs of 600 steps.",
    ms_per_step=590,
    readable_steps=750,
    size_multiple=4,
    min_size=20,
    prior="uniform",
)
