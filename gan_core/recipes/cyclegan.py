"""CycleGAN to the letter: Zhu et al., 2017, https://arxiv.org/abs/1703.10593, and its reference code.

Generators of nine residual blocks from 256 pixels on and six below, 70 x 70 PatchGANs, instance normalisation
without gains, least squares, cycles weighted 10, identity 5, pools of 50 past fakes, Adam 2e-4, batches of 1,
enlarged, cropped and mirrored. Rates stay for 100,000 steps (100 epochs of 1,000 images) and fall to 0 at
200,000.
"""

from gan_core.recipes import _translators as sized
from gan_core.recipes._base import Recipe


def _networks(config, spec) -> dict:
    judge = {"width": config.width, "downs": 3, "exact": True, "affine": False}
    return {"generator": sized.resnet(config, spec), "discriminator": judge}


RECIPE = Recipe(
    title="CycleGAN",
    summary="The paper, to the letter: for two sides of 128 or 256 pixels. Very slow on a processor.",
    paper="https://arxiv.org/abs/1703.10593",
    needs="sides",
    build=lambda c, spec: sized.cycle_parts(c, spec, **_networks(c, spec), normal=True),
    sizes=lambda c, spec: sized.cycle_sizes(c, spec, **_networks(c, spec)),
    defaults={
        "num_steps": 200_000, "batch_size": 1, "width": 64, "loss": "least_squares", "g_lr": 2e-4,
        "d_lr": 2e-4, "ema_half_life": 0, "gan_weight": 1.0, "cycle_weight": 10.0,
        "identity_weight": 5.0, "pool_size": 50, "lr_decay_start": 100_000, "jitter": "auto",
        "upsampling": "transposed",
    },
    expect="three steps on one core, no more: 2 s a step and 1.5 GB at 128 pixels; 4.4 s a step at 256 "
    "on two cores with AVX-512. The paper trains 200 epochs.",
    ms_per_step=2000,
    readable_steps=10_000,
    size_multiple=4,
    min_size=64,
    task="translation",
    shown=("g_ab", "g_ba"),
)  # fmt: skip
