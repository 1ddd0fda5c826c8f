"""DCGAN: the TensorFlow tutorial, to the letter in greyscale.

Radford et al., 2016, https://arxiv.org/abs/1511.06434;
https://www.tensorflow.org/tutorials/generative/dcgan (both networks from one forward pass).

In colour, which the tutorial does not train, G then loses classes and comes to few images (docs/colour.md).
There Adam's beta 1 is the paper's 0.5, of which it says that 0.9 makes the training swing (section 4), and an
average of G's weights is shown.
"""

from gan_core.networks import sizes
from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms import updates
    from gan_core.algorithms.parts import Parts
    from gan_core.networks import dcgan

    w = config.width
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape,
            config.latent_dim,
            base=4 * w,
            blocks=[(2 * w, 1), (w, 2)],
            kernel=5,
            slope=0.3,
            seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape,
            channels=[w, 2 * w],
            kernel=5,
            slope=0.3,
            dropout=config.dropout,
            seed=config.seed,
        ),
        update=updates.simultaneous,
    )


def _sizes(config, spec):
    w = config.width
    return sizes.Sizes(
        sizes.dcgan_generator(
            spec.image_shape, config.latent_dim, base=4 * w, blocks=[(2 * w, 1), (w, 2)], kernel=5
        ),
        sizes.dcgan_discriminator(
            spec.image_shape, channels=[w, 2 * w], kernel=5, dropout=config.dropout
        ),
    )


RECIPE = Recipe(
    title="DCGAN",
    summary="The TensorFlow tutorial, to the letter in greyscale. Large and slow on a processor.",
    paper="https://arxiv.org/abs/1511.06434",
    needs="images",
    build=build,
    sizes=_sizes,
    defaults={
        "num_steps": 11_750,
        "batch_size": 256,
        "latent_dim": 100,
        "width": 64,
        "g_lr": 1e-4,
        "d_lr": 1e-4,
        "beta_1": 0.9,
        "ema_half_life": 0,
        "dropout": 0.3,
        "augment": "none",
    },
    in_colour={"beta_1": 0.5, "ema_half_life": 100},
    expect="Fashion-MNIST, two cores: blobs in the shape of garments after 805 steps (3.4 epochs); "
    "the tutorial trains 50 epochs of 235 steps.",
    ms_per_step=800,
    readable_steps=1200,
    size_multiple=4,
    min_size=8,
)
