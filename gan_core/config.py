"""The settings of a run: one flat, frozen model that makes the flags, the form and `config.json`.

What is known of a setting stands at its field and nowhere else: `SETTINGS` reads it from there.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from gan_core.errors import ConfigError, unknown
from gan_core.setting import Group, in_words, read, setting

AUGMENTS = Literal[
    "auto", "none", "color_translation_cutout", "color_translation", "color_cutout",
    "translation_cutout", "color", "translation", "cutout",
]  # fmt: skip
AUTO_AUGMENT = "translation_cutout"  # of few images; docs/colour.md tells what others did to them
LOSS_NAMES = Literal[
    "non_saturating", "cross_entropy", "least_squares", "wasserstein", "hinge", "relativistic",
]  # fmt: skip


class TrainConfig(BaseModel):
    """All settings of a run. Unknown names and values out of range are refused in words."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # fmt: off
    # A table: the words of a setting, where it is asked, its limits, and what is special about it.
    recipe: str = setting(
        "fast_gan", "Recipe", "how the two networks are built and trained", group="Run", place=1,
        branch=False,
    )
    dataset: str = setting(
        "mnist_5k", "Dataset", "what they learn from", group="Run", place=2, branch=False, speed="same",
    )
    seed: int = setting(
        1, "Seed", "start of every random choice of the run", group="Run", place=3, ge=0, lt=2**31,
        branch=False, speed="same",
    )
    num_steps: int | None = setting(
        None, "Steps", "stop after this many steps; empty: no limit", group="Run", place=4,
        unit="steps", ge=1, le=100_000_000, flag="steps", limit=True, resume=True, speed="same",
    )
    num_minutes: float | None = setting(
        None, "Minutes", "stop after this training time; empty: no limit", group="Run", place=5,
        unit="min", gt=0, le=100_000, flag="minutes", limit=True, resume=True, speed="same",
    )
    batch_size: int = setting(
        64, "Batch size", "real images per discriminator update", group="Updates", place=1,
        unit="images", ge=1, le=8192, restored=True,
    )
    latent_dim: int = setting(
        64, "Length of z", "length of the latent vector z", group="Networks", place=2, ge=1,
        le=4096, branch=False,
    )
    width: int = setting(
        32, "Network width", "channels of the narrowest generator layer", group="Networks", place=1,
        ge=1, le=1024, branch=False,
    )
    loss: LOSS_NAMES = setting(
        "non_saturating", "Loss", "what both networks minimise", group="Loss", place=1, restored=True,
    )
    g_lr: float = setting(
        2e-3, "Learning rate of G", "learning rate of the generator (Adam)", group="Updates",
        place=3, unit="per step", ge=0, le=10, live=True, restored=True, speed="same",
    )
    d_lr: float = setting(
        1e-3, "Learning rate of D", "learning rate of the discriminator (Adam)", group="Updates",
        place=4, unit="per step", ge=0, le=10, live=True, restored=True, speed="same",
    )
    beta_1: float = setting(
        0.5, "Adam, beta 1", "Adam's memory of the gradient", group="Updates", place=5, ge=0, lt=1,
        restored=True, speed="same",
    )
    beta_2: float = setting(
        0.999, "Adam, beta 2", "Adam's memory of the squared gradient", group="Updates", place=6,
        ge=0, lt=1, restored=True, speed="same",
    )
    lr_half_steps: int = setting(
        0, "Rates halve after", "both learning rates shrink as 1 / (1 + step / this); 0: constant",
        group="Updates", place=7, unit="steps", ge=0, le=100_000_000, speed="same",
    )
    n_critic: int = setting(
        1, "D updates per G", "discriminator updates per generator update", group="Updates",
        place=2, ge=1, le=50, live=True, step=1, restored=True,
    )
    ema_half_life: float = setting(
        500, "EMA half-life",
        "half-life of the averaged generator weights that make every displayed image; 0: the raw "
        "weights", group="Updates", place=8, unit="steps", ge=0, le=1_000_000, live=True, step=50,
        speed="same",
    )
    ema_ramp: int = setting(
        0, "EMA ramp",
        "steps until the half-life of the average may be 0.05 of the steps so far; before it is less, later "
        "more, up to 0.2; 0: at most 0.05 of them all along", group="Updates", place=16, unit="steps",
        ge=0, le=100_000_000, special=True, speed="same",
    )
    label_smoothing: float = setting(
        0.0, "Label smoothing", "the discriminator's target for real images is 1 minus this",
        group="Loss", place=6, ge=0, le=0.5, live=True, restored=True, speed="same",
    )
    instance_noise: float = setting(
        0.0, "Instance noise",
        "standard deviation of noise added to all images the discriminator sees", group="Loss",
        place=7, unit="of the range [-1, 1]", ge=0, le=2, live=True, restored=True, speed="switch",
    )
    noise_steps: int = setting(
        0, "Noise grows over",
        "instance noise begins at 0 and grows in a straight line to its value over so many steps; 0: it is "
        "there at once", group="Loss", place=20, unit="steps", ge=0, le=100_000_000, special=True,
        restored=True, speed="same",
    )
    gp_weight: float = setting(
        10.0, "Gradient penalty", "weight of the WGAN-GP gradient penalty", group="Loss", place=2,
        ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    r1_gamma: float = setting(
        0.0, "Penalty at real", "weight of the gradient penalty at real images", group="Loss",
        place=3, ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    r2_gamma: float = setting(
        0.0, "Penalty at fake", "weight of the gradient penalty at fake images", group="Loss",
        place=4, ge=0, le=1e6, special=True, penalty=True, restored=True, speed="switch",
    )
    penalty_at: Literal["real", "fake", "between"] = setting(
        "real", "Penalty where",
        "of `toy_mlp`: where D's slope is kept small, at real points or at fakes; or between them, where it "
        "is kept at 1; the weight of that penalty counts", group="Loss", place=19, special=True,
        restored=True, speed="switch",
    )
    r1_every: int = setting(
        0, "Penalty at one in",
        "the penalty at real images is taken at one in so many of each batch; 0: at none", group="Loss",
        place=21, unit="images", ge=0, le=8192, special=True, restored=True,
    )
    class_weight: float = setting(
        1.0, "Class loss weight", "weight of the auxiliary classifier's loss", group="Loss",
        place=5, ge=0, le=1e3, special=True, speed="switch",
    )
    dropout: float = setting(
        0.3, "Dropout in D", "share of discriminator features dropped", group="Networks", place=3,
        ge=0, lt=1, special=True, restored=True, speed="switch",
    )
    gan_weight: float = setting(
        1.0, "Adversarial weight", "weight of what D says in the generator's loss", group="Loss",
        place=8, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    l1_weight: float = setting(
        100.0, "L1 weight", "weight of the mean difference between output and target", group="Loss",
        place=9, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    cycle_weight: float = setting(
        10.0, "Cycle weight", "weight of what is lost on the way there and back", group="Loss",
        place=10, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    identity_weight: float = setting(
        5.0, "Identity weight",
        "weight of the change that a generator makes to an image of the side it makes", group="Loss",
        place=11, ge=0, le=1e4, live=True, special=True, restored=True, speed="switch",
    )
    nce_weight: float = setting(
        10.0, "Patch weight",
        "weight of the contrastive loss: each patch of an output must tell its own of the input from "
        "others", group="Loss", place=12, ge=0, le=1e4, live=True, special=True, restored=True, speed="same",
    )
    pool_size: int = setting(
        50, "Pool of past fakes", "fakes of each side that are kept to show D again; 0: none",
        group="Updates", place=9, unit="images", ge=0, le=10_000, branch=False, special=True, speed="same",
    )
    lr_decay_start: int = setting(
        0, "Rates fall after",
        "both learning rates stay until this step and then fall in a straight line to 0 at twice as "
        "many; 0: constant", group="Updates", place=10, unit="steps", ge=0, le=100_000_000,
        special=True, speed="same",
    )
    jitter: Literal["auto", "none", "crop", "crop_mirror"] = setting(
        "auto", "Jitter",
        "each training image is enlarged by 1.12 and cropped, and mirrored half the time, the two of a "
        "pair alike; auto: both from 64 pixels on, nothing below", group="Updates", place=11, special=True,
    )
    augment: AUGMENTS = setting(
        "none", "Augmentation",
        "changes to every image the discriminator sees, real and fake, at a chance that follows how far it "
        "knows its images by heart; auto: translation_cutout below 2,000 training images, none from there on",
        group="Updates", place=15, special=True,
    )
    content_weight: float = setting(
        1.0, "Content weight", "weight of what the content picture shows", group="Loss", place=13,
        ge=0, le=1e9, live=True, special=True, speed="same",
    )
    style_weight: float = setting(
        1.0, "Style weight", "weight of the manner of the style picture", group="Loss", place=14,
        ge=0, le=1e9, live=True, special=True, speed="same",
    )
    tv_weight: float = setting(
        0.1, "Smoothness", "weight of the differences between neighbouring pixels", group="Loss",
        place=15, ge=0, le=1e9, live=True, special=True, speed="same",
    )
    style_layers: str = setting(
        "block1_conv1,block2_conv1,block3_conv1,block4_conv1,block5_conv1", "Style layers",
        "layers of VGG19 whose channels must go together as in the style, with commas between",
        group="Loss", place=16, special=True,
    )
    content_layers: str = setting(
        "block5_conv2", "Content layers",
        "layers of VGG19 that must answer as to the content, with commas between", group="Loss",
        place=17, special=True,
    )
    patch_levels: str = setting(
        "1,2,3", "Patch levels",
        "where patches are compared, with commas between: 1 in the picture (dots), 2 in its half "
        "(strokes), 3 in its quarter (texture), 4 (motifs), 5 (objects)", group="Loss", place=18,
        special=True,
    )
    picture_lr: float = setting(
        0.02, "Learning rate", "learning rate of the picture (Adam), of the range [0, 1]",
        group="Updates", place=12, unit="per step", ge=0, le=10, live=True, special=True, speed="same",
    )
    coarse_steps: int = setting(
        300, "Coarse steps",
        "steps on smaller pictures before the whole one: half of them at a quarter of its size, half "
        "at the half; 0: none", group="Updates", place=13, unit="steps", ge=0, le=1_000_000,
        special=True,
    )
    start_from: Literal["content", "noise", "instant"] = setting(
        "content", "Start from", "the picture before the first step", group="Updates", place=14,
        branch=False, special=True, speed="same",
    )
    picture_size: int = setting(
        256, "Longer side", "pixels of the picture's longer side", group="Networks", place=4,
        unit="pixels", ge=32, le=1024, branch=False, special=True,
    )
    levels: int = setting(
        2, "Most levels",
        "how often the size doubles on the way through the generator, and halves in the discriminator, "
        "as long as 4 pixels or more are left; up to 32 pixels a side `small_levels` times at most",
        group="Networks", place=7, ge=1, le=7, branch=False, special=True,
    )
    small_levels: int = setting(
        2, "Most levels up to 32 pixels",
        "the most levels of images of up to 32 pixels a side; a third starts from maps of 4 pixels",
        group="Networks", place=8, ge=2, le=3, branch=False, special=True,
    )
    d_levels: int = setting(
        0, "More levels of the discriminator",
        "halvings that the discriminator has beyond the generator's, as long as 4 pixels or more are left, "
        "rounded up: 28 pixels then end in a map of 4 instead of 7",
        group="Networks", place=9, ge=0, le=3, branch=False, special=True,
    )
    picture_levels: int = setting(
        4, "Levels", "levels of the pyramid that the picture is trained as; 1: its pixels",
        group="Networks", place=5, ge=1, le=8, branch=False, special=True,
    )
    upsampling: Literal["transposed", "resize"] = setting(
        "transposed", "Way up",
        "how a generator doubles its maps: by transposed convolutions, as the papers, or by repeating each "
        "pixel and a 3 x 3 convolution, which leaves no grid", group="Networks", place=6, branch=False,
        special=True,
    )
    sample_every: int = setting(
        0, "Sample grid every", "steps between sample grids; 0: by time, dense early",
        group="Kept on disk", place=1, unit="steps", ge=0, le=10_000_000, resume=True,
    )
    checkpoint_every: int = setting(
        0, "Checkpoint every", "steps between full checkpoints; 0: by time, every 60 s",
        group="Kept on disk", place=2, unit="steps", ge=0, le=10_000_000, resume=True,
    )
    device: Literal["auto", "cpu", "gpu"] = setting(
        "auto", "Processor", "processor to train on", group="Speed", place=1, resume=True,
    )
    steps_per_call: int = setting(
        1, "Steps per call",
        "steps in one call of the compiled graph: more is faster where a step is short, and "
        "pauses, knobs and checkpoints wait for its end", group="Speed", place=3, unit="steps",
        ge=1, le=1000,
    )
    steps_per_second: float = setting(
        0.0, "Slow motion",
        "slow motion: at most this many steps, for people who watch; can be changed while it "
        "trains; 0: as fast as it goes", group="Speed", place=4, unit="steps/s", ge=0, le=1000,
        resume=True,
    )
    replicas: int = setting(
        1, "Devices", "devices that share each batch, each its part; the numbers are those of one device, up "
        "to rounding", group="Speed", place=5, ge=1, le=1024, resume=True,
    )
    precision: Literal["float32", "auto", "bfloat16"] = setting(
        "float32", "Precision",
        "arithmetic of convolutions and dense layers; weights and losses stay float32; bfloat16 goes with no "
        "gradient penalty; auto: bfloat16 where the processor computes it itself and a step gets at least "
        "1.1 times as fast, which the run's first start tries", group="Speed", place=2,
    )
    # fmt: on

    @classmethod
    def from_dict(cls, fields: Any) -> TrainConfig:
        """Check `fields`, an object of JSON, and fill the rest with defaults.

        Raises:
            ConfigError: an unknown name (with the nearest known one), a wrong type, or a value
                out of range.
        """
        if not isinstance(fields, dict):
            raise ConfigError(f"Settings must be a JSON object. Received: {type(fields).__name__}.")
        for name in fields:
            if name not in cls.model_fields:
                raise ConfigError(unknown("config key", name, cls.model_fields))
        try:
            return cls(**fields)
        except ValidationError as error:
            raise ConfigError(in_words(error)) from None

    def replace(self, **changes: Any) -> TrainConfig:
        """A checked copy with some settings changed."""
        return self.from_dict(self.model_dump() | changes)

    def differences(self, other: TrainConfig) -> dict[str, tuple[Any, Any]]:
        """Settings that differ: name -> (own value, the other's value)."""
        own, others = self.model_dump(), other.model_dump()
        return {n: (own[n], others[n]) for n in own if own[n] != others[n]}


SETTINGS = MappingProxyType({n: read(n, field) for n, field in TrainConfig.model_fields.items()})
READING_ORDER = sorted(SETTINGS.values(), key=lambda s: (get_args(Group).index(s.group), s.place))
LIVE_KNOBS = tuple(s.name for s in SETTINGS.values() if s.live)
LIMITS = tuple(s.name for s in SETTINGS.values() if s.limit)
PACE = "steps_per_second"  # turned like a knob, but no number of the training depends on it
