"""Fast GAN: small class-conditional networks and settings that reach readable digits in seconds.

Ours. Strided 4 x 4 kernels without overlap artefacts, a projection discriminator
(Miyato & Koyama, 2018, https://arxiv.org/abs/1802.05637) and averaged generator weights.
"""

from gan_core.recipes._base import Recipe


def build(config, spec):
    from gan_core.algorithms.parts import Parts
    from gan_core.models import dcgan

    w = config.width
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape, config.latent_dim, num_classes=spec.num_classes,
            base=2 * w, blocks=[(w, 2)], kernel=4, seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape, num_classes=spec.num_classes,
            channels=[max(w // 2, 1), w], kernel=4, seed=config.seed,
        ),
        labels="condition",
    )  # fmt: skip


RECIPE = Recipe(
    title="Fast GAN",
    summary="Small and class-conditional, ours. Needs labels. The quickest to digits.",
    paper="https://arxiv.org/abs/1802.05637",
    needs="labels",
    build=build,
    defaults={"num_steps": 6000},
    expect="mnist_5k, two cores: readable digits after 300 steps; after 3,000 steps "
    "fd_judge_2k 5.2 (real images 1.5), asked-against-seen class accuracy 0.99.",
    readable_steps=500,
    size_multiple=4,
    min_size=8,
)
