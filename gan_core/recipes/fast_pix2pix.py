"""Fast Pix2Pix: a small U-Net and a small PatchGAN that turn inputs into targets within a minute.

Ours, after Isola et al., 2017, https://arxiv.org/abs/1611.07004: few channels, instance normalisation
(what it does in training and in use is the same), no dropout, high rates, averaged weights, and one pass
through D for both networks, as TensorFlow's tutorial has it.
"""

from gan_core.recipes import _translators as sized
from gan_core.recipes._base import Recipe


def _networks(config, spec) -> dict:
    return {
        "generator": sized.small_unet(config, spec),
        "discriminator": sized.small_patch(config.width, spec),
    }


RECIPE = Recipe(
    title="Fast Pix2Pix",
    summary="Small, ours. Learns from pairs to turn an input into its target, within a minute.",
    paper="https://arxiv.org/abs/1611.07004",
    needs="pairs",
    build=lambda c, spec: sized.pair_parts(
        c, spec, **_networks(c, spec), normal=False, together=True
    ),
    sizes=lambda c, spec: sized.pair_sizes(spec, **_networks(c, spec)),
    defaults={
        "num_steps": 3000, "batch_size": 32, "width": 32, "g_lr": 2e-3, "d_lr": 1e-3,
        "ema_half_life": 50, "gan_weight": 1.0, "l1_weight": 100.0, "jitter": "auto",
        "upsampling": "transposed",
    },
    expect="edges_to_digits, one core: digits after 50 steps; of 500 held-out outputs the judge names 94 % "
    "rightly after 50 steps, 97 % after 100 and 200; L1 0.062 after 100 steps, 0.051 after 200. From 64 "
    "pixels on take batch_size=4 and d_lr=2e-4: with 5e-4 D won on facades.",
    ms_per_step=35,
    readable_steps=50,
    size_multiple=4,
    min_size=16,
    task="translation",
    quick_starts={"edges_to_digits": 3},
)  # fmt: skip
