"""The tutorials' own networks in our steps, so that a race between two loops is over the same sums.

`twin:tf_pix2pix` and `twin:tf_cyclegan` have the layers, losses, rates and weights of the baselines of
those names; a test takes a step of each from the same start. With one image a batch, batch normalisation
is that of instances.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from gan_core import recipes
from gan_core.recipes import _translators as sized

SLOPE = 0.3  # Keras's own of LeakyReLU, which the tutorials leave as it is
COMMON = {"batch_size": 1, "g_lr": 2e-4, "d_lr": 2e-4, "lr_decay_start": 0, "ema_half_life": 0.0}
SETTINGS: dict[str, dict[str, Any]] = {
    "tf_pix2pix": COMMON | {"loss": "non_saturating"},
    "tf_cyclegan": COMMON | {"loss": "cross_entropy", "pool_size": 0},
}
RECIPES = {"tf_pix2pix": "pix2pix", "tf_cyclegan": "cyclegan"}
NAMES = [f"twin:{stem}" for stem in SETTINGS]


def config(stem: str, dataset: str, **changes):
    """Settings of a twin, a TrainConfig of the recipe that is nearest."""
    return recipes.config(RECIPES[stem], dataset, **(SETTINGS[stem] | changes))


def algorithm(stem: str, config, dataset, *, dropout: float = 0.5):
    """Fresh networks and optimisers of a twin."""
    generator = sized.unet(config, dataset.spec)
    generator |= {"dropout": dropout, "slope": SLOPE, "inner_norm": True}
    judge = {"width": config.width, "downs": 3, "exact": True, "slope": SLOPE}
    make = {"tf_pix2pix": _pairs, "tf_cyclegan": _sides}[stem]
    return make(config, dataset.spec, generator, judge).algorithm(config, dataset)


def _pairs(config, spec, generator: dict, judge: dict):
    return sized.pair_parts(
        config, spec, generator=generator, discriminator=judge, normal=True, together=True
    )


def _sides(config, spec, generator: dict, judge: dict):
    from gan_core.algorithms.cyclegan import CycleGAN
    from gan_core.algorithms.translation import TranslationParts
    from gan_core.networks import patch, unet
    from gan_core.networks.translators import Start

    channels = spec.image_shape[-1]

    def builder(stream: int, name: str):
        start = Start(config.seed, stream, normal=True)
        if name[0] == "g":
            return unet.build(channels, channels, start=start, name=name, **generator)
        return patch.build({"image": channels}, start=start, name=name, **judge)

    names = ("g_ab", "g_ba", "d_a", "d_b")
    networks: dict[str, Callable[[], Any]] = {
        n: functools.partial(builder, s, n) for s, n in enumerate(names)
    }
    return TranslationParts(networks=networks, make=CycleGAN.of)
