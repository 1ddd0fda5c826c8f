"""The small networks of the fast recipes, for recipes that differ in conditioning, loss and penalty."""

from __future__ import annotations


def small_parts(
    config,
    spec,
    *,
    classes=False,
    depth=0.5,
    update=None,
    norm=True,
    spectral=False,
    regularizers=None,
):
    """Parts with 4 x 4, stride-2 networks of width w: G of 2 w and w channels, D of depth w and 2 depth w.

    Args:
        classes: both networks are told the class.
        depth: D's channels over G's.
        update: as in Parts; None: alternating.
        norm: batch normalisation in the generator.
        spectral: spectral normalisation in the discriminator.
        regularizers: as in Parts.
    """
    from gan_core.algorithms.labels import Conditional, Unlabelled
    from gan_core.algorithms.parts import Parts
    from gan_core.algorithms.updates import alternating
    from gan_core.networks import dcgan

    w, num_classes = config.width, spec.num_classes if classes else 0
    first = max(round(depth * w), 1)
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape,
            config.latent_dim,
            num_classes=num_classes,
            base=2 * w,
            blocks=[(w, 2)],
            kernel=4,
            norm=norm,
            slope=0.0 if norm else 0.2,
            seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape,
            num_classes=num_classes,
            channels=[first, 2 * first],
            kernel=4,
            spectral=spectral,
            seed=config.seed,
        ),
        labels=Conditional() if classes else Unlabelled(),
        update=update or alternating,
        regularizers=regularizers or {},
    )
