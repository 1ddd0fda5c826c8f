"""The networks of the fast recipes without classes, for recipes that differ in loss and penalty."""

from __future__ import annotations


def small_parts(config, spec, *, norm: bool = True, spectral: bool = False, regularizers=None):
    """Parts with the 4 x 4, stride-2 networks of `fast_gan`, unconditional.

    Args:
        norm: batch normalisation in the generator.
        spectral: spectral normalisation in the discriminator.
        regularizers: as in Parts.
    """
    from gan_core.algorithms.parts import Parts
    from gan_core.models import dcgan

    w = config.width
    return Parts(
        generator=lambda: dcgan.build_generator(
            spec.image_shape, config.latent_dim, base=2 * w, blocks=[(w, 2)], kernel=4,
            norm=norm, slope=0.0 if norm else 0.2, seed=config.seed,
        ),
        discriminator=lambda: dcgan.build_discriminator(
            spec.image_shape, channels=[max(w // 2, 1), w], kernel=4,
            spectral=spectral, seed=config.seed,
        ),
        regularizers=regularizers or {},
    )  # fmt: skip
