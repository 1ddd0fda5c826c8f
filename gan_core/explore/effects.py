"""How much a movement in latent space changes the image: what sliders are sorted by."""

from __future__ import annotations

import numpy as np

from gan_core.explore import paths
from gan_core.tasks import latent
from gan_core.tasks.directions import rows

PLACES = 4  # typical z that the effect of a dimension is averaged over
SEED = 0


def of_directions(generator, z, directions, classes=None) -> np.ndarray:
    """Effect of each direction [D, Z] at z [Z]: float32 [D].

    Root mean square difference of the pixels, in [-1, 1] units, between one standard deviation
    to either side.
    """
    sigma = paths.SIGMA[generator.prior]
    ends = np.concatenate([z + sigma * directions, z - sigma * directions])
    ends = paths.inside(ends, prior=generator.prior).astype(np.float32)
    made = generator.images(ends, rows(classes, len(ends)))
    up, down = np.split(made.reshape(len(ends), -1), 2)
    return np.sqrt(np.mean((up - down) ** 2, axis=1))


def of_dimensions(generator, classes=None) -> np.ndarray:
    """Effect of each dimension, averaged over some typical z: float32 [Z].

    The same for every z, so that sliders sorted by it stay where they are.
    """
    starts = latent.sample(PLACES, generator.latent_dim, seed=SEED, prior=generator.prior)
    axes = np.eye(generator.latent_dim, dtype=np.float32)
    return np.mean([of_directions(generator, z, axes, classes) for z in starts], axis=0)
