"""Pix2Pix to the letter: Isola et al., 2017, https://arxiv.org/abs/1611.07004, and its reference code.

U-Net of eight halvings at 256 pixels with dropout in its innermost ups, 70 x 70 PatchGAN, cross-entropy with
D's halved, L1 weighted 100, Adam 2e-4, batches of 1, enlarged to 286 and cropped and mirrored. With one image
a batch the paper's normalisation is that of instances, which is what is built here. Rates stay for 40,000
steps (100 epochs of 400 pairs) and fall to 0 at 80,000. Dropout rests when pictures are shown.
"""

from gan_core.recipes import _translators as sized
from gan_core.recipes._base import Recipe


def _networks(config, spec) -> dict:
    return {
        "generator": sized.unet(config, spec),
        "discriminator": {"width": config.width, "downs": 3, "exact": True},
    }


RECIPE = Recipe(
    title="Pix2Pix",
    summary="The paper, to the letter: for pairs of 256 pixels. Large and slow on a processor.",
    paper="https://arxiv.org/abs/1611.07004",
    needs="pairs",
    build=lambda c, spec: sized.pair_parts(c, spec, **_networks(c, spec), normal=True),
    sizes=lambda c, spec: sized.pair_sizes(spec, **_networks(c, spec)),
    defaults={
        "num_steps": 80_000, "batch_size": 1, "width": 64, "loss": "cross_entropy", "g_lr": 2e-4,
        "d_lr": 2e-4, "ema_half_life": 0, "gan_weight": 1.0, "l1_weight": 100.0,
        "lr_decay_start": 40_000, "jitter": "auto",
        "upsampling": "transposed",
    },
    expect="a few steps, no more: 0.62 s of processor time a step at 256 pixels, and some 2 GB. Others "
    "report 3 to 4 hours for the facades on a GPU of 2017.",
    ms_per_step=620,
    readable_steps=4000,
    size_multiple=32,
    min_size=64,
    task="translation",
)  # fmt: skip
