"""The small networks of the fast recipes, for recipes that differ in conditioning, loss and penalty."""

from __future__ import annotations

from gan_core.networks import sizes


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
    penalised=1,
):
    """Parts with 4 x 4, stride-2 networks of width w, by the layers of `sizes.small_layers`.

    Args:
        classes: both networks are told the class.
        depth: D's channels over G's.
        update: as in Parts; None: alternating.
        norm: batch normalisation in the generator.
        spectral: spectral normalisation in the discriminator.
        regularizers, penalised: as in Parts.
    """
    from gan_core.algorithms.labels import Conditional, Unlabelled
    from gan_core.algorithms.parts import Parts
    from gan_core.algorithms.updates import alternating
    from gan_core.networks import dcgan

    num_classes = spec.num_classes if classes else 0
    plan = sizes.small_layers(config, spec.image_shape, depth)
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape,
            config.latent_dim,
            num_classes=num_classes,
            base=plan.base,
            blocks=plan.blocks,
            skips=plan.skips,
            kernel=4,
            norm=norm,
            slope=0.0 if norm else 0.2,
            seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape,
            num_classes=num_classes,
            channels=plan.channels,
            kernel=4,
            spectral=spectral,
            seed=config.seed,
        ),
        labels=Conditional() if classes else Unlabelled(),
        update=update or alternating,
        regularizers=regularizers or {},
        penalised=penalised,
    )


def slope_penalty(config) -> dict:
    """Of `small_parts`: a penalty on D's slope at one in `r1_every` real images, where it has a weight."""
    from gan_core.algorithms import regularizers

    if not (config.r1_gamma and config.r1_every):
        return {}
    penalties = {"r1": (regularizers.r1, config.r1_gamma)}
    return {"regularizers": penalties, "penalised": config.r1_every}
